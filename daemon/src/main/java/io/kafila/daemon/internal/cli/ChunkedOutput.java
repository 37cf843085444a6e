package io.kafila.daemon.internal.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a body in chunks (RFC 9112, section 7.1). Confined to one thread. */
final class ChunkedOutput extends OutputStream {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final OutputStream out;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int held;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (held == 0 && count >= CHUNK_BYTES) {
            send(bytes, from, count);
            return;
        }
        int at = from;
        while (at < from + count) {
            int step = Math.min(from + count - at, CHUNK_BYTES - held);
            System.arraycopy(bytes, at, chunk, held, step);
            held += step;
            at += step;
            if (held == CHUNK_BYTES) {
                send();
            }
        }
    }

    private void send() throws IOException {
        if (held > 0) {
            send(chunk, 0, held);
            held = 0;
        }
    }

    private void send(byte[] bytes, int from, int count) throws IOException {
        out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes, from, count);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void flush() throws IOException {
        send();
        out.flush();
    }

    /** The last chunk. */
    void end() throws IOException {
        send();
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
