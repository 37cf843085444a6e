package io.kafila.libp2p;

/** Told of connections, in their event loop; must not block. */
public interface ConnectionListener {
    default void onConnected(Connection connection) {}

    default void onDisconnected(Connection connection) {}

    /** Identify has answered, or the peer has pushed a change. */
    default void onIdentified(Connection connection, IdentifyInfo info) {}
}
