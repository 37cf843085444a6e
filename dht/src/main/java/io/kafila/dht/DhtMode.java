package io.kafila.dht;

/** Whether a node answers queries or only makes them. */
public enum DhtMode {
    /** Only asks, and does not announce the protocol. */
    CLIENT,
    /** Asks and answers. */
    SERVER,
    /** A server while others can reach the node, else a client. */
    AUTO
}
