package io.kafila.libp2p;

class MemoryNoiseStreamTest extends StreamContract {
    @Override
    String listenAddress() {
        return "/memory/0";
    }

    @Override
    String security() {
        return "/noise";
    }
}
