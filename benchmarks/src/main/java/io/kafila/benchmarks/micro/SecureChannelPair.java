package io.kafila.benchmarks.micro;

import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.libp2p.internal.security.noise.NoiseUpgrader;
import io.kafila.libp2p.internal.security.tls.TlsUpgrader;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Two ends of a secure channel in one thread, past their handshake and without a socket between them: a dialer that
 * seals and a listener that opens. Confined to one thread.
 */
public final class SecureChannelPair implements AutoCloseable {
    /** A handshake takes a handful of turns; one that needs more is stuck. */
    private static final int MAX_TURNS = 64;

    /** The secure channels of a host. */
    public enum Protocol {
        TLS,
        NOISE
    }

    private final EmbeddedChannel dialer = channel();
    private final EmbeddedChannel listener = channel();

    private SecureChannelPair() {}

    public static SecureChannelPair open(Protocol protocol) {
        SecureRandom random = new SecureRandom();
        Function<PrivateKey, SecureChannelUpgrader> upgraders = switch (protocol) {
            case TLS ->
                identity -> new TlsUpgrader(
                        identity, random, Clock.systemUTC(), SecureChannelUpgrader.DEFAULT_HANDSHAKE_TIMEOUT);
            case NOISE ->
                identity -> new NoiseUpgrader(
                        identity, AeadSuite::fastest, random, SecureChannelUpgrader.DEFAULT_HANDSHAKE_TIMEOUT);
        };
        SecureChannelPair pair = new SecureChannelPair();
        boolean open = false;
        try {
            pair.shakeHands(
                    upgraders,
                    PrivateKey.generate(KeyType.ED25519, random),
                    PrivateKey.generate(KeyType.ED25519, random));
            open = true;
            return pair;
        } finally {
            if (!open) {
                pair.close();
            }
        }
    }

    private void shakeHands(
            Function<PrivateKey, SecureChannelUpgrader> upgraders, PrivateKey dialing, PrivateKey listening) {
        Future<SecuredSession> accepted =
                upgraders.apply(listening).upgrade(listener.pipeline(), Role.RESPONDER, null, List.of());
        Future<SecuredSession> dialed =
                upgraders.apply(dialing).upgrade(dialer.pipeline(), Role.INITIATOR, listening.peerId(), List.of());
        for (int turn = 0; turn < MAX_TURNS && !(accepted.isDone() && dialed.isDone()); turn++) {
            listener.runPendingTasks();
            dialer.runPendingTasks();
            pass(sent(dialer), listener);
            pass(sent(listener), dialer);
        }
        if (!accepted.isSuccess() || !dialed.isSuccess()) {
            throw new IllegalStateException(
                    "secure channel: handshake not done after " + MAX_TURNS + " turns",
                    accepted.cause() == null ? dialed.cause() : accepted.cause());
        }
        // What follows the handshake, such as tickets.
        pass(sent(listener), dialer);
    }

    /** Seals {@code plain}, which it takes over; the caller owns the answer, what would go to the socket. */
    public List<ByteBuf> seal(ByteBuf plain) {
        dialer.writeOutbound(plain);
        return sent(dialer);
    }

    /** Opens what {@link #seal} gave, in its order, and takes it over; the caller owns the plaintext. */
    public List<ByteBuf> open(List<ByteBuf> sealed) {
        pass(sealed, listener);
        return drain(listener::readInbound);
    }

    @Override
    public void close() {
        dialer.finishAndReleaseAll();
        listener.finishAndReleaseAll();
    }

    private static EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        return channel;
    }

    private static List<ByteBuf> sent(EmbeddedChannel channel) {
        return drain(channel::readOutbound);
    }

    private static List<ByteBuf> drain(java.util.function.Supplier<ByteBuf> queue) {
        List<ByteBuf> all = new ArrayList<>();
        for (ByteBuf next = queue.get(); next != null; next = queue.get()) {
            all.add(next);
        }
        return all;
    }

    private static void pass(List<ByteBuf> bytes, EmbeddedChannel to) {
        if (!bytes.isEmpty()) {
            to.writeInbound(bytes.toArray());
        }
    }
}
