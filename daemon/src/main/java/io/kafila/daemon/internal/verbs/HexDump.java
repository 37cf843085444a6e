package io.kafila.daemon.internal.verbs;

/** Bytes as {@code hexdump -C} and Go's encoding/hex show them: sixteen in a line, with their place and as characters. */
final class HexDump {
    private static final int LINE_BYTES = 16;

    private HexDump() {}

    static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += LINE_BYTES) {
            int end = Math.min(at + LINE_BYTES, bytes.length);
            text.append(String.format("%08x", at));
            for (int i = at; i < at + LINE_BYTES; i++) {
                text.append(i == at || i == at + LINE_BYTES / 2 ? "  " : " ");
                text.append(i < end ? String.format("%02x", bytes[i] & 0xff) : "  ");
            }
            text.append("  |");
            for (int i = at; i < end; i++) {
                text.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '.');
            }
            text.append("|\n");
        }
        return text.toString();
    }
}
