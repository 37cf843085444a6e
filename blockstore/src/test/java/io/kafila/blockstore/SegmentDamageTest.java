package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static io.kafila.blockstore.Blocks.drain;
import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.blockstore.internal.disk.RealDisk;
import io.kafila.blockstore.internal.store.StoreOnMemoryIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segment files that are cut or damaged, opened without what the index knew of them. */
class SegmentDamageTest {
    @TempDir
    Path dir;

    private final Random random = new Random(11);
    private final Block first = Blocks.random(random, 3000);
    private final Block removed = Blocks.random(random, 100);
    private final Block second = Blocks.random(random, 2500);
    private final Block third = Blocks.random(random, 1000);

    private Path segment() {
        return dir.resolve("segments/0000000000000001.seg");
    }

    private BlockRepository open() throws IOException {
        return StoreOnMemoryIndex.open(new RealDisk(dir, true));
    }

    /** One group with two blocks, one that removes, one with two blocks; answers where the last begins. */
    private long write() throws IOException {
        try (BlockRepository store = open()) {
            await(store.putAll(List.of(first, removed)));
            await(store.deleteAll(List.of(removed.cid())));
            long size = Files.size(segment());
            await(store.putAll(List.of(second, third)));
            return size;
        }
    }

    @Test
    void tornTail_cutAtEveryByteOfTheLastGroup_losesThatGroupAlone() throws IOException {
        long before = write();
        byte[] whole = Files.readAllBytes(segment());
        for (int length = whole.length; length >= before; length -= length > before + 4096 ? 7 : 13) {
            Files.write(segment(), java.util.Arrays.copyOf(whole, length));
            try (BlockRepository store = open()) {
                boolean complete = length == whole.length;
                assertThat(drain(store.keys(), 10)).as("length " + length).hasSize(complete ? 3 : 1);
                assertThat(await(store.has(first.cid()))).isTrue();
                assertThat(await(store.has(removed.cid()))).isFalse();
                assertThat(await(store.has(second.cid()))).isEqualTo(complete);
                await(store.put(third));
                assertThat(await(store.verify(result -> {})).corrupt()).isEmpty();
            }
            for (Path file : segments()) {
                Files.delete(file);
            }
        }
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(dir.resolve("segments"))) {
            return files.toList();
        }
    }

    @Test
    void damagedByteInAnyGroup_losesAtMostWhatItHit() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(segment());
        for (int at = 4096; at < whole.length; at += 61) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x55;
            Files.write(segment(), damaged);
            try (BlockRepository store = open()) {
                List<io.kafila.multiformats.Cid> keys = drain(store.keys(), 10);
                assertThat(keys.size()).as("byte " + at).isBetween(1, 4);
                // What is found is sound: no byte of rubbish is ever taken for a block.
                assertThat(await(store.verify(result -> {})).corrupt()).isEmpty();
            }
            for (Path file : segments()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void rubbishInPlaceOfASegment_opensEmpty() throws IOException {
        for (int i = 0; i < 20; i++) {
            byte[] rubbish = new byte[random.nextInt(200_000)];
            random.nextBytes(rubbish);
            Files.createDirectories(dir.resolve("segments"));
            Files.write(segment(), rubbish);
            try (BlockRepository store = open()) {
                assertThat(drain(store.keys(), 10)).isEmpty();
                await(store.put(first));
                assertThat(await(store.has(first.cid()))).isTrue();
            }
            for (Path file : segments()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void segmentStoredAsABlock_isNotTakenForGroups() throws IOException {
        write();
        byte[] inner = Files.readAllBytes(segment());
        Block block = Blocks.raw(inner);
        try (BlockRepository store = open()) {
            await(store.put(block));
        }
        try (FileChannel channel = FileChannel.open(last(), StandardOpenOption.WRITE)) {
            // Tears the group that holds it.
            channel.truncate(channel.size() - 4096);
        }
        try (BlockRepository store = open()) {
            assertThat(await(store.has(block.cid()))).isFalse();
            assertThat(drain(store.keys(), 10)).hasSize(3);
        }
    }

    private Path last() throws IOException {
        return segments().stream().sorted().reduce((a, b) -> b).orElseThrow();
    }
}
