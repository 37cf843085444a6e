package io.kafila.libp2p;

/** Takes the streams that peers open. */
@FunctionalInterface
public interface StreamHandler {

    /** Called in the connection's event loop once the protocol is agreed. The handler owns the stream and must not block. */
    void onStream(Stream stream);
}
