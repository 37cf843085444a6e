package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.Role;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** Engines of the JDK. */
final class JdkEngines implements TlsEngines {
    private final SSLContext context;

    JdkEngines(HostCertificate certificate, PeerTrustManager trust) {
        try {
            context = SSLContext.getInstance(PROTOCOL);
            context.init(new KeyManager[] {new HostKeyManager(certificate)}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("tls: this JVM has no TLS 1.3", e);
        }
    }

    @Override
    public SslHandler create(Role role, List<String> applicationProtocols, ByteBufAllocator allocator) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(role == Role.INITIATOR);
        engine.setEnableSessionCreation(true);
        List<String> supported = Arrays.asList(engine.getSupportedCipherSuites());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setCipherSuites(
                CIPHER_SUITES.stream().filter(supported::contains).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        if (role == Role.RESPONDER) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }
}
