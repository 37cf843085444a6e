package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Splits a multipart body (RFC 2046, section 5.1) into parts as it comes, with one buffer of fixed size. Confined to one
 * thread. The content of a part can be read until the next part is asked for.
 */
final class MultipartReader {
    /** The longest boundary (RFC 2046, section 5.1.1). */
    static final int MAX_BOUNDARY = 70;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxHeaderBytes;
    /** CRLF, two dashes and the boundary. */
    private final byte[] delimiter;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private boolean started;
    private boolean finished;
    private @Nullable Content current;

    MultipartReader(InputStream in, String boundary, int maxHeaderBytes) {
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw CommandException.client(
                    "multipart: boundary of " + boundary.length() + " characters, want 1 to " + MAX_BOUNDARY);
        }
        this.in = in;
        this.maxHeaderBytes = Math.min(maxHeaderBytes, BUFFER_BYTES - 1024);
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A part: its headers by lower-case name, and its content. */
    record Part(Map<String, String> headers, Content content) {}

    /** The next part; {@code null} after the last one. What is left of the present part is passed over. */
    @Nullable
    Part next() throws IOException {
        if (finished) {
            return null;
        }
        if (!started) {
            started = true;
            // The first delimiter has no line end before it where there is no preamble.
            buffer[0] = '\r';
            buffer[1] = '\n';
            to = 2;
            current = new Content();
        }
        if (current != null) {
            current.skipAll();
        }
        String rest = line(true);
        if (rest.startsWith("--")) {
            finished = true;
            current = null;
            return null;
        }
        if (!rest.isBlank()) {
            throw malformed("text behind a boundary");
        }
        Map<String, String> headers = headers();
        Content content = new Content();
        current = content;
        return new Part(headers, content);
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        int left = maxHeaderBytes;
        String line = line(false);
        while (!line.isEmpty()) {
            left -= line.length() + 2;
            int colon = line.indexOf(':');
            if (left < 0) {
                throw malformed("more than " + maxHeaderBytes + " bytes of headers in a part");
            }
            if (colon <= 0) {
                throw malformed("a header without a colon");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
            line = line(false);
        }
        return headers;
    }

    /** One line in UTF-8 without its end. The one behind the last boundary may end with the body. */
    private String line(boolean mayEnd) throws IOException {
        int scanned = 0;
        while (true) {
            for (; scanned < to - from; scanned++) {
                if (buffer[from + scanned] == '\n') {
                    int length = scanned > 0 && buffer[from + scanned - 1] == '\r' ? scanned - 1 : scanned;
                    String line = new String(buffer, from, length, StandardCharsets.UTF_8);
                    from += scanned + 1;
                    return line;
                }
            }
            if (scanned > maxHeaderBytes) {
                throw malformed("more than " + maxHeaderBytes + " bytes of headers in a part");
            }
            if (!fill()) {
                String line = new String(buffer, from, to - from, StandardCharsets.UTF_8);
                from = to;
                if (mayEnd && line.startsWith("--")) {
                    return line;
                }
                throw malformed("it ends early");
            }
        }
    }

    /** Reads more behind what is there; {@code false} at the end of the body. */
    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        int count = in.read(buffer, to, buffer.length - to);
        if (count > 0) {
            to += count;
        }
        return count >= 0;
    }

    private static CommandException malformed(String what) {
        return CommandException.client("multipart: " + what);
    }

    /** The bytes up to the next delimiter, as a stream and as a channel. */
    final class Content extends InputStream implements ReadableByteChannel {
        private boolean ended;
        private boolean closed;
        /** Bytes from {@code from} on that are known to be content. */
        private int safe;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = available(length);
            if (count > 0) {
                System.arraycopy(buffer, from, target, offset, count);
                take(count);
            }
            return count;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (!target.hasRemaining()) {
                return 0;
            }
            int count = available(target.remaining());
            if (count > 0) {
                target.put(buffer, from, count);
                take(count);
            }
            return count;
        }

        /** How many bytes of content lie at {@code from}, at most {@code limit}; waits for some, -1 at the end. */
        private int available(int limit) throws IOException {
            if (ended || this != current || (safe == 0 && !findMore())) {
                return -1;
            }
            return Math.min(limit, safe);
        }

        private void take(int count) {
            from += count;
            safe -= count;
        }

        /** Looks for content; {@code false} at the delimiter, which is then passed. */
        private boolean findMore() throws IOException {
            while (true) {
                int at = delimiterAt();
                if (at == from && to - from >= delimiter.length) {
                    from += delimiter.length;
                    ended = true;
                    return false;
                }
                if (at > from) {
                    safe = at - from;
                    return true;
                }
                if (!fill()) {
                    throw malformed("it ends early");
                }
            }
        }

        /** Where the delimiter, or a beginning of it at the end of the buffer, starts; {@code to} where there is none. */
        private int delimiterAt() {
            for (int at = from; at < to; at++) {
                if (buffer[at] == '\r') {
                    int length = Math.min(delimiter.length, to - at);
                    int same = 1;
                    while (same < length && buffer[at + same] == delimiter[same]) {
                        same++;
                    }
                    if (same == length) {
                        return at;
                    }
                }
            }
            return to;
        }

        void skipAll() throws IOException {
            for (int count = available(BUFFER_BYTES); count >= 0; count = available(BUFFER_BYTES)) {
                take(count);
            }
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        /** Closes the channel; what is left is passed over with the next part. */
        @Override
        public void close() {
            closed = true;
        }
    }
}
