package io.kafila.bitswap;

import java.util.concurrent.atomic.LongAdder;

/** What happened since the start, for metrics. Counts only grow. Thread-safe. */
public final class BitswapCounters {
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder messageBytesReceived = new LongAdder();
    private final LongAdder messagesSent = new LongAdder();
    private final LongAdder malformedMessages = new LongAdder();
    private final LongAdder refusedStreams = new LongAdder();
    private final LongAdder stalledStreams = new LongAdder();
    private final LongAdder droppedWants = new LongAdder();
    private final LongAdder unwantedBlocks = new LongAdder();
    private final LongAdder closedPeers = new LongAdder();
    private final LongAdder blocksReceived = new LongAdder();
    private final LongAdder blockBytesReceived = new LongAdder();
    private final LongAdder blocksWithoutMemory = new LongAdder();
    private final LongAdder duplicateBlocks = new LongAdder();
    private final LongAdder duplicateBytes = new LongAdder();
    private final LongAdder blocksSent = new LongAdder();
    private final LongAdder blockBytesSent = new LongAdder();

    public void messageReceived(int sizeBytes) {
        messagesReceived.increment();
        messageBytesReceived.add(sizeBytes);
    }

    public void messageSent() {
        messagesSent.increment();
    }

    public void malformedMessage() {
        malformedMessages.increment();
    }

    public void streamRefused() {
        refusedStreams.increment();
    }

    public void stalledStream() {
        stalledStreams.increment();
    }

    public void wantsDropped(int count) {
        droppedWants.add(count);
    }

    public void unwantedBlock() {
        unwantedBlocks.increment();
    }

    public void peerClosed() {
        closedPeers.increment();
    }

    public void blockReceived(int sizeBytes, boolean duplicate) {
        blocksReceived.increment();
        blockBytesReceived.add(sizeBytes);
        if (duplicate) {
            duplicateBlocks.increment();
            duplicateBytes.add(sizeBytes);
        }
    }

    public void blockWithoutMemory() {
        blocksWithoutMemory.increment();
    }

    public void blockSent(int sizeBytes) {
        blocksSent.increment();
        blockBytesSent.add(sizeBytes);
    }

    public long messagesReceived() {
        return messagesReceived.sum();
    }

    /** The bytes of all received messages, blocks and the rest. */
    public long messageBytesReceived() {
        return messageBytesReceived.sum();
    }

    public long messagesSent() {
        return messagesSent.sum();
    }

    /** Messages that broke the protocol or a limit; each ended its stream. */
    public long malformedMessages() {
        return malformedMessages.sum();
    }

    /** Streams that were reset because their peer had too many, or sent more than could wait for memory. */
    public long refusedStreams() {
        return refusedStreams.sum();
    }

    /** Streams that were reset because their peer did not go on with a message, or too slowly while others waited. */
    public long stalledStreams() {
        return stalledStreams.sum();
    }

    /** Wants of peers that were dropped because the peer had too many. */
    public long droppedWants() {
        return droppedWants.sum();
    }

    /** Blocks that nobody had asked their sender for, corrupt ones among them. */
    public long unwantedBlocks() {
        return unwantedBlocks.sum();
    }

    /** Peers whose connections were closed because of unwanted blocks. */
    public long closedPeers() {
        return closedPeers.sum();
    }

    public long blocksReceived() {
        return blocksReceived.sum();
    }

    /**
     * Large blocks that the store had no memory for as they arrived and copied when they were here: all of it was in use, or their
     * size is not one of whole pages.
     */
    public long blocksWithoutMemory() {
        return blocksWithoutMemory.sum();
    }

    public long blockBytesReceived() {
        return blockBytesReceived.sum();
    }

    /** Blocks that had already come from elsewhere. */
    public long duplicateBlocks() {
        return duplicateBlocks.sum();
    }

    public long duplicateBytes() {
        return duplicateBytes.sum();
    }

    public long blocksSent() {
        return blocksSent.sum();
    }

    public long blockBytesSent() {
        return blockBytesSent.sum();
    }
}
