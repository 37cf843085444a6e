package io.kafila.libp2p.internal.security;

import io.kafila.multiformats.PeerId;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A secure channel protocol that is put under an existing pipeline. Thread-safe; {@link #upgrade} runs in the event loop. */
public interface SecureChannelUpgrader {
    /** How long a handshake may take, unless the host is told otherwise. */
    Duration DEFAULT_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /** What multistream-select calls it. */
    String protocolId();

    /**
     * Puts the protocol at the head of {@code pipeline}, or next to it above the cipher of a private network, and shakes hands.
     *
     * <p>Once the future succeeds, everything behind the head reads and writes plaintext ByteBufs. Its listeners, called in
     * the event loop, may add the handlers of the muxer: no plaintext passes before they have run, and what arrived early
     * follows then. Bytes of the peer that were read before the upgrade go in right below by
     * {@code fireChannelRead}. Nothing is written on behalf of the layers above before the future succeeds.
     *
     * <p>On failure the channel is closed and the future fails with a {@link HandshakeException}. A channel that later
     * delivers forged bytes closes after an {@code exceptionCaught} with a
     * {@link io.kafila.libp2p.ConnectionException}.
     *
     * @param expectedPeer who must answer, or {@code null} to accept anyone; a dialer always names it
     * @param muxers the ids to agree on within the handshake, most wanted first; empty to leave them out
     */
    Future<SecuredSession> upgrade(
            ChannelPipeline pipeline, Role role, @Nullable PeerId expectedPeer, List<String> muxers);
}
