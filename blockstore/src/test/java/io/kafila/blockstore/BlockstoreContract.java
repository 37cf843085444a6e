package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static io.kafila.blockstore.Blocks.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every blockstore does. */
abstract class BlockstoreContract {
    @TempDir
    Path dir;

    final Random random = new Random(7);
    Blockstore store;

    abstract Blockstore open(Path dir);

    /** What must hold after the store is closed. */
    void afterClose() {}

    @BeforeEach
    void openStore() {
        store = open(dir.resolve("store"));
    }

    @AfterEach
    void closeStore() {
        store.close();
        afterClose();
    }

    @Test
    void get_absent_empty() {
        Cid cid = Blocks.random(random, 10).cid();
        assertThat(await(store.get(cid))).isEmpty();
        assertThat(await(store.has(cid))).isFalse();
        assertThat(await(store.size(cid))).isEqualTo(OptionalInt.empty());
    }

    @Test
    void put_everySize_comesBack() {
        for (int size : new int[] {0, 1, 100, 2047, 2048, 2049, 4095, 4096, 4097, 65_536, 262_144, 1 << 20, 2 << 20}) {
            Block block = Blocks.random(random, size);
            await(store.put(block));
            assertThat(await(store.has(block.cid()))).isTrue();
            assertThat(await(store.size(block.cid()))).isEqualTo(OptionalInt.of(size));
            Block found = await(store.get(block.cid())).orElseThrow();
            assertThat(found.cid()).isEqualTo(block.cid());
            assertThat(Blocks.bytes(found)).isEqualTo(block.payload().toByteArray());
        }
    }

    @Test
    void put_otherCidOfTheSameMultihash_isFoundUnderTheOneAskedFor() {
        Block block = Blocks.random(random, 5000);
        await(store.put(block));
        Cid other = Cid.v0(block.cid().multihash());
        try (Block found = await(store.get(other)).orElseThrow()) {
            assertThat(found.cid()).isEqualTo(other);
            assertThat(found.verified()).isTrue();
        }
    }

    @Test
    void put_payloadInSeveralPiecesHeapAndDirect_comesBackWhole() {
        byte[] bytes = new byte[300_000];
        random.nextBytes(bytes);
        List<ByteBuffer> pieces = List.of(
                ByteBuffer.wrap(bytes, 0, 1),
                Blocks.direct(Arrays.copyOfRange(bytes, 1, 100_000)),
                ByteBuffer.wrap(bytes, 100_000, 99_999),
                Blocks.direct(Arrays.copyOfRange(bytes, 199_999, 300_000)));
        Cid cid = Blocks.cid(Multicodec.RAW.code(), bytes);
        await(store.put(new Block(cid, Payload.of(pieces))));
        assertThat(Blocks.bytes(await(store.get(cid)).orElseThrow())).isEqualTo(bytes);
    }

