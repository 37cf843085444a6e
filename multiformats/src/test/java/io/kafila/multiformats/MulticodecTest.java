package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class MulticodecTest {
    @Test
    void table_equalsThePublishedOne() {
        List<Multicodec> published = Fixtures.text("multicodec/table.csv")
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(line -> {
                    String[] fields = line.split(",");
                    long code = Long.parseLong(fields[2].strip().substring(2), 16);
                    return new Multicodec(code, fields[0].strip(), fields[1].strip(), fields[3].strip());
                })
                .toList();
        assertThat(published.size()).isGreaterThan(600);
        assertThat(Multicodec.all()).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void lookup_byCodeAndName_sameRow() {
        for (Multicodec row : Multicodec.all()) {
            assertThat(Multicodec.byCode(row.code())).contains(row);
            assertThat(Multicodec.byName(row.name())).contains(row);
        }
        assertThat(Multicodec.byCode(0x300001)).isEmpty();
        assertThat(Multicodec.byName("dag-xml")).isEmpty();
    }

    @Test
    void codeOf_nameOrNumberAsInGo() {
        assertThat(Multicodec.codeOf("dag-pb")).hasValue(0x70);
        assertThat(Multicodec.codeOf("0x70")).hasValue(0x70);
        assertThat(Multicodec.codeOf("112")).hasValue(0x70);
        assertThat(Multicodec.codeOf("0160")).hasValue(0x70);
        for (String none : List.of("", "dag-xml", "-1", "0x", "9x9", "0xffffffffffffffffff", "+1", "#70")) {
            assertThat(Multicodec.codeOf(none)).as(none).isEmpty();
        }
    }

    @Test
    void constants_theirCodes() {
        assertThat(Multicodec.RAW.code()).isEqualTo(0x55);
        assertThat(Multicodec.DAG_PB.code()).isEqualTo(0x70);
        assertThat(Multicodec.DAG_CBOR.code()).isEqualTo(0x71);
        assertThat(Multicodec.LIBP2P_KEY.code()).isEqualTo(0x72);
        assertThat(Multicodec.DAG_JSON.code()).isEqualTo(0x0129);
    }

    @Test
    void code_negative_refused() {
        assertThatThrownBy(() -> new Multicodec(-1, "x", "y", "draft")).hasMessageContaining("want 0 to 2^63-1");
    }

    @Test
    void all_byRisingCode() {
        assertThat(Multicodec.all().stream().map(Multicodec::code)).isSorted();
    }
}
