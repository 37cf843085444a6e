package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dag.IpldNode;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IpnsPublisherTest {
    private final NamingBench bench = new NamingBench();

    private IpnsRecord make(IpnsPublication publication) {
        return bench.publisher.make(bench.key, publication, true).join();
    }

    @Test
    void make_sequenceGrowsWithTheValue() {
        assertThat(make(IpnsPublication.of(NamingBench.A)).sequence()).isZero();
        assertThat(make(IpnsPublication.of(NamingBench.A)).sequence()).isZero();
        assertThat(make(IpnsPublication.of(NamingBench.B)).sequence()).isEqualTo(1);
        assertThat(bench.store.get(bench.name).orElseThrow().value()).isEqualTo(NamingBench.B);
        IpnsPublication more = new IpnsPublication(
                NamingBench.B,
                Duration.ofHours(1),
                Duration.ofSeconds(3),
                OptionalLong.empty(),
                Map.of("_manifest", new IpldNode.StringValue("x")),
                false);
        IpnsRecord record = make(more);
        assertThat(record.sequence()).as("other extra fields are another value").isEqualTo(2);
        assertThat(record.validity()).isEqualTo(bench.clock.instant().plus(Duration.ofHours(1)));
        assertThat(record.ttl()).isEqualTo(Duration.ofSeconds(3));
        assertThat(record.hasV1()).isFalse();
    }

    @Test
    void make_nothingStored_followsTheNetworksRecord() {
        bench.routing.add(bench.name, bench.record(NamingBench.A, 41).bytes());
        assertThat(make(IpnsPublication.of(NamingBench.B)).sequence()).isEqualTo(42);
        assertThat(bench.routing.searches).isEqualTo(1);
        make(IpnsPublication.of(NamingBench.A));
        assertThat(bench.routing.searches).as("now it has its own").isEqualTo(1);
    }

    @Test
    void make_networkThatFails_isNoReasonNotTo() {
        bench.routing.broken = true;
        assertThat(make(IpnsPublication.of(NamingBench.B)).sequence()).isZero();
    }

    @Test
    void make_givenSequence_mustBeLarger() {
        IpnsPublication five = new IpnsPublication(
                NamingBench.A, Duration.ofHours(1), Duration.ZERO, OptionalLong.of(5), Map.of(), true);
        assertThat(make(five).sequence()).isEqualTo(5);
        assertThatThrownBy(() -> make(five))
                .cause()
                .hasMessage("sequence number must be greater than the current record sequence");
        assertThat(make(IpnsPublication.of(NamingBench.B)).sequence())
                .as("a failure does not hold up those behind it")
                .isEqualTo(6);
    }

    @Test
    void make_twoAtOnce_followOneAnother() {
        bench.routing.hold = true;
        CompletableFuture<IpnsRecord> first = bench.publisher.make(bench.key, IpnsPublication.of(NamingBench.A), true);
        CompletableFuture<IpnsRecord> second = bench.publisher.make(bench.key, IpnsPublication.of(NamingBench.B), true);
        PrivateKey other = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        assertThat(bench.publisher
                        .make(other, IpnsPublication.of(NamingBench.A), false)
                        .isDone())
                .as("another name does not wait")
                .isTrue();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        bench.routing.open.get(0).complete(java.util.Optional.empty());
        assertThat(first.join().sequence()).isZero();
        assertThat(second.join().sequence()).isEqualTo(1);
        assertThat(bench.routing.searches).isEqualTo(1);
    }

    @Test
    void keep_theNewerOneOnly() {
        bench.publisher.keep(bench.name, bench.record(NamingBench.B, 7)).join();
        bench.publisher.keep(bench.name, bench.record(NamingBench.A, 6)).join();
        assertThat(bench.store.get(bench.name).orElseThrow().sequence()).isEqualTo(7);
        PrivateKey other = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        assertThatThrownBy(() -> bench.publisher
                        .keep(IpnsName.of(other.publicKey()), bench.record(NamingBench.A, 8))
                        .join())
                .hasCauseInstanceOf(IpnsRecordException.class);
    }

    @Test
    void renew_everythingButTheValidityStays() {
        IpnsRecord record = make(new IpnsPublication(
                NamingBench.A,
                Duration.ofHours(1),
                Duration.ofSeconds(9),
                OptionalLong.of(3),
                Map.of("_x", IpldNode.IntValue.of(1)),
                false));
        bench.clock.advance(Duration.ofMinutes(30));
        IpnsRecord renewed =
                bench.publisher.renew(bench.key, Duration.ofHours(48)).join().orElseThrow();
        assertThat(renewed.validity()).isEqualTo(bench.clock.instant().plus(Duration.ofHours(48)));
        assertThat(renewed.sequence()).isEqualTo(3);
        assertThat(renewed.ttl()).isEqualTo(record.ttl());
        assertThat(renewed.extra()).isEqualTo(record.extra());
        assertThat(renewed.hasV1()).isFalse();
        IpnsRecord shorter =
                bench.publisher.renew(bench.key, Duration.ofHours(1)).join().orElseThrow();
        assertThat(shorter.validity()).as("never shorter").isEqualTo(renewed.validity());
    }
}
