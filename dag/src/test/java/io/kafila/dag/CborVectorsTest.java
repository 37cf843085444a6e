package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The vectors of hyphacoop/dasl-testing for dag-cbor, and those of RFC 8949, appendix A, for plain cbor. */
class CborVectorsTest {
    private static final Codecs CODECS = Codecs.standard();
    private static final Codec DAG_CBOR = CODECS.byName("dag-cbor").orElseThrow();
    private static final Codec CBOR = CODECS.byName("cbor").orElseThrow();

    @TestFactory
    Stream<DynamicTest> dasl() {
        return Fixtures.files("dasl-testing/fixtures/cbor").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .flatMap(file -> entries(Fixtures.text("dasl-testing/fixtures/cbor/" + file.getFileName())).stream()
                        .filter(entry ->
                                tags(entry).contains("dag-cbor") || tags(entry).contains("basic"))
                        .map(entry -> DynamicTest.dynamicTest(
                                file.getFileName() + ": " + text(entry, "name") + " " + text(entry, "type"),
                                () -> check(entry))));
    }

    private static void check(Map<String, IpldNode> entry) {
        byte[] bytes = HexFormat.of().parseHex(text(entry, "data"));
        switch (text(entry, "type")) {
            case "roundtrip" -> {
                IpldNode node = DAG_CBOR.decode(ByteBuffer.wrap(bytes));
                assertThat(DAG_CBOR.encode(node)).isEqualTo(bytes);
            }
            case "invalid_in" ->
                assertThatThrownBy(() -> DAG_CBOR.decode(ByteBuffer.wrap(bytes)))
                        .isInstanceOf(CodecException.class);
            case "invalid_out" -> {
                // What plain cbor reads is refused by the writer; the rest no node can hold.
                IpldNode node;
                try {
                    node = CBOR.decode(ByteBuffer.wrap(bytes));
                } catch (CodecException e) {
                    return;
                }
                if (node.kind() == IpldNode.Kind.NULL) {
                    assertThat(text(entry, "name")).contains("undefined");
                    return;
                }
                assertThatThrownBy(() -> DAG_CBOR.encode(node)).isInstanceOf(CodecException.class);
            }
            default -> throw new AssertionError("unknown type of vector: " + text(entry, "type"));
        }
    }

    @TestFactory
    Stream<DynamicTest> appendixA() {
        // Two integers are beyond 64 bits, which are bignums in CBOR and nothing in the data model.
        String json = Fixtures.text("cbor-appendix-a/appendix_a.json")
                .replace(": 18446744073709551616", ": null")
                .replace(": -18446744073709551617", ": null");
        return entries(json).stream()
                .map(entry -> DynamicTest.dynamicTest(text(entry, "hex"), () -> checkAppendix(entry)));
    }

    private static void checkAppendix(Map<String, IpldNode> entry) {
        String hex = text(entry, "hex");
        byte[] bytes = HexFormat.of().parseHex(hex);
        int major = (bytes[0] & 0xff) >> 5;
        boolean simple = List.of("f0", "f818", "f8ff").contains(hex);
        boolean intKeys = hex.equals("a201020304");
        boolean tagInside = hex.contains("c1");
        if (major == 6 || simple || intKeys || tagInside && !entry.containsKey("decoded")) {
            assertThatThrownBy(() -> CBOR.decode(ByteBuffer.wrap(bytes))).isInstanceOf(CodecException.class);
            return;
        }
        IpldNode node = CBOR.decode(ByteBuffer.wrap(bytes));
        IpldNode decoded = entry.get("decoded");
        if (decoded != null) {
            assertThat(plain(node)).isEqualTo(plain(decoded));
        }
    }

    /** JSON does not tell 1 from 1.0. */
    private static Object plain(IpldNode node) {
        return switch (node.kind()) {
            case INT -> ((IpldNode.IntValue) node).value().doubleValue();
            case FLOAT -> ((IpldNode.FloatValue) node).value();
            case LIST ->
                ((IpldNode.ListValue) node)
                        .items().stream().map(CborVectorsTest::plain).toList();
            case MAP ->
                ((IpldNode.MapValue) node)
                        .entries().entrySet().stream()
                                .collect(java.util.stream.Collectors.toMap(
                                        Map.Entry::getKey, entry -> plain(entry.getValue())));
            default -> node;
        };
    }

    private static List<Map<String, IpldNode>> entries(String json) {
        IpldNode list =
                CODECS.byName("json").orElseThrow().decode(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
        return ((IpldNode.ListValue) list)
                .items().stream()
                        .map(item -> ((IpldNode.MapValue) item).entries())
                        .toList();
    }

    private static List<String> tags(Map<String, IpldNode> entry) {
        return ((IpldNode.ListValue) entry.get("tags"))
                .items().stream()
                        .map(tag -> ((IpldNode.StringValue) tag).value())
                        .toList();
    }

    private static String text(Map<String, IpldNode> entry, String key) {
        return ((IpldNode.StringValue) entry.get(key)).value();
    }
}
