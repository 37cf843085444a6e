package io.kafila.blockstore;

/** How much a pin protects. */
public enum PinMode {
    /** The root and everything that it links to, at any depth. */
    RECURSIVE,
    /** The one block. */
    DIRECT
}
