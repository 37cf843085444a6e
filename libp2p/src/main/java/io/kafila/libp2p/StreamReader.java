package io.kafila.libp2p;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads byte arrays from a stream: of a given length, or with their length as an unsigned varint before them. One read at a
 * time, in the stream's event loop.
 */
public final class StreamReader {
    private static final int MAX_VARINT_BYTES = 5;

    private final Stream stream;
    private byte[] buffer = new byte[0];
    private int start;
    private int end;
    private boolean ended;

    public StreamReader(Stream stream) {
        this.stream = stream;
    }

    /** The next {@code length} bytes; {@code null} if the stream ends before the first of them. */
    public CompletableFuture<byte @Nullable []> exactly(int length) {
        CompletableFuture<byte @Nullable []> result = new CompletableFuture<>();
        exactly(length, result);
        return result;
    }

    /** The next message of at most {@code maxBytes}; {@code null} if the stream ends before its length. */
    public CompletableFuture<byte @Nullable []> delimited(int maxBytes) {
        CompletableFuture<byte @Nullable []> result = new CompletableFuture<>();
        delimited(maxBytes, result);
        return result;
    }

    private void exactly(int length, CompletableFuture<byte @Nullable []> result) {
        if (end - start >= length) {
            result.complete(take(length));
        } else if (ended && end == start) {
            result.complete(null);
        } else if (ended) {
            result.completeExceptionally(
                    new StreamException("stream ended after " + (end - start) + " of " + length + " bytes"));
        } else {
            fill(result, () -> exactly(length, result));
        }
    }

    private void delimited(int maxBytes, CompletableFuture<byte @Nullable []> result) {
        long length = 0;
        for (int i = 0; i < end - start; i++) {
            int b = buffer[start + i];
            length |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                if (length > maxBytes) {
                    result.completeExceptionally(
                            new StreamException("message of " + length + " bytes, want at most " + maxBytes));
                } else {
                    start += i + 1;
                    body((int) length, result);
                }
                return;
            }
            if (i + 1 == MAX_VARINT_BYTES) {
                result.completeExceptionally(
                        new StreamException("message length of more than " + MAX_VARINT_BYTES + " bytes"));
                return;
            }
        }
        if (!ended) {
            fill(result, () -> delimited(maxBytes, result));
        } else if (end == start) {
            result.complete(null);
        } else {
            result.completeExceptionally(new StreamException("stream ended inside the length of a message"));
        }
    }

    private void body(int length, CompletableFuture<byte @Nullable []> result) {
        if (end - start >= length) {
            result.complete(take(length));
        } else if (ended) {
            result.completeExceptionally(new StreamException(
                    "stream ended after " + (end - start) + " of the " + length + " bytes of a message"));
        } else {
            fill(result, () -> body(length, result));
        }
    }

    private byte[] take(int length) {
        byte[] taken = Arrays.copyOfRange(buffer, start, start + length);
        start += length;
        return taken;
    }

    private void fill(CompletableFuture<byte @Nullable []> result, Runnable next) {
        stream.read().whenComplete((payload, cause) -> {
            if (cause != null) {
                result.completeExceptionally(cause);
                return;
            }
            if (payload == null) {
                ended = true;
            } else {
                append(payload);
            }
            next.run();
        });
    }

    private void append(Payload payload) {
        int size = payload.size();
        if (buffer.length - end < size) {
            buffer = Arrays.copyOf(Arrays.copyOfRange(buffer, start, end), end - start + size);
            end -= start;
            start = 0;
        }
        for (ByteBuffer part : payload.buffers()) {
            int length = part.remaining();
            part.get(buffer, end, length);
            end += length;
        }
        payload.close();
    }
}
