package io.kafila.libp2p.internal.security;

import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * What a finished handshake proved and agreed.
 *
 * @param protocolId the secure channel: {@code /noise} or {@code /tls/1.0.0}
 * @param muxer the muxer that was agreed on within the handshake, or {@code null}: negotiate it by multistream
 */
public record SecuredSession(
        PeerId peer,
        PublicKey key,
        String protocolId,
        @Nullable String muxer) {
    public SecuredSession {
        if (!peer.matches(key)) {
            throw new IllegalArgumentException("secured session: key of " + key.peerId() + ", want that of " + peer);
        }
    }
}
