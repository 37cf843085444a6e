package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;

/** An absolute path in UTF-8, from its first slash; it does not end in one. */
public final class SocketPath implements ValueCodec {
    @Override
    public byte[] parse(String text) {
        return Text.encode("unix", text);
    }

    @Override
    public String format(byte[] value) {
        return Text.decode("unix", value);
    }

    @Override
    public void check(byte[] value) {
        String path = Text.decode("unix", value);
        if (path.length() < 2 || path.charAt(0) != '/' || path.endsWith("/")) {
            throw new MultiformatException(
                    "unix: path \"" + path + "\", want one that starts with a slash and ends in none");
        }
    }
}
