package io.kafila.blockstore.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
    private static final int MAX_IDLE = 4;

    @TempDir
    Path dir;

    /** A file of the pool that knows the channels it was given. */
    private final class Probe {
        final List<FileChannel> given = new ArrayList<>();
        final OpenFiles.Slot slot;

        Probe(int number) throws IOException {
            Path path = Files.write(dir.resolve("f" + number), new byte[1]);
            slot = new OpenFiles.Slot(() -> {
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
                given.add(channel);
                return channel;
            });
        }

        boolean isOpen() {
            return given.stream().anyMatch(FileChannel::isOpen);
        }
    }

    private List<Probe> probes(int count) throws IOException {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            probes.add(new Probe(i));
        }
        return probes;
    }

    @Test
    void manyUses_thoseUsedLastStayOpen() throws IOException {
        List<Probe> probes = probes(10);
        OpenFiles files = new OpenFiles(MAX_IDLE);
        Seed.each(20, random -> {
            Set<Probe> order = new LinkedHashSet<>();
            for (int i = 0; i < 50; i++) {
                Probe used = probes.get(random.nextInt(probes.size()));
                use(files, used);
                order.remove(used);
                order.add(used);
                List<Probe> last = new ArrayList<>(order);
                for (Probe recent : last.subList(Math.max(0, last.size() - MAX_IDLE), last.size())) {
                    assertThat(recent.isOpen()).isTrue();
                }
                assertThat(probes.stream().filter(Probe::isOpen)).hasSizeLessThanOrEqualTo(MAX_IDLE);
                assertThat(files.idle()).isLessThanOrEqualTo(MAX_IDLE);
            }
        });
        for (Probe probe : probes) {
            files.close(probe.slot);
        }
        assertThat(probes).noneMatch(Probe::isOpen);
        assertThat(files.idle()).isZero();
    }

    @Test
    void changedAndNotForced_staysOpen_untilItIsClean() throws IOException {
        List<Probe> probes = probes(8);
        OpenFiles files = new OpenFiles(MAX_IDLE);
        Probe changed = probes.get(0);
        use(files, changed);
        files.dirty(changed.slot);
        for (Probe other : probes.subList(1, 8)) {
            use(files, other);
        }
        assertThat(changed.isOpen()).isTrue();
        assertThat(changed.given).hasSize(1);

        files.clean(changed.slot);
        for (Probe other : probes.subList(1, 8)) {
            use(files, other);
        }
        assertThat(changed.isOpen()).isFalse();
    }

    @Test
    void closedWhileItIsUsed_closesWithItsLastUser() throws IOException {
        Probe probe = new Probe(0);
        OpenFiles files = new OpenFiles(MAX_IDLE);
        files.use(probe.slot, channel -> {
            files.close(probe.slot);
            assertThat(channel.isOpen()).isTrue();
            return channel.size();
        });
        assertThat(probe.isOpen()).isFalse();
        assertThat(files.idle()).isZero();
    }

    @Test
    void closedByAnInterrupt_opensAgain_andCountsOnce() throws IOException {
        Probe probe = new Probe(0);
        OpenFiles files = new OpenFiles(MAX_IDLE);
        use(files, probe);
        probe.given.get(0).close();
        use(files, probe);
        assertThat(probe.given).hasSize(2);
        assertThat(files.idle()).isEqualTo(1);
    }

    private static void use(OpenFiles files, Probe probe) {
        try {
            files.use(probe.slot, FileChannel::size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
