package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
    private static final Codec DAG_JSON = Codecs.standard().byName("dag-json").orElseThrow();
    private static final Codec JSON = Codecs.standard().byName("json").orElseThrow();
    private static final String CID = "bafkqabiaaebagba";

    @Test
    void encode_floats_asEcmaScriptWithAPoint() {
        assertThat(text(0.0)).isEqualTo("0.0");
        assertThat(text(-0.0)).isEqualTo("-0.0");
        assertThat(text(1.0)).isEqualTo("1.0");
        assertThat(text(-1.5)).isEqualTo("-1.5");
        assertThat(text(100)).isEqualTo("100.0");
        assertThat(text(123456.789)).isEqualTo("123456.789");
        assertThat(text(2.0E-3)).isEqualTo("0.002");
        assertThat(text(1e-6)).isEqualTo("0.000001");
        assertThat(text(1e-7)).isEqualTo("1e-7");
        assertThat(text(1.25e-7)).isEqualTo("1.25e-7");
        assertThat(text(1e20)).isEqualTo("100000000000000000000.0");
        assertThat(text(1e21)).isEqualTo("1e+21");
        assertThat(text(1.5e300)).isEqualTo("1.5e+300");
        assertThat(text(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(text(1e-323)).isEqualTo("1e-323");
        assertThat(text(2e23)).isEqualTo("2e+23");
        assertThat(text(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
    }

    @Test
    void encode_anyFloat_isReadBackAsTheSame() {
        Seed.each(20_000, random -> {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(decode(text(value))).isEqualTo(new IpldNode.FloatValue(value));
            }
        });
    }

    private static String text(double value) {
        return encode(new IpldNode.FloatValue(value));
    }

    @Test
    void encode_strings_escapeWhatGoEscapes() {
        assertThat(encode(new IpldNode.StringValue("a\"\\/\b\f\n\r\t\u0001\u007f\u2028\u2029ß\ud83d\ude00<>&")))
                .isEqualTo("\"a\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\u007f\\u2028\\u2029ß\ud83d\ude00<>&\"");
    }

    @Test
    void decode_numbers_areIntegersWithoutPointAndExponent() {
        assertThat(decode("0")).isEqualTo(IpldNode.IntValue.of(0));
        assertThat(decode("-0")).isEqualTo(IpldNode.IntValue.of(0));
        assertThat(decode("1.0")).isEqualTo(new IpldNode.FloatValue(1));
        assertThat(decode("1e2")).isEqualTo(new IpldNode.FloatValue(100));
        assertThat(decode("18446744073709551615")).isEqualTo(new IpldNode.IntValue(false, -1));
        assertThat(decode("-18446744073709551616")).isEqualTo(new IpldNode.IntValue(true, -1));
        refused("18446744073709551616", "byte 0: integer 18446744073709551616, want one from -2^64 to 2^64 - 1");
        refused("-18446744073709551617", "byte 0: integer -18446744073709551617, want one from -2^64 to 2^64 - 1");
        refused("1e400", "byte 0: number 1e400, want one in the range of a double");
        refused("9".repeat(1101), "byte 0: number of 1101 characters, want at most 1100");
        for (String bad : List.of("01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "-a")) {
            assertThatThrownBy(() -> decode(bad)).as(bad).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void decode_blanksAndOrderOfKeys_areFree() {
        assertThat(decode(" \t\r\n{ \"b\" : [ 1 , 2 ] , \"a\" : null }\n"))
                .isEqualTo(decode("{\"a\":null,\"b\":[1,2]}"));
        assertThat(encode(decode("{\"b\":1,\"a\":{\"\":2,\"\\u0041\":3}}")))
                .isEqualTo("{\"a\":{\"\":2,\"A\":3},\"b\":1}");
    }

    @Test
    void decode_faults_areNamedWithTheirPlace() {
        refused("", "byte 0: end of the text, want a value");
        refused("nul", "byte 0: a word that is not null, want true, false or null");
        refused("[1,]", "byte 3: ']', want a value");
        refused("[1 2]", "byte 3: '2', want ',' or ']'");
        refused("{1:2}", "byte 1: '1', want a key in quotes");
        refused("{\"a\" 1}", "byte 5: '1', want ':'");
        refused("{\"a\":1,}", "byte 7: '}', want a key in quotes");
        refused("{\"a\":1,\"a\":1}", "byte 7: repeated map key \"a\", want each key once");
        refused("1 1", "byte 2: '1' after the value, want nothing");
        refused("[]]", "byte 2: ']' after the value, want nothing");
        refused("\"a", "byte 2: end of the text, want it escaped");
        refused("\"\n\"", "byte 1: control character 10 in a string, want it escaped");
        refused("\"\\x\"", "byte 1: escape \\x, want one of \\\"/bfnrtu");
        refused("\"\\u12\"", "byte 1: escape \\u without four hexadecimal digits, want them");
        refused("\"\\ud800\"", "byte 1: unpaired surrogate in a string, want Unicode text");
        refused("\"\\udc00\\ud800\"", "byte 1: unpaired surrogate in a string, want Unicode text");
        refused("// a\n1", "byte 0: '/', want a value");
        refused("'a'", "byte 0: ''', want a value");
        refused("\ufeff1", "byte 0: byte 0xef, want a value");
        assertThatThrownBy(() -> DAG_JSON.decode(ByteBuffer.wrap(new byte[] {'"', (byte) 0xc3, '"'})))
                .hasMessageContaining("no UTF-8");
    }

    @Test
    void reservedNamespace_linksAndBytes_areRead() {
        assertThat(decode("{\"/\":\"" + CID + "\"}").kind()).isEqualTo(IpldNode.Kind.LINK);
        assertThat(decode("{\"/\":{\"bytes\":\"AQI\"}}")).isEqualTo(IpldNode.BytesValue.of(new byte[] {1, 2}));
        assertThat(decode("{\"/\":{\"bytes\":\"AQI=\"}}")).isEqualTo(IpldNode.BytesValue.of(new byte[] {1, 2}));
        refused("{\"/\":\"x\"}", null);
        refused("{\"/\":{\"bytes\":\"A\"}}", null);
        refused("{\"/\":{\"bytes\":\"AQ*I\"}}", null);
    }

    @Test
    void reservedNamespace_moreKeys_areRefused() {
        String message = "byte 0: map in the reserved namespace \"/\" with more keys, want a link, bytes or no \"/\"";
        refused("{\"/\":\"foo\",\"bar\":\"baz\"}", message);
        refused("{\"bar\":\"baz\",\"/\":\"" + CID + "\"}", message);
        refused("{\"/\":{\"bytes\":\"foo\",\"car\":\"baz\"}}", message);
        refused("{\"/\":{\"bytes\":\"foo\"},\"bar\":\"baz\"}", message);
    }

    @Test
    void reservedNamespace_otherMaps_areMaps() {
        for (String text : List.of(
                "{\"!bar\":\"baz\",\"/\":\"foo\"}",
                "{\"/\":true,\"bar\":\"baz\"}",
                "{\"/\":{\"abar\":\"baz\",\"bytes\":\"foo\"}}",
                "{\"/\":{\"bytes\":true},\"bar\":\"baz\"}",
                "{\"/\":{\"/\":\"" + CID + "\"}}",
                "{\"/\":{\"bytes\":{\"/\":\"" + CID + "\"}}}",
                "{\"/\":{}}")) {
            IpldNode node = decode(text);
            assertThat(node.kind()).isEqualTo(IpldNode.Kind.MAP);
            assertThat(encode(node)).isEqualTo(text);
        }
    }

    @Test
    void encode_mapOfTheReservedNamespace_isRefused() {
        IpldNode node = new IpldNode.MapValue(Map.of("/", new IpldNode.StringValue("foo")));
        assertThatThrownBy(() -> encode(node))
                .isInstanceOf(CodecException.class)
                .hasMessage(
                        "dag-json: map in the reserved namespace \"/\", want a link, bytes or no \"/\" as the first key");
    }

    @Test
    void encode_whatJsonLacks_isRefused() {
        assertThatThrownBy(() -> text(Double.NaN)).hasMessage("dag-json: float NaN, want a finite number");
        assertThatThrownBy(() -> encode(new IpldNode.StringValue("\ud800")))
                .hasMessage("dag-json: string with an unpaired surrogate, want Unicode text");
        assertThatThrownBy(() -> JSON.encode(IpldNode.BytesValue.of(new byte[1])))
                .hasMessage("json: bytes, want kinds that plain JSON has");
        assertThatThrownBy(() -> JSON.encode(decode("{\"/\":\"" + CID + "\"}")))
                .hasMessage("json: a link, want kinds that plain JSON has");
        assertThatThrownBy(() -> IpldNode.IntValue.of(BigInteger.ONE.shiftLeft(64)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plainJson_isIndentedAndKeepsTheOrder() {
        Map<String, IpldNode> entries = new LinkedHashMap<>();
        entries.put("b", new IpldNode.ListValue(List.of(IpldNode.IntValue.of(1), new IpldNode.BoolValue(true))));
        entries.put("a", new IpldNode.MapValue(Map.of()));
        entries.put("/", new IpldNode.StringValue("x"));
        String text = "{\n\t\"b\": [\n\t\t1,\n\t\ttrue\n\t],\n\t\"a\": {},\n\t\"/\": \"x\"\n}\n";
        assertThat(new String(JSON.encode(new IpldNode.MapValue(entries)), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(JSON.decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new IpldNode.MapValue(entries));
        assertThat(JSON.encode(IpldNode.IntValue.of(7))).containsExactly('7');
    }

    private static String encode(IpldNode node) {
        return new String(DAG_JSON.encode(node), StandardCharsets.UTF_8);
    }

    private static IpldNode decode(String text) {
        return DAG_JSON.decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void refused(String text, @org.jspecify.annotations.Nullable String message) {
        assertThatThrownBy(() -> decode(text))
                .as(text)
                .isInstanceOf(CodecException.class)
                .satisfies(e -> {
                    if (message != null) {
                        assertThat(e).hasMessage("dag-json: " + message);
                    }
                });
    }
}
