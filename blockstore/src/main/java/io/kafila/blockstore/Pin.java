package io.kafila.blockstore;

import io.kafila.multiformats.Cid;

/**
 * A root that garbage collection keeps.
 *
 * @param name what the user called it; empty where it has no name
 */
public record Pin(Cid cid, PinMode mode, String name) {
    /** The longest name in UTF-8 bytes, as in Kubo. */
    public static final int MAX_NAME_BYTES = 255;
}
