package io.kafila.libp2p.internal.security.aead;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeadChoiceTest {
    @TempDir
    private Path folder;

    private static List<String> names(boolean wide) {
        return AeadChoice.working(wide).map(AeadSuite::name).toList();
    }

    private static List<String> loaded(List<Optional<AeadSuite>> suites) {
        return Stream.concat(suites.stream().flatMap(Optional::stream).map(AeadSuite::name), Stream.of("bouncycastle"))
                .toList();
    }

    @Test
    void working_processorWithWiderCode_beginsWithOpenSsl() {
        assertThat(names(true))
                .isEqualTo(loaded(List.of(OpenSslAeadSuite.load(), ConscryptAeadSuite.load(), JdkAeadSuite.load())));
    }

    @Test
    void working_anyOtherProcessor_beginsWithConscrypt() {
        assertThat(names(false))
                .isEqualTo(loaded(List.of(ConscryptAeadSuite.load(), OpenSslAeadSuite.load(), JdkAeadSuite.load())));
    }

    @Test
    void hasFlag_wholeWordOfTheFlags_isSeen() throws IOException {
        Path file = Files.writeString(
                folder.resolve("cpuinfo"),
                "processor\t: 0\nmodel name\t: avx avx2 avx512f\nflags\t\t: fpu avx512vl sha_ni\nbugs\t: spectre\n");

        assertThat(AeadChoice.hasFlag(file, "avx512vl")).isTrue();
        assertThat(AeadChoice.hasFlag(file, "sha_ni")).isTrue();
        assertThat(AeadChoice.hasFlag(file, "avx512")).isFalse();
        assertThat(AeadChoice.hasFlag(file, "avx2")).isFalse();
        assertThat(AeadChoice.hasFlag(file, "spectre")).isFalse();
    }

    @Test
    void hasFlag_processorOfAnotherKindOrNoFile_isAnsweredNo() throws IOException {
        Path arm = Files.writeString(folder.resolve("arm"), "processor\t: 0\nFeatures\t: fp asimd avx512vl\n");

        assertThat(AeadChoice.hasFlag(arm, "avx512vl")).isFalse();
        assertThat(AeadChoice.hasFlag(folder.resolve("absent"), "avx512vl")).isFalse();
    }
}
