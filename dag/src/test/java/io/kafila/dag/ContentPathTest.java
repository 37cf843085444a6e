package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Cid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of boxo's path package and of Kubo's PathOrCidPath. */
class ContentPathTest {
    private static final String V0 = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
    private static final String V1 = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ipfs/" + V0,
                "/ipfs/" + V0 + "/a",
                "/ipfs/" + V1 + "/a/b/c/d/e/f",
                "/ipld/" + V0 + "/a",
                "/ipld/" + V1 + "/a/b",
                "/ipns/" + V0,
                "/ipns/" + V1 + "/a",
                "/ipns/domain.net",
                "/ipns/domain.net/a/b/c/d",
                "/ipfs/bafkqaaa/"
            })
    void parse_canonicalPath_isKept(String text) {
        ContentPath path = ContentPath.parseStrict(text);
        assertThat(path).hasToString(text).isEqualTo(ContentPath.parse(text));
        assertThat(path.namespace()).hasToString(text.substring(1, 5));
        assertThat(path.mutable()).isEqualTo(text.startsWith("/ipns"));
    }

    @ParameterizedTest
    @CsvSource({
        "/ipfs/bafkqaaa//,/ipfs/bafkqaaa/",
        "/ipfs///bafkqaaa//,/ipfs/bafkqaaa/",
        "/ipfs///bafkqaaa/a/b/../c,/ipfs/bafkqaaa/a/c",
        "/ipfs///bafkqaaa/a/b/../c/,/ipfs/bafkqaaa/a/c/",
        "/../ipfs/./bafkqaaa/a/.,/ipfs/bafkqaaa/a",
        "/ipfs/x/../bafkqaaa,/ipfs/bafkqaaa"
    })
    void parse_untidyPath_isCleaned(String text, String canonical) {
        assertThat(ContentPath.parseStrict(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        V0 + ",path does not have enough components",
        V0 + "/a,path does not have enough components",
        "/" + V0 + ",path does not have enough components",
        "/" + V0 + "/a,unknown namespace: \"" + V0 + "\"",
        "/ipfs/,path does not have enough components",
        "ipfs/" + V0 + ",path does not have enough components",
        "/ipfs/bafkqaaa/../..,path does not have enough components",
        "/ipns,path does not have enough components",
        "/ipns/,path does not have enough components",
        "/,path does not have enough components",
        "/IPFS/bafkqaaa,unknown namespace: \"IPFS\"",
        "/testfs/a,unknown namespace: \"testfs\""
    })
    void parseStrict_malformedPath_isRefusedAsByBoxo(String text, String reason) {
        assertThatThrownBy(() -> ContentPath.parseStrict(text))
                .isInstanceOf(PathException.class)
                .hasMessage("invalid path \"" + text + "\": " + reason)
                .satisfies(e -> assertThat(((PathException) e).kind()).isEqualTo(PathException.Kind.MALFORMED));
    }

    @Test
    void parseStrict_badCid_isRefused() {
        for (String text : List.of("/ipfs/foo", "/ipld/foo", "/ipfs/" + V0 + "x/a")) {
            assertThatThrownBy(() -> ContentPath.parseStrict(text))
                    .hasMessageStartingWith("invalid path \"" + text + "\": invalid cid: ");
        }
        assertThatThrownBy(() -> ContentPath.parse("")).hasMessageContaining("enough components");
        assertThatThrownBy(() -> ContentPath.parse("foo"))
                .hasMessage("invalid path \"foo\": path does not have enough components");
        assertThatThrownBy(() -> ContentPath.parse("/ipfs/bafkqaaa/" + "a".repeat(ContentPath.MAX_CHARS)))
                .hasMessageContaining("want at most 65536");
    }

    @Test
    void parse_bareCid_standsForIpfs() {
        assertThat(ContentPath.parse(V0)).hasToString("/ipfs/" + V0);
        assertThat(ContentPath.parse(V1 + "/a/b")).hasToString("/ipfs/" + V1 + "/a/b");
        assertThat(ContentPath.parse("/" + V1 + "/a")).hasToString("/ipfs/" + V1 + "/a");
        assertThat(ContentPath.parse(V1).cid()).isEqualTo(Cid.parse(V1));
        assertThat(ContentPath.of(Cid.parse(V1))).hasToString("/ipfs/" + V1);
    }

    @Test
    void join_segments_areCleaned() {
        ContentPath path = ContentPath.parse("/ipfs/" + V0);
        assertThat(path.join(List.of("a/b"))).hasToString("/ipfs/" + V0 + "/a/b");
        assertThat(path.join(List.of("/a/b"))).hasToString("/ipfs/" + V0 + "/a/b");
        assertThat(path.join(List.of("a/b/../"))).hasToString("/ipfs/" + V0 + "/a/");
        assertThat(path.join(List.of("a/b", "/"))).hasToString("/ipfs/" + V0 + "/a/b/");
        assertThat(ContentPath.parse("/ipfs/" + V0 + "/").join(List.of("/a/b"))).hasToString("/ipfs/" + V0 + "/a/b");
        assertThat(path.join(List.of())).isEqualTo(path);
    }

    @Test
    void cid_ofAMutablePath_isRefused() {
        assertThatThrownBy(() -> ContentPath.parse("/ipns/domain.net").cid())
                .hasMessage("invalid path \"/ipns/domain.net\": path was expected to be immutable");
        assertThatThrownBy(() -> new ContentPath(ContentPath.Namespace.IPFS, "x", List.of(), false))
                .isInstanceOf(PathException.class);
    }
}
