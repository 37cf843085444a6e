package io.kafila.daemon.internal.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The body of an HTTP/1.1 response (RFC 9112, sections 6 and 7): chunked with trailers, of a known length, or up to the end
 * of the connection. Confined to one thread.
 */
final class HttpBody extends InputStream {
    /** The longest line of a head, a chunk size or a trailer, in bytes. */
    static final int MAX_LINE_BYTES = 64 * 1024;

    private static final int MAX_TRAILERS = 32;

    private final InputStream in;
    private final boolean chunked;
    private final Map<String, String> trailers = new LinkedHashMap<>();
    /** Bytes left of the chunk or the body; negative where nothing tells. */
    private long left;

    private boolean first = true;
    private boolean ended;

    /** @param length of the body; negative where only the end of the connection tells */
    HttpBody(InputStream in, boolean chunked, long length) {
        this.in = in;
        this.chunked = chunked;
        this.left = chunked ? 0 : length;
    }

    /** What came behind the last chunk, by lower-case name; empty before the end. */
    Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (left == 0 && !(chunked && nextChunk())) {
            ended = true;
            return -1;
        }
        int wanted = left < 0 ? length : (int) Math.min(length, left);
        int count = in.read(target, from, wanted);
        if (count < 0) {
            ended = true;
            if (left > 0) {
                throw new EOFException("the daemon closed the connection in the middle of its answer");
            }
            return -1;
        }
        if (left > 0) {
            left -= count;
        }
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (!first) {
            line(in);
        }
        first = false;
        String size = beforeParameters(line(in));
        try {
            left = Long.parseLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("malformed chunk in the daemon's answer", e);
        }
        if (left < 0) {
            throw new IOException("malformed chunk in the daemon's answer");
        }
        if (left == 0) {
            headers(in, trailers, MAX_TRAILERS);
        }
        return left > 0;
    }

    /** Reads headers up to the empty line. */
    static void headers(InputStream in, Map<String, String> headers, int limit) throws IOException {
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() >= limit) {
                throw new IOException("malformed headers in the daemon's answer");
            }
            headers.put(
                    line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    /** The value of a header, or the size of a chunk, without what follows behind a semicolon. */
    static String beforeParameters(String value) {
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip();
    }

    static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[256];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the daemon closed the connection in the middle of its answer");
            }
            if (length == MAX_LINE_BYTES) {
                throw new IOException("line of more than " + MAX_LINE_BYTES + " bytes in the daemon's answer");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = (byte) b;
        }
        int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
