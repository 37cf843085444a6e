package io.kafila.libp2p;

class TcpTlsStreamTest extends StreamContract {
    @Override
    String listenAddress() {
        return "/ip4/127.0.0.1/tcp/0";
    }

    @Override
    String security() {
        return "/tls/1.0.0";
    }
}
