package io.kafila.libp2p;

import java.security.SecureRandom;

/** In a private network. */
class PrivateTlsStreamTest extends TcpTlsStreamTest {
    private final SwarmKey key = SwarmKey.generate(new SecureRandom());

    @Override
    HostBuilder builder() {
        return super.builder().privateNetwork(key);
    }
}
