package io.kafila.daemon.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOfferTest {
    private static final int BYTES = (int) FileOffer.LEAST_BYTES + 12_345;

    @TempDir
    Path folder;

    private MachineSecret secret;
    private Path file;
    private byte[] content;

    @BeforeEach
    void place() throws IOException {
        secret = MachineSecret.create(folder, new SecureRandom()).orElseThrow();
        file = folder.resolve("a file, with spaces & ünicode");
        content = new Seed(1).bytes(BYTES);
        Files.write(file, content);
    }

    private String offer() {
        return FileOffer.of(file, secret).orElseThrow();
    }

    private boolean taken(String offer) throws IOException {
        return taken(offer, secret);
    }

    private static boolean taken(String offer, MachineSecret by) throws IOException {
        Optional<FileChannel> channel = FileOffer.take(offer, by);
        if (channel.isPresent()) {
            channel.get().close();
        }
        return channel.isPresent();
    }

    @Test
    void offered_isOpenedAndReadFromItsBeginning() throws IOException {
        try (FileChannel channel = FileOffer.take(offer(), secret).orElseThrow()) {
            assertThat(channel.position()).isZero();
            ByteBuffer read = ByteBuffer.allocate(BYTES + 1);
            while (channel.read(read) > 0) {}
            assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(content));
        }
    }

    @Test
    void offered_byALink_isTheFileItself() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        String offer = FileOffer.of(link, secret).orElseThrow();
        assertThat(taken(offer)).isTrue();
    }

    @Test
    void smallFile_directory_orNothing_isNotOffered() throws IOException {
        Path small = Files.write(folder.resolve("small"), new byte[(int) FileOffer.LEAST_BYTES - 1]);
        assertThat(FileOffer.of(small, secret)).isEmpty();
        assertThat(FileOffer.of(folder, secret)).isEmpty();
        assertThat(FileOffer.of(folder.resolve("none"), secret)).isEmpty();
        assertThat(FileOffer.of(Path.of("/dev/zero"), secret)).isEmpty();
    }

    @Test
    void anotherSecret_isRefused() throws IOException {
        String offer = offer();
        MachineSecret other = MachineSecret.create(folder, new SecureRandom()).orElseThrow();
        assertThat(taken(offer, other)).isFalse();
        assertThat(taken(FileOffer.of(file, other).orElseThrow())).isFalse();
    }

    @Test
    void anyChangedOrMissingCharacter_isRefused() throws IOException {
        String offer = offer();
        for (int i = 0; i < offer.length(); i++) {
            char other = offer.charAt(i) == '0' ? '1' : '0';
            assertThat(taken(offer.substring(0, i) + other + offer.substring(i + 1)))
                    .as("character %s", i)
                    .isFalse();
            assertThat(taken(offer.substring(0, i))).as("length %s", i).isFalse();
        }
        assertThat(taken(offer + " ")).isFalse();
        assertThat(taken(" ".repeat(FileOffer.MAX_CHARACTERS + 1))).isFalse();
    }

    @Test
    void changedFile_isRefused_alsoWithItsOldTimeAndSize() throws IOException {
        String offer = offer();
        FileTime time = Files.getLastModifiedTime(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 77);
        }
        Files.setLastModifiedTime(file, time);
        assertThat(taken(offer)).isFalse();
        assertThat(taken(offer())).isTrue();
    }

    @Test
    void anotherFileAtThePath_isRefused() throws IOException {
        String offer = offer();
        Path copy = Files.write(folder.resolve("copy"), content);
        Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
        Files.delete(file);
        assertThat(taken(offer)).isFalse();
        Files.createSymbolicLink(file, copy);
        assertThat(taken(offer)).isFalse();
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(taken(offer)).isFalse();
    }

    /** A process that has the secret but may not read the file knows what the system tells of it, and no more. */
    @Test
    void signedWithoutKnowingTheBytes_isRefused() throws IOException {
        String[] words = offer().split(" ", -1);
        byte[] guess = new byte[32];
        new Random(7).nextBytes(guess);
        String rest = HexFormat.of().formatHex(guess) + " " + words[3] + " " + words[4];
        byte[] signature =
                secret.sign("offer\0".getBytes(StandardCharsets.UTF_8), rest.getBytes(StandardCharsets.UTF_8));
        assertThat(taken("1 " + HexFormat.of().formatHex(signature) + " " + rest))
                .isFalse();
        String known = words[2] + " " + words[3] + " " + words[4];
        signature = secret.sign("offer\0".getBytes(StandardCharsets.UTF_8), known.getBytes(StandardCharsets.UTF_8));
        assertThat(taken("1 " + HexFormat.of().formatHex(signature) + " " + known))
                .as("the same way of signing, with the right proof")
                .isTrue();
    }

    @Test
    void namesThatDoNotFitAHeader_areNotOffered() throws IOException {
        Path deep = folder;
        for (int i = 0; i < 20; i++) {
            deep = deep.resolve("ü".repeat(60));
        }
        Files.createDirectories(deep);
        Path far = Files.write(deep.resolve("f"), content);
        assertThat(FileOffer.of(far, secret)).isEmpty();
    }
}
