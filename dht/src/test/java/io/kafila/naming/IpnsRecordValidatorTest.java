package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dht.InvalidRecordException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpnsRecordValidatorTest {
    private final NamingBench bench = new NamingBench();
    private final IpnsRecordValidator validator = new IpnsRecordValidator(bench.clock);

    @Test
    void validate_onlyTheNamesOwnRecord() {
        byte[] record = bench.record(NamingBench.A, 1).bytes();
        validator.validate(bench.name.routingKey(), record);
        NamingBench other = new NamingBench();
        assertThatThrownBy(() -> validator.validate(other.name.routingKey(), record))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("signature verification failed");
        assertThatThrownBy(
                        () -> validator.validate("/ipns/x".getBytes(java.nio.charset.StandardCharsets.UTF_8), record))
                .isInstanceOf(InvalidRecordException.class);
        bench.clock.advance(java.time.Duration.ofHours(49));
        assertThatThrownBy(() -> validator.validate(bench.name.routingKey(), record))
                .hasMessage("record is expired");
    }

    @Test
    void select_theNewestAndAmongEqualsTheFirst() {
        byte[] one = bench.record(NamingBench.A, 1).bytes();
        byte[] two = bench.record(NamingBench.A, 2).bytes();
        assertThat(validator.select(bench.name.routingKey(), List.of(one, two, one)))
                .isEqualTo(1);
        assertThat(validator.select(bench.name.routingKey(), List.of(two, two))).isZero();
        assertThat(validator.namespace()).isEqualTo("ipns");
    }
}
