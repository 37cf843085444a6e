package io.kafila.delegated;

import static io.kafila.delegated.DelegatedEndpoint.Ability.CLOSEST_PEERS;
import static io.kafila.delegated.DelegatedEndpoint.Ability.IPNS_GET;
import static io.kafila.delegated.DelegatedEndpoint.Ability.IPNS_PUT;
import static io.kafila.delegated.DelegatedEndpoint.Ability.PEERS;
import static io.kafila.delegated.DelegatedEndpoint.Ability.PROVIDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelegatedEndpointTest {
    @Test
    void of_urlsOfOneHost_areOneEndpoint() {
        assertThat(DelegatedEndpoint.of(
                        List.of("https://a.example/routing/v1/providers", "http://b.example:8080/"),
                        List.of("https://a.example/routing/v1/ipns", "https://c.example/routing/v1/")))
                .containsExactly(
                        new DelegatedEndpoint(URI.create("https://a.example"), Set.of(PROVIDERS, IPNS_PUT)),
                        new DelegatedEndpoint(
                                URI.create("http://b.example:8080"), Set.of(PROVIDERS, PEERS, IPNS_GET, CLOSEST_PEERS)),
                        new DelegatedEndpoint(URI.create("https://c.example"), Set.of(IPNS_PUT)));
        assertThat(DelegatedEndpoint.of(List.of("https://cid.contact"), List.of("https://cid.contact")))
                .containsExactly(new DelegatedEndpoint(URI.create("https://cid.contact"), Set.of(PROVIDERS)));
        assertThat(DelegatedEndpoint.of(List.of(), List.of("https://a.example/routing/v1/peers")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.example", "ftp://a.example", "https:///x", "https://a.example/other", "http://a b"})
    void of_noUrlOfARouter_isRefused(String url) {
        assertThatThrownBy(() -> DelegatedEndpoint.of(List.of(url), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("delegated router \"" + url + "\": ");
    }
}
