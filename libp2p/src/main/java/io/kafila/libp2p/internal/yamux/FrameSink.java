package io.kafila.libp2p.internal.yamux;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes the frames that a session sends, in order, and owns their payloads from then on. */
@FunctionalInterface
public interface FrameSink {
    void frame(FrameHeader header, @Nullable ByteBuf payload);
}
