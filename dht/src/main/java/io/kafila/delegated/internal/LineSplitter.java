package io.kafila.delegated.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines of a bounded length. Plain: no I/O. Confined to one thread at a time. */
public final class LineSplitter {
    private final int maxBytes;
    private final Consumer<byte[]> line;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();

    /** @param line takes each line that is not empty, without its end */
    public LineSplitter(int maxBytes, Consumer<byte[]> line) {
        this.maxBytes = maxBytes;
        this.line = line;
    }

    /** @throws IllegalStateException if a line is longer than it may be */
    public void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                end();
            } else {
                if (open.size() >= maxBytes) {
                    throw new IllegalStateException("line of more than " + maxBytes + " bytes");
                }
                open.write(next);
            }
        }
    }

    /** After the last byte: a last line needs no end. */
    public void end() {
        if (open.size() > 0) {
            byte[] whole = open.toByteArray();
            open.reset();
            line.accept(whole);
        }
    }
}