    @Test
    void put_borrows_andGivesBackWhatItRetained() {
        AtomicInteger released = new AtomicInteger();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = new byte[1000 * i];
            random.nextBytes(bytes);
            blocks.add(new Block(
                    Blocks.cid(Multicodec.RAW.code(), bytes),
                    Payload.of(List.of(Blocks.direct(bytes)), released::incrementAndGet)));
        }
        CompletableFuture<Void> first = store.putAll(blocks);
        CompletableFuture<Void> again = store.putAll(blocks);
        blocks.forEach(Block::close);
        await(first);
        await(again);
        store.close();
        assertThat(released).hasValue(20);
    }

    @Test
    void getAll_answersInOrder() {
        List<Block> blocks = new ArrayList<>();
        List<Cid> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Block block = Blocks.random(random, random.nextInt(20_000));
            asked.add(block.cid());
            if (i % 3 != 0) {
                blocks.add(block);
            }
        }
        await(store.putAll(blocks));
        List<Optional<Block>> found = await(store.getAll(asked));
        assertThat(found).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(found.get(i).isPresent()).isEqualTo(i % 3 != 0);
            if (found.get(i).isPresent()) {
                try (Block block = found.get(i).get()) {
                    assertThat(block.cid()).isEqualTo(asked.get(i));
                    assertThat(block.verified()).isTrue();
                }
            }
        }
        assertThat(await(store.getAll(List.of()))).isEmpty();
    }

    @Test
    void delete_thenAbsent_andPutAgainPresent() {
        List<Block> blocks = new ArrayList<>();
        for (int size : new int[] {0, 10, 5000, 100_000}) {
            blocks.add(Blocks.random(random, size));
        }
        await(store.putAll(blocks));
        List<Cid> cids = blocks.stream().map(Block::cid).toList();
        await(store.deleteAll(cids));
        for (Cid cid : cids) {
            assertThat(await(store.has(cid))).isFalse();
            assertThat(await(store.get(cid))).isEmpty();
        }
        await(store.deleteAll(cids));
        await(store.putAll(blocks));
        for (Block block : blocks) {
            assertThat(Blocks.bytes(await(store.get(block.cid())).orElseThrow()))
                    .isEqualTo(block.payload().toByteArray());
        }
    }

    @Test
    void keys_everyBlockOnceAsRawCid_inOrderOfMultihash() {
        Set<Cid> put = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Block block = Blocks.random(random, random.nextInt(5000));
            put.add(block.cid());
            await(store.put(block));
        }
        Block node = Blocks.node("x", List.of());
        await(store.put(node));
        put.add(Cid.v1(Multicodec.RAW.code(), node.cid().multihash()));
        List<Cid> keys = drain(store.keys(), 7);
        assertThat(keys).hasSize(101).containsExactlyInAnyOrderElementsOf(put);
        assertThat(keys)
                .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(
                        a.multihash().bytes(), b.multihash().bytes()));
        assertThat(drain(store.keys(), 1000)).isEqualTo(keys);
    }

    @Test
    void keys_ofAnEmptyStore_none() {
        assertThat(drain(store.keys(), 10)).isEmpty();
    }

    @Test
    void identityCid_isAnsweredFromItselfAndNeverStored() {
        Cid cid = Cid.v1(Multicodec.RAW.code(), HashFunction.IDENTITY.digest(new byte[] {1, 2, 3}));
        assertThat(await(store.has(cid))).isTrue();
        assertThat(await(store.size(cid))).isEqualTo(OptionalInt.of(3));
        assertThat(Blocks.bytes(await(store.get(cid)).orElseThrow())).containsExactly(1, 2, 3);
        await(store.put(new Block(cid, Payload.of(new byte[] {1, 2, 3}))));
        assertThat(drain(store.keys(), 10)).isEmpty();
        await(store.deleteAll(List.of(cid)));
        assertThat(await(store.has(cid))).isTrue();
    }

    @Test
    void put_sameBlockManyTimesAtOnce_allComplete() {
        Block block = Blocks.random(random, 50_000);
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            puts.add(store.putAll(List.of(block, block)));
        }
        puts.forEach(Blocks::await);
        assertThat(drain(store.keys(), 10)).containsExactly(block.cid());
    }

    @Test
    void afterClose_failsInTheFuture() {
        Block block = Blocks.random(random, 10);
        store.close();
        store.close();
        assertThatThrownBy(() -> await(store.put(block))).isInstanceOf(BlockstoreException.class);
        assertThatThrownBy(() -> await(store.get(block.cid()))).isInstanceOf(BlockstoreException.class);
        assertThatThrownBy(() -> await(store.has(block.cid()))).isInstanceOf(BlockstoreException.class);
        assertThatThrownBy(() -> await(store.deleteAll(List.of(block.cid())))).isInstanceOf(BlockstoreException.class);
        assertThatThrownBy(() -> drain(store.keys(), 1)).isInstanceOf(BlockstoreException.class);
    }

    @Test
    void get_cancelled_leavesNothingBehind() {
        Block block = Blocks.random(random, 200_000);
        await(store.put(block));
        for (int i = 0; i < 200; i++) {
            CompletableFuture<Optional<Block>> get = store.get(block.cid());
            if (!get.cancel(false)) {
                await(get).orElseThrow().close();
            }
        }
        assertThat(await(store.has(block.cid()))).isTrue();
    }
}
