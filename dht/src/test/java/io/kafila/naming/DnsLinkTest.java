package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsLinkTest {
    private static final String CID = "bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4";

    @ParameterizedTest
    @CsvSource({
        "dnslink=/ipfs/" + CID + "/a, /ipfs/" + CID + "/a",
        "dnslink=/ipns/other.example, /ipns/other.example",
        "dnslink=" + CID + ", /ipfs/" + CID,
        "/ipfs/" + CID + ", /ipfs/" + CID,
        CID + ", /ipfs/" + CID,
    })
    void path_everyWrittenForm(String text, String path) {
        assertThat(DnsLink.path(List.of("google-site-verification=x", text))).hasToString(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dnslink=", "dnslink=/ipfs/x", "dnslink=/ipld/" + CID, "Dnslink=/ipfs/" + CID, "x"})
    void path_noEntry_isRefused(String text) {
        assertThatThrownBy(() -> DnsLink.path(List.of(text)))
                .isInstanceOf(NamingException.class)
                .hasMessageContaining("could not find a TXT record");
    }

    @Test
    void path_twoEntries_isRefused() {
        assertThatThrownBy(() -> DnsLink.path(List.of("dnslink=/ipns/a.example", "dnslink=/ipns/b.example")))
                .hasMessageContaining("more than one IPFS content path");
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM., example.com",
        "localhost, localhost",
        "_a.b-c.d, _a.b-c.d",
        "b\u00fccher.example, xn--bcher-kva.example",
    })
    void domain_inTheFormOfTheDns(String text, String domain) {
        assertThat(DnsLink.domain(text)).contains(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "-a.example",
                "a\\b",
                "a\"b",
                "a b",
                "a,b",
                "1234567890123456789012345678901234567890123456789012345678901234.x"
            })
    void domain_isNone(String text) {
        assertThat(DnsLink.domain(text)).isEmpty();
        assertThat(DnsLink.domain("a.".repeat(130) + "b")).isEmpty();
    }
}
