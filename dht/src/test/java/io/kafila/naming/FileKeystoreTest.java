package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeystoreTest extends KeystoreContract {
    @TempDir
    Path folder;

    @Override
    Keystore keystore() {
        return new FileKeystore(folder.resolve("keystore"));
    }

    @Test
    void put_fileIsKubosAndTheOwnersAlone() throws IOException {
        keystore().put("mykey", KEY);
        Path file = folder.resolve("keystore/key_nv4wwzlz");
        assertThat(Files.readAllBytes(file)).isEqualTo(KEY.protobuf());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(keystore().names()).as("after a restart").containsExactly("mykey");
    }

    @Test
    void put_afterACrashInTheMiddle_theHalfFileIsNoKey() throws IOException {
        Files.createDirectories(folder.resolve("keystore"));
        Files.write(folder.resolve("keystore/new_key_nv4wwzlz"), new byte[] {8, 1});
        assertThat(keystore().names()).isEmpty();
        keystore().put("mykey", KEY);
        assertThat(keystore().get("mykey")).contains(KEY);
    }

    @Test
    void get_fileThatHoldsNoKey_namesIt() throws IOException {
        Files.createDirectories(folder.resolve("keystore"));
        Path file = folder.resolve("keystore/key_nv4wwzlz");
        Files.write(file, new byte[] {8, 1, 18, 4, 0, 0, 0, 0});
        assertThatThrownBy(() -> keystore().get("mykey"))
                .hasMessageContaining("cannot deserialize private key file " + file);
        Files.write(file, new byte[16 * 1024 + 1]);
        assertThatThrownBy(() -> keystore().get("mykey")).hasMessageContaining("of more than 16384 bytes");
    }
}
