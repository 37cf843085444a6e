package io.kafila.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwarmKeyTest {
    private static final byte[] KEY = new Seed(1).bytes(SwarmKey.KEY_BYTES);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] file(String lineEnd, String encoding, byte[] key) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ascii("/key/swarm/psk/1.0.0/" + lineEnd + encoding + lineEnd));
        file.writeBytes(key);
        return file.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void everyEncoding_givesTheSameKey(String lineEnd) {
        byte[] upper = ascii(HexFormat.of().withUpperCase().formatHex(KEY));
        byte[] lower = ascii(HexFormat.of().formatHex(KEY) + lineEnd);
        byte[] base64 = ascii(Base64.getEncoder().encodeToString(KEY) + lineEnd);
        assertThat(SwarmKey.parse(file(lineEnd, "/base16/", upper)).bytes()).isEqualTo(KEY);
        assertThat(SwarmKey.parse(file(lineEnd, "/base16/", lower)).bytes()).isEqualTo(KEY);
        assertThat(SwarmKey.parse(file(lineEnd, "/base64/", base64)).bytes()).isEqualTo(KEY);
        assertThat(SwarmKey.parse(file(lineEnd, "/bin/", KEY)).bytes()).isEqualTo(KEY);
        byte[] withLineEnd = Arrays.copyOf(KEY, KEY.length + lineEnd.length());
        System.arraycopy(ascii(lineEnd), 0, withLineEnd, KEY.length, lineEnd.length());
        assertThat(SwarmKey.parse(file(lineEnd, "/bin/", withLineEnd)).bytes()).isEqualTo(KEY);
    }

    @Test
    void binKey_mayEndInLineEnds() {
        byte[] key = KEY.clone();
        key[31] = '\n';
        key[30] = '\r';
        assertThat(SwarmKey.parse(file("\n", "/bin/", key)).bytes()).isEqualTo(key);
    }

    /** The fingerprint that Kubo 0.42 prints for this key. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, 708a75afd05affb08736cbf17c73773e",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 41dfbf48d882a8ee665983adfa7a48f7"
    })
    void fingerprint_isKubos(String key, String fingerprint) {
        SwarmKey parsed = SwarmKey.parse(file("\n", "/base16/", ascii(key)));
        assertThat(parsed.fingerprint()).isEqualTo(fingerprint);
        assertThat(parsed).hasToString("swarm key " + fingerprint);
    }

    @Test
    void generated_isReadBack() {
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        assertThat(SwarmKey.parse(key.file())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(SwarmKey.generate(new SecureRandom())).isNotEqualTo(key);
    }

    @Test
    void malformed_isRefusedWithAReason() {
        String header = "/key/swarm/psk/1.0.0/\n";
        assertRefused(
                "", "the file ends at byte 0, want a line with the header /key/swarm/psk/1.0.0/ and more behind it");
        assertRefused("/key/swarm/psk/1.0.0/", "the file ends at byte 21");
        assertRefused("/key/swarm/psk/2.0.0/\n/bin/\n", "header \"/key/swarm/psk/2.0.0/\", want /key/swarm/psk/1.0.0/");
        assertRefused("c0ffee\n", "header without a slash, want");
        assertRefused(header, "the file ends at byte 22, want a line with the encoding");
        assertRefused(header + "/base32/\nabc", "encoding \"/base32/\", want /base16/, /base64/ or /bin/");
        assertRefused(header + "/base16/\n", "key of 0 bytes, want 32");
        assertRefused(header + "/base16/\n" + "ab".repeat(31), "key of 31 bytes, want 32");
        assertRefused(header + "/base16/\n" + "ab".repeat(33), "key of 33 bytes, want 32");
        assertRefused(header + "/base16/\n" + "xy".repeat(32), "the key is no base16");
        assertRefused(header + "/base64/\n!", "the key is no base64");
        assertRefused(header + "/bin/\n" + "x".repeat(33), "key of 33 bytes, want 32");
        assertRefused(header + "/bin/\n" + "x".repeat(1001), "file of 1029 bytes, want at most 1024");
    }

    private static void assertRefused(String file, String message) {
        assertThatThrownBy(() -> SwarmKey.parse(ascii(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("swarm key: " + message)
                .hasNoCause();
    }
}
