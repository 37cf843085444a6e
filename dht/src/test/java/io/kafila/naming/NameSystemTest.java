package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dag.ContentPath;
import io.kafila.dag.PathException;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NameSystemTest {
    private final NamingBench bench = new NamingBench();

    private ContentPath resolve(String path) {
        return bench.names
                .resolve(ContentPath.parse(path), ResolveOptions.DEFAULT)
                .join();
    }

    @Test
    void resolve_severalRecords_theNewestValidOne() {
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        bench.routing.add(bench.name, bench.record(NamingBench.B, 2).bytes());
        bench.routing.add(bench.name, "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        PrivateKey other = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        bench.routing.add(
                bench.name,
                IpnsRecord.create(
                                other,
                                IpnsRecordDraft.of(
                                        NamingBench.A, 9, bench.clock.instant().plusSeconds(60)))
                        .bytes());
        List<ContentPath> steps = new ArrayList<>();
        ContentPath found = bench.names
                .resolveOnce(bench.name.toString(), ResolveOptions.DEFAULT, steps::add)
                .join();
        assertThat(found).isEqualTo(NamingBench.B);
        assertThat(steps).containsExactly(NamingBench.A, NamingBench.B);
        assertThat(bench.finder.refusedCount()).isEqualTo(2);
    }

    @Test
    void resolve_oldFormsOfTheName_areTheSame() {
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        assertThat(resolve("/ipns/" + bench.name.peer() + "/x")).hasToString(NamingBench.A + "/x");
        assertThat(resolve("/ipns/" + bench.name.peer().toCid() + "/x")).hasToString(NamingBench.A + "/x");
        assertThat(bench.routing.searches).as("the second from the cache").isEqualTo(1);
    }

    @Test
    void resolve_again_fromTheCacheUntilTheTtlEnds() {
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        resolve("/ipns/" + bench.name);
        bench.routing.add(bench.name, bench.record(NamingBench.B, 2).bytes());
        bench.clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(resolve("/ipns/" + bench.name)).isEqualTo(NamingBench.A);
        bench.clock.advance(Duration.ofNanos(1));
        assertThat(resolve("/ipns/" + bench.name)).isEqualTo(NamingBench.B);
    }

    @Test
    void resolve_uncached_looksAgain() {
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        resolve("/ipns/" + bench.name);
        bench.routing.add(bench.name, bench.record(NamingBench.B, 2).bytes());
        assertThat(bench.names
                        .resolve(ContentPath.parse("/ipns/" + bench.name), ResolveOptions.DEFAULT.withCached(false))
                        .join())
                .isEqualTo(NamingBench.B);
    }

    @Test
    void cache_isBounded() {
        for (int i = 0; i < 5; i++) {
            PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
            IpnsName name = IpnsName.of(key.publicKey());
            bench.names.remember(
                    name,
                    IpnsRecord.create(
                            key,
                            IpnsRecordDraft.of(
                                    NamingBench.A, 0, bench.clock.instant().plusSeconds(60))));
        }
        assertThat(bench.names.cachedCount()).isEqualTo(2);
    }

    @Test
    void resolve_unknownName_failsInKubosWords() {
        assertFails("/ipns/" + bench.name, "could not resolve name");
        assertFails(
                "/ipns/nothing.example",
                "DNSLink lookup for \"nothing.example.\" failed: could not resolve name: DNSLink lookup could not"
                        + " find a TXT record (https://docs.ipfs.tech/concepts/dnslink/)");
        assertFails("/ipns/a..b", "cannot resolve: \"/ipns/a..b\"");
        assertThat(bench.asked).containsExactly("_dnslink.nothing.example");
    }

    private void assertFails(String path, String message) {
        assertThatThrownBy(() -> resolve(path))
                .cause()
                .isInstanceOfSatisfying(
                        PathException.class, e -> assertThat(e.kind()).isEqualTo(PathException.Kind.UNRESOLVED_NAME))
                .hasMessage(message);
    }

    @Test
    void resolve_routingThatFails_saysWhy() {
        bench.routing.broken = true;
        assertFails("/ipns/" + bench.name, "failed to find any peer in table");
    }

    @Test
    void resolve_offline_theOwnRecordAlone() {
        bench.routing.add(bench.name, bench.record(NamingBench.B, 2).bytes());
        bench.store.put(bench.name, bench.record(NamingBench.A, 1));
        ResolveOptions offline = ResolveOptions.DEFAULT.withNetwork(false);
        assertThat(bench.names
                        .resolve(ContentPath.parse("/ipns/" + bench.name), offline)
                        .join())
                .isEqualTo(NamingBench.A);
        assertThat(bench.routing.searches).isZero();
    }

    @Test
    void resolve_atTheTimeout_theBestSoFar() {
        bench.routing.hold = true;
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        CompletableFuture<ContentPath> resolving =
                bench.names.resolve(ContentPath.parse("/ipns/" + bench.name), ResolveOptions.DEFAULT);
        bench.scheduler.advance(Duration.ofMinutes(1).minusMillis(1));
        assertThat(resolving).isNotDone();
        bench.scheduler.advance(Duration.ofMillis(1));
        assertThat(resolving.join()).isEqualTo(NamingBench.A);
        assertThat(bench.routing.open.get(0)).isCancelled();
    }

    @Test
    void resolve_cancelled_endsTheSearch() {
        bench.routing.hold = true;
        bench.names
                .resolve(ContentPath.parse("/ipns/" + bench.name), ResolveOptions.DEFAULT)
                .cancel(false);
        assertThat(bench.routing.open.get(0)).isCancelled();
        assertThat(bench.scheduler.pending()).as("timers").isZero();
    }

    @Test
    void resolve_domainThatLeadsToAName_bothAreFollowed() {
        bench.dns.put("_dnslink.model.example", List.of("v=spf1 -all", "dnslink=/ipns/" + bench.name + "/v2"));
        bench.routing.add(bench.name, bench.record(NamingBench.A, 1).bytes());
        assertThat(resolve("/ipns/model.example/w.bin")).hasToString(NamingBench.A + "/v2/w.bin");
        assertThat(resolve("/ipns/Model.Example.")).hasToString(NamingBench.A + "/v2");
    }

    @Test
    void resolve_domainsThatLeadToEachOther_endsAtTheBound() {
        bench.dns.put("_dnslink.a.example", List.of("dnslink=/ipns/b.example"));
        bench.dns.put("_dnslink.b.example", List.of("dnslink=/ipns/a.example"));
        assertThatThrownBy(() -> resolve("/ipns/a.example")).hasMessageContaining("more than 32 names");
        assertThat(bench.asked).hasSize(32);
    }

    @Test
    void resolve_fixedName_needsNoLook() {
        assertThat(resolve("/ipns/fixed.example/x")).hasToString(NamingBench.B + "/x");
        assertThat(bench.asked).isEmpty();
    }
}
