package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.Role;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * A maker of TLS 1.3 engines that present a host's certificate, demand one of the peer, name no server and resume no session.
 * Thread-safe.
 */
interface TlsEngines {
    /** The suite that is fastest on processors with AES instructions comes first. */
    List<String> CIPHER_SUITES =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    String PROTOCOL = "TLSv1.3";

    /**
     * A handler with a new engine.
     *
     * @param applicationProtocols what ALPN offers or accepts, most wanted first
     */
    SslHandler create(Role role, List<String> applicationProtocols, ByteBufAllocator allocator);

    /**
     * Called once the handshake of {@code tls} has succeeded, by a task of the event loop of its own: may put a faster handler
     * in its place.
     *
     * @param above of a handler above {@code tls}
     * @throws SSLException if it cannot go on
     */
    default void onEstablished(ChannelHandlerContext above, SslHandler tls) throws SSLException {}

    /** The provider of the engines. */
    enum Provider {
        /** BoringSSL through netty-tcnative. */
        BORINGSSL,
        JDK;

        /** The fastest one that works on this platform. */
        static Provider fastest() {
            return OpenSsl.isAvailable() ? BORINGSSL : JDK;
        }

        TlsEngines engines(HostCertificate certificate, PeerTrustManager trust) {
            return switch (this) {
                case BORINGSSL -> new BoringSslEngines(certificate, trust);
                case JDK -> new JdkEngines(certificate, trust);
            };
        }
    }
}
