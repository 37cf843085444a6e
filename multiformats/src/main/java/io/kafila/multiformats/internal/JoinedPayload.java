package io.kafila.multiformats.internal;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Payloads one behind the other. What is cut out of a single one of them keeps that one alone. Thread-safe, as its parts are.
 */
public final class JoinedPayload implements Payload {
    private final List<Payload> parts;
    private final Payload whole;

    /** Takes the ownership of the parts over. */
    public JoinedPayload(List<Payload> parts) {
        this.parts = List.copyOf(parts);
        List<ByteBuffer> buffers = new ArrayList<>(parts.size());
        for (Payload part : this.parts) {
            buffers.addAll(part.buffers());
        }
        this.whole = new BufferPayload(buffers, () -> this.parts.forEach(Payload::close));
    }

    @Override
    public int size() {
        return whole.size();
    }

    @Override
    public List<ByteBuffer> buffers() {
        return whole.buffers();
    }

    @Override
    public ByteBuffer buffer() {
        return whole.buffer();
    }

    @Override
    public byte[] toByteArray() {
        return whole.toByteArray();
    }

    @Override
    public Payload slice(int offset, int length) {
        Objects.checkFromIndexSize(offset, /* size= */ length, /* length= */ size());
        // Not a part may go while it is being cut.
        try (Payload held = whole.retain()) {
            int start = 0;
            for (Payload part : parts) {
                if (offset >= start && offset + length <= start + part.size()) {
                    return part.slice(offset - start, length);
                }
                start += part.size();
            }
            return held.slice(offset, length);
        }
    }

    @Override
    public Payload retain() {
        whole.retain();
        return this;
    }

    @Override
    public void close() {
        whole.close();
    }

    @Override
    public String toString() {
        return whole.toString();
    }
}
