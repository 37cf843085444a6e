package io.kafila.bitswap.internal.wire;

import java.util.List;

/**
 * One bitswap message. It owns its blocks.
 *
 * @param full whether {@code wants} replaces all that the sender wanted before
 * @param pendingBytes how much more the sender has queued for the receiver; a hint
 */
public record Message(
        boolean full, List<WantEntry> wants, List<WireBlock> blocks, List<Presence> presences, int pendingBytes)
        implements AutoCloseable {

    public static Message ofWants(boolean full, List<WantEntry> wants) {
        return new Message(full, wants, List.of(), List.of(), 0);
    }

    public boolean isEmpty() {
        return wants.isEmpty() && blocks.isEmpty() && presences.isEmpty() && !full;
    }

    /** The bytes of all blocks. */
    public long blockBytes() {
        long bytes = 0;
        for (WireBlock block : blocks) {
            bytes += block.data().size();
        }
        return bytes;
    }

    @Override
    public void close() {
        for (WireBlock block : blocks) {
            block.close();
        }
    }
}
