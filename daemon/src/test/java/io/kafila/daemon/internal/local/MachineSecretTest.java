package io.kafila.daemon.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineSecretTest {
    private static final byte[] TEXT = {1, 2, 3};

    @TempDir
    Path repo;

    @Test
    void created_isReadByTheSameUserOnly_andGoneWhenClosed() throws IOException {
        MachineSecret secret = MachineSecret.create(repo, new SecureRandom()).orElseThrow();
        Path file = repo.resolve(MachineSecret.FILE_NAME);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MachineSecret.read(repo).orElseThrow().sign(TEXT)).isEqualTo(secret.sign(TEXT));
        try (var left = Files.list(repo)) {
            assertThat(left).containsExactly(file);
        }
        secret.close();
        secret.close();
        assertThat(file).doesNotExist();
        assertThat(MachineSecret.read(repo)).isEmpty();
    }

    @Test
    void createdAgain_isAnother_whateverLayThere() throws IOException {
        MachineSecret first = MachineSecret.create(repo, new SecureRandom()).orElseThrow();
        Files.createSymbolicLink(repo.resolve(MachineSecret.FILE_NAME + ".tmp"), repo.resolve("elsewhere"));
        MachineSecret second = MachineSecret.create(repo, new SecureRandom()).orElseThrow();
        assertThat(second.sign(TEXT)).isNotEqualTo(first.sign(TEXT));
        assertThat(MachineSecret.read(repo).orElseThrow().sign(TEXT)).isEqualTo(second.sign(TEXT));
        assertThat(repo.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void sign_isTheHmacOfThePlatform() throws Exception {
        Files.writeString(repo.resolve(MachineSecret.FILE_NAME), "0b".repeat(32));
        Mac mac = Mac.getInstance("HmacSHA256");
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x0b);
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] long1 = new byte[1000];
        assertThat(MachineSecret.read(repo).orElseThrow().sign(TEXT, long1))
                .isEqualTo(mac.doFinal(Arrays.copyOf(TEXT, TEXT.length + long1.length)));
    }

    @Test
    void otherContent_isNoSecret() throws IOException {
        for (String text : List.of("", "ab", "g".repeat(64), "a".repeat(65))) {
            Files.writeString(repo.resolve(MachineSecret.FILE_NAME), text);
            assertThat(MachineSecret.read(repo)).as(text).isEmpty();
        }
    }
}
