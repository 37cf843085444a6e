package io.kafila.daemon.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.local.FileOffer;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.dag.unixfs.ImportEntry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOffersTest {
    @TempDir
    Path folder;

    private Optional<MachineSecret> secret = Optional.empty();
    private ImportEntry.File large;

    @BeforeEach
    void place() throws IOException {
        secret = MachineSecret.create(folder, new SecureRandom());
        large = entry(Files.write(folder.resolve("large"), new byte[(int) FileOffer.LEAST_BYTES]));
    }

    private static ImportEntry.File entry(Path file) throws IOException {
        return new ImportEntry.File(
                "name",
                () -> FileChannel.open(file),
                OptionalLong.of(Files.size(file)),
                Optional.of(new ImportEntry.DiskLocation(file, 0)),
                OptionalInt.empty(),
                Optional.empty());
    }

    @Test
    void answers_comeInTheOrderOfTheOffers() throws IOException {
        FileOffers offers = new FileOffers(secret);
        assertThat(offers.offer(large)).isPresent();
        offers.answer(true);
        offers.answer(false);
        assertThat(offers.isTaken()).isTrue();
        assertThat(offers.offer(large)).isPresent();
        assertThat(offers.isTaken()).isFalse();
    }

    @Test
    void noAnswerToTheFirst_nothingIsOfferedAgain() throws IOException {
        FileOffers offers = new FileOffers(secret, 0);
        assertThat(offers.offer(large)).isPresent();
        assertThat(offers.isTaken()).isFalse();
        assertThat(offers.offer(large)).isEmpty();
    }

    @Test
    void end_releasesWhoeverWaits_howeverLongItWould() throws IOException {
        FileOffers offers = new FileOffers(secret, Long.MAX_VALUE);
        offers.answer(true);
        assertThat(offers.isTaken()).isTrue();
        Thread ending = new Thread(offers::end);
        ending.start();
        assertThat(offers.isTaken()).isFalse();
        assertThat(offers.offer(large)).isEmpty();
    }

    @Test
    void withoutSecret_orWithoutAPlaceOnDisk_nothingIsOffered() throws IOException {
        assertThat(new FileOffers(Optional.empty()).offer(large)).isEmpty();
        FileOffers offers = new FileOffers(secret);
        assertThat(offers.offer(ImportEntry.File.of("stdin", large.content()))).isEmpty();
        Path small = Files.write(folder.resolve("small"), new byte[100]);
        assertThat(offers.offer(entry(small))).isEmpty();
    }
}
