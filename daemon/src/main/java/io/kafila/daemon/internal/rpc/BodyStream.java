package io.kafila.daemon.internal.rpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as a blocking stream. The event loop puts pieces in, one thread takes them out; the socket is
 * asked for more only while fewer than {@code windowBytes} wait. Guarded by itself.
 */
final class BodyStream extends InputStream {
    /** The longest piece: as much as one read of the socket brings, because each piece is a hop between two threads. */
    static final int PIECE_BYTES = 64 * 1024;

    /** Pieces that the event loop may deliver before it is asked again. */
    private static final int CREDIT = 2;

    private final HttpServerRequest request;
    private final int windowBytes;
    private final Pace pace;
    private final Deque<Buffer> pieces = new ArrayDeque<>();
    private int heldBytes;
    private int credit;
    private boolean ended;
    private boolean discarding;
    private @Nullable String failure;
    private int offset;

    /** @param pace is told how long the command waits for the client */
    BodyStream(HttpServerRequest request, int windowBytes, Pace pace) {
        this.request = request;
        this.windowBytes = windowBytes;
        this.pace = pace;
    }

    /** Starts to listen; on the event loop, before the request is handed on. */
    void start() {
        request.pause();
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.handler(this::arrived);
        request.endHandler(end -> finish(null));
        request.exceptionHandler(e -> finish("the request body broke off: " + e.getMessage()));
        synchronized (this) {
            grant();
        }
    }

    private synchronized void arrived(Buffer piece) {
        credit--;
        if (discarding) {
            return;
        }
        pieces.add(piece);
        heldBytes += piece.length();
        notifyAll();
        grant();
    }

    private synchronized void finish(@Nullable String fault) {
        if (!ended) {
            ended = true;
            failure = fault;
            notifyAll();
        }
    }

    /** Whether the whole body has arrived, so that a response does not cut it off. */
    synchronized boolean isEnded() {
        return ended;
    }

    /** Reads no more: what still comes is dropped. */
    void discard() {
        synchronized (this) {
            discarding = true;
            pieces.clear();
            heldBytes = 0;
            notifyAll();
        }
        request.resume();
    }

    private void grant() {
        if (credit <= 0 && heldBytes < windowBytes && !ended) {
            credit = CREDIT;
            request.fetch(CREDIT);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (pieces.isEmpty()) {
            if (failure != null) {
                throw new IOException(failure);
            }
            if (ended || discarding) {
                return -1;
            }
            grant();
            try {
                pace.await(this);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("context canceled");
            }
        }
        Buffer piece = pieces.getFirst();
        int count = Math.min(length, piece.length() - offset);
        piece.getBytes(offset, offset + count, target, from);
        offset += count;
        pace.moved(count);
        if (offset == piece.length()) {
            pieces.removeFirst();
            heldBytes -= piece.length();
            offset = 0;
            grant();
        }
        return count;
    }

    @Override
    public synchronized int available() {
        return Math.max(0, heldBytes - offset);
    }
}
