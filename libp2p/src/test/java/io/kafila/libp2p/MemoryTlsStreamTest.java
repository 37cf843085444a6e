package io.kafila.libp2p;

class MemoryTlsStreamTest extends StreamContract {
    @Override
    String listenAddress() {
        return "/memory/0";
    }

    @Override
    String security() {
        return "/tls/1.0.0";
    }
}
