package io.kafila.daemon.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"text\"",
                "-1",
                "2147483648",
                "9223372036854775807",
                "18446744073709551615",
                "0.1",
                "1.5E300",
                "{\"b\":[1,{\"c\":[]},null],\"a\":{\"\":\"\u00e9\\\"\\n\"}}",
                "{\"twice\":1,\"twice\":2}"
            })
    void read_anyValue_isTheTreeOfAnObjectMapper(String text) throws IOException {
        JsonNode tree = Json.read(text);
        assertThat(tree).isEqualTo(new ObjectMapper().readTree(text));
        assertThat(Json.write(tree)).isEqualTo(new ObjectMapper().writeValueAsString(tree));
    }

    @Test
    void write_charactersOfHtml_areEscapedAsGoDoes() {
        assertThat(Json.write(Json.object("<k>", "a&b\u2028"))).isEqualTo("{\"\\u003ck\\u003e\":\"a\\u0026b\\u2028\"}");
    }

    @Test
    void write_missing_isNull() {
        assertThat(Json.write(MissingNode.getInstance())).isEqualTo("null");
    }

    @Test
    void write_whatIsNoJson_fails() {
        assertThatThrownBy(() -> Json.write(BinaryNode.valueOf(new byte[1]))).hasMessageContaining("BINARY");
    }

    @Test
    void read_nothing_isMissing() throws JsonProcessingException {
        assertThat(Json.read(" ").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[1,", "{\"a\" 1}", "]", "tru"})
    void read_broken_fails(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void read_tooDeep_fails() throws JsonProcessingException {
        assertThat(Json.read("[".repeat(200) + "]".repeat(200)).isArray()).isTrue();
        assertThatThrownBy(() -> Json.read("[".repeat(201) + "]".repeat(201)))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("depth");
    }

    @Test
    void values_manyInAStream_comeOneByOne() throws IOException {
        byte[] stream = "{\"a\":1} [2]\n\"three\"".getBytes(StandardCharsets.UTF_8);
        Json.Values values = Json.values(new ByteArrayInputStream(stream));
        assertThat(values.next()).hasToString("{\"a\":1}");
        assertThat(values.next()).hasToString("[2]");
        assertThat(values.next()).hasToString("\"three\"");
        assertThat(values.next()).isNull();
    }
}
