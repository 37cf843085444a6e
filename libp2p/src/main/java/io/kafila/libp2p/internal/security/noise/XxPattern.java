package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One side of the handshake pattern XX of the Noise specification, without I/O:
 *
 * <pre>
 *   -&gt; e
 *   &lt;- e, ee, s, es
 *   -&gt; s, se
 * </pre>
 *
 * Confined to one thread.
 */
final class XxPattern {
    static final String PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";

    private static final int MESSAGES = 3;
    private static final int KEY_BYTES = X25519KeyPair.KEY_BYTES;

    private final Role role;
    private final X25519KeyPair staticKeys;
    private final X25519KeyPair ephemeralKeys;
    private final SymmetricState state;
    private byte @Nullable [] remoteStatic;
    private byte @Nullable [] remoteEphemeral;
    private int messages;

    XxPattern(Role role, AeadSuite suite, byte[] prologue, X25519KeyPair staticKeys, X25519KeyPair ephemeralKeys) {
        this.role = role;
        this.staticKeys = staticKeys;
        this.ephemeralKeys = ephemeralKeys;
        this.state = new SymmetricState(suite, PROTOCOL_NAME);
        state.mixHash(prologue);
    }

    boolean isComplete() {
        return messages == MESSAGES;
    }

    /** Whether the next message is this side's to write. */
    boolean isMyTurn() {
        return !isComplete() && (messages % 2 == 0) == (role == Role.INITIATOR);
    }

    byte[] write(byte[] payload) {
        if (!isMyTurn()) {
            throw new IllegalStateException("noise: message " + messages + " is not the " + role + "'s to write");
        }
        byte[] keys = new byte[0];
        switch (messages) {
            case 0 -> keys = writeEphemeral();
            case 1 -> {
                keys = writeEphemeral();
                state.mixKey(agree(ephemeralKeys, remoteEphemeral));
                keys = concat(keys, state.encryptAndHash(staticKeys.publicKey()));
                state.mixKey(agree(staticKeys, remoteEphemeral));
            }
            case 2 -> {
                keys = state.encryptAndHash(staticKeys.publicKey());
                state.mixKey(agree(staticKeys, remoteEphemeral));
            }
            default -> throw new AssertionError(messages);
        }
        messages++;
        return concat(keys, state.encryptAndHash(payload));
    }

    /**
     * The payload of a message of the peer.
     *
     * @throws HandshakeException if it is too short, does not decrypt, or holds a key of small order
     */
    byte[] read(byte[] message) {
        if (isComplete() || isMyTurn()) {
            throw new IllegalStateException("noise: message " + messages + " is not the " + role + "'s to read");
        }
        int offset = 0;
        if (messages < 2) {
            byte[] ephemeral = slice(message, offset, KEY_BYTES);
            offset += KEY_BYTES;
            remoteEphemeral = ephemeral;
            state.mixHash(ephemeral);
        }
        if (messages > 0) {
            if (messages == 1) {
                state.mixKey(agree(ephemeralKeys, remoteEphemeral));
            }
            int length = KEY_BYTES + state.overheadBytes();
            byte[] remote = state.decryptAndHash(slice(message, offset, length));
            offset += length;
            remoteStatic = remote;
            state.mixKey(agree(ephemeralKeys, remote));
        }
        byte[] payload = state.decryptAndHash(Arrays.copyOfRange(message, offset, message.length));
        messages++;
        return payload;
    }

    /** The peer's static key, once it was read. */
    byte[] remoteStatic() {
        byte[] remote = remoteStatic;
        if (remote == null) {
            throw new IllegalStateException("noise: the peer's static key is not known yet");
        }
        return remote;
    }

    byte[] handshakeHash() {
        return state.hash();
    }

    /** The keys for what this side sends and for what it receives, in this order. */
    byte[][] transportKeys() {
        if (!isComplete()) {
            throw new IllegalStateException("noise: no transport keys before the end of the handshake");
        }
        byte[][] keys = state.split();
        return role == Role.INITIATOR ? keys : new byte[][] {keys[1], keys[0]};
    }

    private byte[] writeEphemeral() {
        state.mixHash(ephemeralKeys.publicKey());
        return ephemeralKeys.publicKey();
    }

    private static byte[] agree(X25519KeyPair keys, byte @Nullable [] remote) {
        if (remote == null) {
            throw new IllegalStateException("noise: the peer's key is not known yet");
        }
        byte[] shared = keys.agree(remote);
        if (shared == null) {
            throw new HandshakeException(Kind.MALFORMED, "noise: the peer's key is a point of small order");
        }
        return shared;
    }

    private byte[] slice(byte[] message, int offset, int length) {
        if (message.length < offset + length) {
            throw new HandshakeException(
                    Kind.MALFORMED,
                    "noise: handshake message " + messages + " of " + message.length + " bytes, want at least "
                            + (offset + length));
        }
        return Arrays.copyOfRange(message, offset, offset + length);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
