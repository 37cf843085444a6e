package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kafila.testkit.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The published vectors of IPIP-499. Those above {@code -Dkafila.vectors.maxMiB}, 64 by default, are left out. */
class Ipip499Test {
    private static final long MAX_BYTES = Long.getLong("kafila.vectors.maxMiB", 64) << 20;

    @TestFactory
    Stream<DynamicTest> vectors() throws IOException {
        return read(Fixtures.text("ipip-499/vectors.json")).stream()
                .filter(vector -> Long.parseLong(vector.get("size")) <= MAX_BYTES)
                .map(vector ->
                        DynamicTest.dynamicTest(vector.get("profile") + " " + vector.get("name"), () -> check(vector)));
    }

    private static void check(Map<String, String> vector) {
        long size = Long.parseLong(vector.get("size"));
        String seed = vector.get("seed");
        ImportEntry.Content content = seed == null
                ? Inputs.content("hello world".getBytes(StandardCharsets.UTF_8))
                : () -> new Keystream(seed, size);
        ImportOptions options = ImportOptions.of(
                        ImportProfile.byName(vector.get("profile")).orElseThrow())
                .withOnlyHash(true);
        List<Imported> heard = Inputs.add(new TestRepository(), options, List.of(ImportEntry.File.of("f", content)));

        assertThat(heard.get(0).cid()).hasToString(vector.get("cid"));
        assertThat(heard.get(0).fileBytes()).isEqualTo(size);
    }

    private static List<Map<String, String>> read(String json) throws IOException {
        List<Map<String, String>> vectors = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != JsonToken.START_ARRAY) {
                assertThat(parser.currentToken()).isNotNull();
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> vector = new HashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    vector.put(name, parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText());
                }
                vectors.add(vector);
            }
        }
        assertThat(vectors).hasSize(9);
        return vectors;
    }

    /** The keystream of ChaCha20 under the digest of a seed, with nonce and counter zero. */
    private static final class Keystream implements ReadableByteChannel {
        private final Cipher cipher;
        private final byte[] zeros = new byte[64 * 1024];
        private long left;

        Keystream(String seed, long size) throws IOException {
            try {
                byte[] key = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
                cipher = Cipher.getInstance("ChaCha20");
                cipher.init(
                        Cipher.ENCRYPT_MODE,
                        new SecretKeySpec(key, "ChaCha20"),
                        new ChaCha20ParameterSpec(new byte[12], 0));
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
            left = size;
        }

        @Override
        public int read(ByteBuffer target) {
            if (left == 0) {
                return -1;
            }
            int length = (int) Math.min(Math.min(left, zeros.length), target.remaining());
            target.put(cipher.update(zeros, 0, length));
            left -= length;
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
