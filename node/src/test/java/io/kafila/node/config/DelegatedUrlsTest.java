package io.kafila.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DelegatedUrlsTest {
    private static final Config INITIAL = Config.initial("", "");

    @Test
    void auto_standsForWhatTheDhtDoesNotKnow() {
        assertThat(DelegatedUrls.of(INITIAL, false, true))
                .isEqualTo(new DelegatedUrls(List.of(DelegatedUrls.INDEXERS), List.of()));
        assertThat(DelegatedUrls.of(INITIAL, false, false))
                .isEqualTo(new DelegatedUrls(
                        List.of(DelegatedUrls.INDEXERS, DelegatedUrls.DHT), List.of(DelegatedUrls.DHT + "/ipns")));
    }

    @Test
    void auto_inAPrivateNetworkOrSwitchedOff_standsForNothing() {
        DelegatedUrls none = new DelegatedUrls(List.of(), List.of());
        assertThat(DelegatedUrls.of(INITIAL, true, false)).isEqualTo(none);
        assertThat(DelegatedUrls.of(
                        Config.parse(
                                "{\"AutoConf\":{\"Enabled\":false},\"Routing\":{\"DelegatedRouters\":[\"auto\"]}}"),
                        false,
                        false))
                .isEqualTo(none);
    }

    @Test
    void urls_stayInTheirOrder() {
        Config config =
                INITIAL.with("Routing.DelegatedRouters", List.of("http://a.example", "auto", "http://b.example"));
        assertThat(DelegatedUrls.of(config, true, true).routers())
                .containsExactly("http://a.example", "http://b.example");
    }
}
