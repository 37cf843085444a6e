package io.kafila.bitswap.internal.wire;

import io.kafila.multiformats.Cid;

/** Whether the sender has a block: HAVE or DONT_HAVE. */
public record Presence(Cid cid, boolean has) {}
