package io.kafila.libp2p.internal.security.aead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AeadSuiteTest {

    @Test
    void available_always_endsWithPureJava() {
        List<String> names = AeadSuite.available().stream().map(AeadSuite::name).toList();

        assertThat(names).contains("jdk").endsWith("bouncycastle").doesNotHaveDuplicates();
        assertThat(AeadSuite.fastest().name()).isEqualTo(names.get(0));
        assertThat(AeadSuite.fastest()).isSameAs(AeadSuite.fastest());
    }
}
