package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.EarlyMuxer;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of libp2p's Noise handshake, without I/O: messages in, messages out, without their two bytes of length.
 *
 * <p>The driver sends {@link #start} if there is one, hands each message of the peer to {@link #receive} and sends what
 * that answers, until {@link #isComplete}. The identity of the peer is verified before anything is answered to it.
 * Confined to one thread.
 */
public final class NoiseHandshake {
    static final String PROTOCOL_ID = "/noise";

    /** The longest handshake message: a key and signature of RSA 8192 and a long list of muxers fit. */
    static final int MAX_MESSAGE_BYTES = 8192;

    private static final byte[] NOTHING = {};

    private final Role role;
    private final NoiseIdentity identity;
    private final @Nullable PeerId expectedPeer;
    private final List<String> muxers;
    private final XxPattern pattern;
    private @Nullable SecuredSession session;

    NoiseHandshake(
            Role role,
            AeadSuite suite,
            NoiseIdentity identity,
            X25519KeyPair ephemeralKeys,
            @Nullable PeerId expectedPeer,
            List<String> muxers) {
        this.role = role;
        this.identity = identity;
        this.expectedPeer = expectedPeer;
        this.muxers = List.copyOf(muxers);
        this.pattern = new XxPattern(role, suite, NOTHING, identity.staticKeys(), ephemeralKeys);
    }

    /** The message to send before any is received, or {@code null}. */
    byte @Nullable [] start() {
        return role == Role.INITIATOR ? pattern.write(NOTHING) : null;
    }

    /**
     * Takes a message and answers with the one to send, or {@code null}.
     *
     * @throws HandshakeException if the peer breaks the protocol, does not prove its identity, or is not the expected one
     */
    byte @Nullable [] receive(byte[] message) {
        byte[] payload = pattern.read(message);
        boolean first = role == Role.RESPONDER && !pattern.isComplete();
        if (!first) {
            session = verify(NoisePayload.decode(payload));
        }
        return pattern.isMyTurn() ? pattern.write(identity.payload(muxers).encode()) : null;
    }

    boolean isComplete() {
        return pattern.isComplete();
    }

    /** Who the peer is and what was agreed, once complete. */
    SecuredSession session() {
        SecuredSession result = session;
        if (result == null || !pattern.isComplete()) {
            throw new IllegalStateException("noise: handshake is not complete");
        }
        return result;
    }

    /** The keys for what this side sends and for what it receives, in this order. */
    byte[][] transportKeys() {
        return pattern.transportKeys();
    }

    private SecuredSession verify(NoisePayload payload) {
        PublicKey key = NoiseIdentity.verify(payload, pattern.remoteStatic());
        PeerId peer = key.peerId();
        if (expectedPeer != null && !expectedPeer.equals(peer)) {
            throw new HandshakeException(
                    Kind.WRONG_PEER, "noise: peer id mismatch: the peer is " + peer + ", want " + expectedPeer);
        }
        String muxer = role == Role.INITIATOR
                ? EarlyMuxer.agree(muxers, payload.muxers())
                : EarlyMuxer.agree(payload.muxers(), muxers);
        return new SecuredSession(peer, key, PROTOCOL_ID, muxer);
    }
}
