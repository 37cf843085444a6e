package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.Role;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/** Engines of BoringSSL. A native context serves all engines of one role and one list of protocols. */
final class BoringSslEngines implements TlsEngines {
    private record Key(Role role, List<String> applicationProtocols) {}

    private final HostCertificate certificate;
    private final PeerTrustManager trust;
    private final Map<Key, SslContext> contexts = new ConcurrentHashMap<>();

    BoringSslEngines(HostCertificate certificate, PeerTrustManager trust) {
        this.certificate = certificate;
        this.trust = trust;
    }

    @Override
    public SslHandler create(Role role, List<String> applicationProtocols, ByteBufAllocator allocator) {
        SslContext context = contexts.computeIfAbsent(new Key(role, List.copyOf(applicationProtocols)), this::context);
        // By hand, not by newHandler: such an engine lets BoringSSL write more than one record at a call.
        return new SslHandler(context.newEngine(allocator));
    }

    @Override
    public void onEstablished(ChannelHandlerContext above, SslHandler tls) throws SSLException {
        RecordHandler.replace(above, tls);
    }

    private SslContext context(Key key) {
        SslContextBuilder builder = key.role == Role.INITIATOR
                ? SslContextBuilder.forClient().keyManager(certificate.key(), certificate.certificate())
                : SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                        .clientAuth(ClientAuth.REQUIRE);
        try {
            SslContext context = builder.sslProvider(SslProvider.OPENSSL)
                    .protocols(PROTOCOL)
                    .ciphers(CIPHER_SUITES)
                    .trustManager(trust)
                    // A libp2p certificate names no host; the trust manager checks the identity instead.
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            key.applicationProtocols))
                    .build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setSessionCacheEnabled(false);
            }
            return context;
        } catch (SSLException e) {
            throw new IllegalStateException("tls: BoringSSL makes no context", e);
        }
    }
}
