package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.Role;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

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
     * A handler with a new engine. One engine of BoringSSL reads and writes many records at a call, which only the handler made
     * by its own context makes use of.
     *
     * @param applicationProtocols what ALPN offers or accepts, most wanted first
     */
    SslHandler create(Role role, List<String> applicationProtocols, ByteBufAllocator allocator);

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
