package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.pnet.PrivateNetworkHandler;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The secure channel {@code /tls/1.0.0}. One certificate serves all connections of the host. Thread-safe. */
public final class TlsUpgrader implements SecureChannelUpgrader {
    public static final String PROTOCOL_ID = "/tls/1.0.0";

    /** The application protocol that stands for libp2p without an early muxer; always the last one offered. */
    static final String ALPN = "libp2p";

    private final PendingHandshakes handshakes;
    private final TlsEngines engines;
    private final long timeoutMs;

    public TlsUpgrader(PrivateKey identity, SecureRandom random, Clock clock, Duration handshakeTimeout) {
        this(TlsEngines.Provider.fastest(), identity, random, clock, handshakeTimeout);
    }

    TlsUpgrader(
            TlsEngines.Provider provider,
            PrivateKey identity,
            SecureRandom random,
            Clock clock,
            Duration handshakeTimeout) {
        this.handshakes = new PendingHandshakes(clock);
        this.engines = provider.engines(
                HostCertificate.create(identity, random, clock.instant()), new PeerTrustManager(handshakes));
        this.timeoutMs = handshakeTimeout.toMillis();
    }

    @Override
    public String protocolId() {
        return PROTOCOL_ID;
    }

    /** How many handshakes are under way. */
    int pending() {
        return handshakes.size();
    }

    @Override
    public Future<SecuredSession> upgrade(
            ChannelPipeline pipeline, Role role, @Nullable PeerId expectedPeer, List<String> muxers) {
        Promise<SecuredSession> result = pipeline.channel().eventLoop().newPromise();
        if (!pipeline.channel().isActive()) {
            return result.setFailure(new HandshakeException(Kind.CLOSED, "tls: channel is closed already"));
        }
        List<String> applicationProtocols = new ArrayList<>(muxers);
        applicationProtocols.add(ALPN);
        SslHandler tls =
                engines.create(role, applicationProtocols, pipeline.channel().alloc());
        tls.setHandshakeTimeoutMillis(timeoutMs);
        TlsGuard guard =
                new TlsGuard(engines, tls, handshakes.add(tls.engine(), expectedPeer), handshakes, result, PROTOCOL_ID);
        PrivateNetworkHandler.addAbove(pipeline, guard);
        PrivateNetworkHandler.addAbove(pipeline, tls);
        if (!pipeline.channel().config().isAutoRead()) {
            pipeline.context(tls).read();
        }
        return result;
    }
}
