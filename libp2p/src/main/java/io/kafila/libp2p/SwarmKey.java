package io.kafila.libp2p;

import io.kafila.libp2p.internal.pnet.Salsa20;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/**
 * The pre-shared key of a private network: only peers with the same one understand each other (libp2p/specs
 * pnet/Private-Networks-PSK-V1.md). Immutable; its text shows the fingerprint, never the key.
 */
public final class SwarmKey {
    public static final int KEY_BYTES = 32;

    /** No file of a key is longer. */
    public static final int MAX_FILE_BYTES = 1024;

    private static final String HEADER = "/key/swarm/psk/1.0.0/";
    private static final byte[] FINGERPRINT_NONCE = "finprint".getBytes(StandardCharsets.US_ASCII);
    private static final int FINGERPRINT_BYTES = 16;

    private final byte[] key;

    private SwarmKey(byte[] key) {
        this.key = key;
    }

    public static SwarmKey generate(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new SwarmKey(key);
    }

    /**
     * Reads a file {@code swarm.key}: the line {@code /key/swarm/psk/1.0.0/}, a line with the encoding, which is {@code
     * /base16/}, {@code /base64/} or {@code /bin/}, and the key.
     *
     * @throws IllegalArgumentException saying what is wrong with the file, and nothing of the key
     */
    public static SwarmKey parse(byte[] file) {
        if (file.length > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(
                    "swarm key: file of " + file.length + " bytes, want at most " + MAX_FILE_BYTES);
        }
        int header = endOfLine(file, 0, "header " + HEADER);
        String seen = line(file, 0, header);
        if (!seen.equals(HEADER)) {
            throw new IllegalArgumentException("swarm key: header " + shown(seen) + ", want " + HEADER);
        }
        int encoding = endOfLine(file, header, "encoding");
        byte[] key = decode(line(file, header, encoding), Arrays.copyOfRange(file, encoding, file.length));
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("swarm key: key of " + key.length + " bytes, want " + KEY_BYTES);
        }
        return new SwarmKey(key);
    }

    private static int endOfLine(byte[] file, int from, String wanted) {
        for (int i = from; i < file.length; i++) {
            if (file[i] == '\n') {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("swarm key: the file ends at byte " + file.length + ", want a line with the "
                + wanted + " and more behind it");
    }

    private static String line(byte[] file, int from, int end) {
        return new String(file, from, end - from, StandardCharsets.ISO_8859_1).replaceAll("[\r\n]+$", "");
    }

    /** What stands where a header should, cut so that a key in the wrong place is not printed. */
    private static String shown(String text) {
        return text.startsWith("/") ? "\"" + text.substring(0, Math.min(32, text.length())) + "\"" : "without a slash";
    }

    private static byte[] decode(String encoding, byte[] rest) {
        try {
            switch (encoding) {
                case "/bin/":
                    return withoutLineEnd(rest);
                case "/base16/":
                    return HexFormat.of().parseHex(text(rest));
                case "/base64/":
                    return Base64.getDecoder().decode(text(rest));
                default:
                    throw new IllegalArgumentException(
                            "swarm key: encoding " + shown(encoding) + ", want /base16/, /base64/ or /bin/");
            }
        } catch (IllegalArgumentException e) {
            if (e.getMessage() != null && e.getMessage().startsWith("swarm key: ")) {
                throw e;
            }
            // the cause would show a part of the key
            throw new IllegalArgumentException("swarm key: the key is no " + encoding.replace("/", ""));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).strip();
    }

    private static byte[] withoutLineEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > KEY_BYTES && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** The file of this key, in base16. */
    public byte[] file() {
        return (HEADER + "\n/base16/\n" + HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return key.clone();
    }

    /** What names the key and gives nothing of it away, in hexadecimal digits: the same as Kubo prints. */
    public String fingerprint() {
        byte[] stream = new byte[64];
        new Salsa20(key, FINGERPRINT_NONCE).apply(ByteBuffer.wrap(stream));
        SHAKEDigest digest = new SHAKEDigest(128);
        digest.update(stream, 0, stream.length);
        byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        digest.doFinal(fingerprint, 0, fingerprint.length);
        return HexFormat.of().formatHex(fingerprint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SwarmKey that && MessageDigest.isEqual(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "swarm key " + fingerprint();
    }
}
