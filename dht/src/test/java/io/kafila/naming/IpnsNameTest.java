package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.MultiformatException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpnsNameTest {
    @ParameterizedTest
    @CsvSource({
        "12D3KooWRBy97UB99e3J6hiPesre1MZeuNQvfan4gBziswrRJsNK,"
                + " k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8",
        "bafzaajaiaejcbzdibmxyzdjbbehgvizh6g5tikvy47mshdy6gwbruvgwvd24seje,"
                + " k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8",
        "QmVujd5Vb7moysJj8itnGufN7MEtPRCNHkKpNuA4onsRa3," + " k2k4r8m7xvggw5pxxk3abrkwyer625hg01hfyggrai7lk1m63fuihi7w",
    })
    void parse_everyForm_isWrittenInBase36(String text, String base36) {
        assertThat(IpnsName.parse(text)).hasToString(base36);
        assertThat(IpnsName.parse("/ipns/" + base36)).isEqualTo(IpnsName.parse(text));
        byte[] key = IpnsName.parse(text).routingKey();
        assertThat(new String(key, 0, 6, StandardCharsets.US_ASCII)).isEqualTo("/ipns/");
        assertThat(IpnsName.ofRoutingKey(key)).isEqualTo(IpnsName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.com", "bafkqaaa", "1and1.example", "Qm"})
    void parse_anythingElse_isNone(String text) {
        assertThat(IpnsName.tryParse(text)).isEmpty();
        assertThatThrownBy(() -> IpnsName.parse(text)).isInstanceOf(MultiformatException.class);
    }

    @Test
    void ofRoutingKey_noName_isRefused() {
        for (String key : new String[] {"", "/pk/x", "/ipns/", "/ipns/x"}) {
            assertThatThrownBy(() -> IpnsName.ofRoutingKey(key.getBytes(StandardCharsets.US_ASCII)))
                    .isInstanceOf(NamingException.class)
                    .hasMessageStartingWith("name is invalid");
        }
    }
}
