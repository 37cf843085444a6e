package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.pnet.PrivateNetworkHandler;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The secure channel {@code /noise}. One static key serves all connections of the host. Thread-safe. */
public final class NoiseUpgrader implements SecureChannelUpgrader {
    public static final String PROTOCOL_ID = NoiseHandshake.PROTOCOL_ID;

    private final NoiseIdentity identity;
    private final Supplier<AeadSuite> suites;
    private final SecureRandom random;
    private final long timeoutMs;

    /** @param suites asked once for each handshake, in the event loop */
    public NoiseUpgrader(
            PrivateKey identity, Supplier<AeadSuite> suites, SecureRandom random, Duration handshakeTimeout) {
        this.identity = NoiseIdentity.create(identity, random);
        this.suites = suites;
        this.random = random;
        this.timeoutMs = handshakeTimeout.toMillis();
    }

    @Override
    public String protocolId() {
        return PROTOCOL_ID;
    }

    @Override
    public Future<SecuredSession> upgrade(
            ChannelPipeline pipeline, Role role, @Nullable PeerId expectedPeer, List<String> muxers) {
        Promise<SecuredSession> result = pipeline.channel().eventLoop().newPromise();
        AeadSuite suite = suites.get();
        NoiseHandshake handshake =
                new NoiseHandshake(role, suite, identity, X25519KeyPair.generate(random), expectedPeer, muxers);
        PrivateNetworkHandler.addAbove(pipeline, new NoiseHandshakeHandler(handshake, suite, result, timeoutMs));
        return result;
    }
}
