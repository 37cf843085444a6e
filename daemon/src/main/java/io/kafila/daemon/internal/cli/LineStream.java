package io.kafila.daemon.internal.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines of text as bytes, for a body that passes arguments on as they come. */
final class LineStream extends InputStream {
    private final BufferedReader lines;
    private byte[] line = new byte[0];
    private int at;

    LineStream(BufferedReader lines) {
        this.lines = lines;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (at == line.length) {
            String next = lines.readLine();
            if (next == null) {
                return -1;
            }
            line = (next + "\n").getBytes(StandardCharsets.UTF_8);
            at = 0;
        }
        int count = Math.min(length, line.length - at);
        System.arraycopy(line, at, target, from, count);
        at += count;
        return count;
    }
}
