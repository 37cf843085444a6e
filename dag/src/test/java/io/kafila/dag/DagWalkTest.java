package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.multiformats.Cid;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class DagWalkTest {
    private static final Codecs CODECS = Codecs.standard();

    private final TestBlocks blocks = TestBlocks.immediate();

    @Test
    void walk_visitsEachBlockBeforeItsLinksInTheirOrder() {
        Cid shared = blocks.raw("shared");
        Cid c = blocks.raw("c");
        Cid b = blocks.pb("b", "1", c, "2", shared);
        Cid d = blocks.cbor("{\"x\":{\"/\":\"" + shared + "\"},\"y\":[{\"/\":\"" + c + "\"}]}");
        Cid root = blocks.pb("root", "a", b, "b", shared, "c", d);
        assertThat(cids(List.of(root), WalkOptions.DEFAULT)).containsExactly(root, b, c, shared, d);
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withUnique(false)))
                .containsExactly(root, b, c, shared, shared, d, shared, c);
        assertThat(cids(List.of(b, root, b), WalkOptions.DEFAULT)).containsExactly(b, c, shared, root, d);
        assertThat(cids(List.of(), WalkOptions.DEFAULT)).isEmpty();
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void steps_carryWhereTheyComeFrom() {
        Cid leaf = blocks.raw("leaf");
        Cid root = blocks.pb("root", "name", leaf);
        List<WalkStep> steps = steps(List.of(root), WalkOptions.DEFAULT.withNames(true));
        assertThat(steps.get(0).parent()).isEmpty();
        assertThat(steps.get(0).depth()).isZero();
        assertThat(steps.get(0).links()).containsExactly(new PbLink(leaf, "name", 0));
        assertThat(steps.get(1).parent()).contains(root);
        assertThat(steps.get(1).linkName()).isEqualTo("name");
        assertThat(steps.get(1).depth()).isEqualTo(1);
        assertThat(steps(List.of(root), WalkOptions.DEFAULT).get(1).linkName()).isEmpty();
    }

    @Test
    void maxDepth_whatWasCutOffIsWalkedAgainFromHigherUp() {
        Cid leaf = blocks.raw("leaf");
        Cid shared = blocks.pb("shared", "", leaf);
        Cid middle = blocks.pb("middle", "", shared);
        Cid root = blocks.pb("root", "a", middle, "b", shared);
        // Under middle the leaf is too deep, under root it is not.
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withMaxDepth(2)))
                .containsExactly(root, middle, shared, leaf);
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withMaxDepth(0))).containsExactly(root);
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withMaxDepth(1))).containsExactly(root, middle, shared);
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void fetched_othersAreVisitedWithoutTheirBlock() {
        Cid leaf = blocks.raw("leaf");
        Cid root = blocks.pb("root", "", leaf);
        blocks.blocks.remove(leaf);
        List<WalkStep> steps = steps(List.of(root), WalkOptions.DEFAULT.withFetched(cid -> cid.codec() != 0x55));
        assertThat(steps).extracting(WalkStep::cid).containsExactly(root, leaf);
        assertThat(steps.get(1).block()).isEmpty();
        assertThat(steps.get(1).failure()).isEmpty();
        assertThat(blocks.asked).containsExactly(root);
        assertThat(cids(List.of(leaf), WalkOptions.DEFAULT.withFetched(cid -> false)))
                .containsExactly(leaf);
    }

    @Test
    void missingBlock_endsTheWalkAfterWhatComesBefore() {
        Cid before = blocks.raw("before");
        Cid gone = blocks.raw("gone");
        Cid root = blocks.pb("root", "a", before, "b", gone);
        blocks.blocks.remove(gone);
        Cursor<WalkStep> walk = DagWalk.start(blocks, CODECS, List.of(root), WalkOptions.DEFAULT);
        List<WalkStep> steps = join(walk.next(10));
        assertThat(steps).extracting(WalkStep::cid).containsExactly(root, before);
        steps.forEach(WalkStep::close);
        assertThatThrownBy(() -> join(walk.next(10))).isInstanceOf(BlockNotFoundException.class);
        assertThatThrownBy(() -> join(walk.next(10))).isInstanceOf(BlockNotFoundException.class);
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void failures_wanted_areStepsAndTheWalkGoesOn() {
        Cid gone = blocks.raw("gone");
        Cid broken = blocks.put("dag-cbor", new byte[] {(byte) 0xff});
        Cid unknown = Cid.v1(0x78, gone.multihash());
        Cid after = blocks.raw("after");
        Cid root = blocks.pb("root", "a", gone, "b", broken, "c", unknown, "d", after);
        blocks.blocks.remove(gone);
        blocks.blocks.put(unknown, new byte[1]);
        List<WalkStep> steps = steps(List.of(root), WalkOptions.DEFAULT.withFailures(true));
        assertThat(steps).extracting(WalkStep::cid).containsExactly(root, gone, broken, unknown, after);
        assertThat(steps.get(1).failure()).containsInstanceOf(BlockNotFoundException.class);
        assertThat(steps.get(2).failure()).containsInstanceOf(CodecException.class);
        assertThat(steps.get(3).failure()).containsInstanceOf(DagException.class);
        assertThat(steps.get(4).failure()).isEmpty();
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void ahead_noMoreIsUnderWayOrHeldThanAllowed() {
        TestBlocks slow = TestBlocks.manual();
        List<Object> links = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            links.add("");
            links.add(slow.raw("leaf " + i));
        }
        Cid root = slow.pb("root", links.toArray());
        Cursor<WalkStep> walk = DagWalk.start(slow, CODECS, List.of(root), WalkOptions.DEFAULT.withAhead(7, 1L << 40));
        Random random = new Seed(1).random();
        slow.answer(random);
        assertThat(slow.waiting()).isEqualTo(7);
        for (int i = 0; i < 50; i++) {
            slow.answer(random);
            assertThat(slow.waiting()).isLessThanOrEqualTo(7);
        }
        walk.close();
        assertThat(slow.waiting()).isZero();
        assertThat(slow.open).hasValue(0);

        // By bytes: nothing but the head is fetched where the budget is zero.
        Cursor<WalkStep> narrow = DagWalk.start(slow, CODECS, List.of(root), WalkOptions.DEFAULT.withAhead(7, 0));
        for (int i = 0; i <= 100; i++) {
            assertThat(slow.waiting()).isEqualTo(1);
            slow.answer(random);
            join(narrow.next(10)).forEach(WalkStep::close);
        }
        assertThat(join(narrow.next(10))).isEmpty();
        assertThat(slow.open).hasValue(0);
    }

    @Test
    void ahead_thousandSmallBlocks_areUnderWayAtOnce() {
        TestBlocks slow = TestBlocks.manual();
        List<Object> links = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            links.add("");
            links.add(slow.raw("leaf " + i % 2500));
        }
        Cid root = slow.pb("root", links.toArray());
        Cursor<WalkStep> walk =
                DagWalk.start(slow, CODECS, List.of(root), WalkOptions.DEFAULT.withAhead(1024, 1L << 40));
        Random random = new Seed(2).random();
        slow.answer(random);
        assertThat(slow.waiting()).isEqualTo(1024);
        int visited = 0;
        for (int i = 0; i < 2500; i++) {
            slow.answer(random);
            assertThat(slow.waiting()).isLessThanOrEqualTo(1024);
        }
        assertThat(slow.waiting()).isZero();
        for (List<WalkStep> steps = join(walk.next(100)); !steps.isEmpty(); steps = join(walk.next(100))) {
            visited += steps.size();
            steps.forEach(WalkStep::close);
        }
        assertThat(visited).isEqualTo(2501);
        assertThat(slow.open).hasValue(0);
    }

    @Test
    void ahead_blocksThatComeOutOfTurnAndWeighMoreThanGuessed_areLetGoAndAskedForAgain() {
        Random lastFirst = new Random() {
            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        };
        TestBlocks slow = TestBlocks.manual();
        List<Object> links = new ArrayList<>();
        List<Cid> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Cid leaf = slow.put("raw", ByteBuffer.allocate(2 << 20).putInt(0, i).array());
            links.add("");
            links.add(leaf);
            expected.add(leaf);
        }
        Cid root = slow.pb("root", links.toArray());
        expected.add(0, root);
        long aheadBytes = 16 << 20;
        Cursor<WalkStep> walk =
                DagWalk.start(slow, CODECS, List.of(root), WalkOptions.DEFAULT.withAhead(1024, aheadBytes));
        List<Cid> visited = new ArrayList<>();
        int mostOpen = 0;
        while (visited.size() < expected.size()) {
            CompletableFuture<List<WalkStep>> next = walk.next(4);
            while (!next.isDone()) {
                slow.answer(lastFirst);
                mostOpen = Math.max(mostOpen, slow.open.get());
            }
            join(next).forEach(step -> {
                visited.add(step.cid());
                assertThat(step.block().orElseThrow().verified()).isTrue();
                step.close();
            });
        }
        assertThat(visited).isEqualTo(expected);
        // The budget, the root and the one that is next.
        assertThat(mostOpen).isLessThanOrEqualTo(8 + 2);
        assertThat(slow.asked).as("let go and asked for again").hasSizeGreaterThan(expected.size());
        walk.close();
        assertThat(slow.open).hasValue(0);
    }

    @Test
    void pending_moreLinksThanAllowed_endTheWalk() {
        Cid leaf = blocks.raw("leaf");
        List<Object> links = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            links.add("");
            links.add(leaf);
        }
        Cid root = blocks.pb("root", links.toArray());
        assertThatThrownBy(() -> cids(List.of(root), WalkOptions.DEFAULT.withMaxPending(100)))
                .hasMessage("walk: 101 links known and not yet visited, want at most 100");
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withMaxPending(101))).containsExactly(root, leaf);
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void sparseFile_manyLinksToOneBlock_isFetchedOnce() {
        Cid leaf = blocks.raw("zeros");
        List<Object> links = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            links.add("");
            links.add(leaf);
        }
        Cid root = blocks.pb("root", links.toArray());
        assertThat(cids(List.of(root), WalkOptions.DEFAULT)).containsExactly(root, leaf);
        assertThat(blocks.asked).containsExactly(root, leaf);
        assertThat(cids(List.of(root), WalkOptions.DEFAULT.withUnique(false))).hasSize(20_001);
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void deepChain_doesNotNest() {
        Cid root = blocks.cbor("1");
        for (int i = 0; i < 20_000; i++) {
            root = blocks.cbor("[{\"/\":\"" + root + "\"}]");
        }
        assertThat(cids(List.of(root), WalkOptions.DEFAULT)).hasSize(20_001);
    }

    @Test
    void close_withdrawsFetchesAndFailsWhoWaits() {
        TestBlocks slow = TestBlocks.manual();
        Cid root = slow.raw("root");
        Cursor<WalkStep> walk = DagWalk.start(slow, CODECS, List.of(root), WalkOptions.DEFAULT);
        CompletableFuture<List<WalkStep>> waiting = walk.next(1);
        assertThatThrownBy(() -> join(walk.next(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> join(walk.next(0))).isInstanceOf(IllegalArgumentException.class);
        walk.close();
        walk.close();
        assertThat(slow.waiting()).isZero();
        assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> join(walk.next(1))).isInstanceOf(CancellationException.class);
    }

    @Test
    void anyGraphInAnyOrderOfArrival_isVisitedAsIfBlocksCameAtOnce() {
        Seed.each(300, random -> {
            TestBlocks slow = TestBlocks.manual();
            List<Cid> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                StringBuilder text = new StringBuilder("[" + i);
                for (int link = random.nextInt(5); link > 0 && !all.isEmpty(); link--) {
                    text.append(",{\"/\":\"")
                            .append(all.get(random.nextInt(all.size())))
                            .append("\"}");
                }
                all.add(slow.cbor(text + "]"));
            }
            Cid root = all.get(all.size() - 1);
            int maxDepth = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(5);
            WalkOptions options = WalkOptions.DEFAULT
                    .withAhead(1 + random.nextInt(8), random.nextInt(2_000_000))
                    .withMaxDepth(maxDepth);
            Cursor<WalkStep> walk = DagWalk.start(slow, CODECS, List.of(root), options);
            List<Cid> visited = new ArrayList<>();
            while (true) {
                CompletableFuture<List<WalkStep>> next = walk.next(1 + random.nextInt(4));
                while (!next.isDone()) {
                    slow.answer(random);
                }
                List<WalkStep> steps = join(next);
                if (steps.isEmpty()) {
                    break;
                }
                for (WalkStep step : steps) {
                    visited.add(step.cid());
                    assertThat(step.block().orElseThrow().verified()).isTrue();
                    step.close();
                }
            }
            Map<Cid, Integer> expected = new LinkedHashMap<>();
            visit(slow, root, 0, maxDepth, expected);
            assertThat(visited).isEqualTo(new ArrayList<>(expected.keySet()));
            walk.close();
            assertThat(slow.waiting()).isZero();
            assertThat(slow.open).hasValue(0);
        });
    }

    private static void visit(TestBlocks blocks, Cid cid, int depth, int maxDepth, Map<Cid, Integer> seen) {
        Integer before = seen.get(cid);
        if (before != null && (maxDepth == Integer.MAX_VALUE || before <= depth)) {
            return;
        }
        seen.put(cid, depth);
        if (depth < maxDepth) {
            for (Cid link : CODECS.require(cid.codec()).links(java.nio.ByteBuffer.wrap(blocks.blocks.get(cid)))) {
                visit(blocks, link, depth + 1, maxDepth, seen);
            }
        }
    }

    @Test
    void visitedSet_manyCids_areToldApart() {
        int count = 5_000;
        List<Object> links = new ArrayList<>();
        Set<Cid> expected = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Cid leaf = blocks.raw("leaf " + i);
            links.add("");
            links.add(leaf);
            expected.add(leaf);
        }
        Cid root = blocks.pb("root", links.toArray());
        Cid twice = blocks.pb("twice", "a", root, "b", root);
        List<Cid> visited = cids(List.of(root, twice, root), WalkOptions.DEFAULT);
        expected.add(root);
        expected.add(twice);
        assertThat(visited).hasSize(count + 2);
        assertThat(new HashSet<>(visited)).isEqualTo(expected);
    }

    private List<Cid> cids(List<Cid> roots, WalkOptions options) {
        return steps(roots, options).stream().map(WalkStep::cid).toList();
    }

    private List<WalkStep> steps(List<Cid> roots, WalkOptions options) {
        List<WalkStep> steps = new ArrayList<>();
        try (Cursor<WalkStep> walk = DagWalk.start(blocks, CODECS, roots, options)) {
            while (true) {
                List<WalkStep> batch = join(walk.next(3));
                if (batch.isEmpty()) {
                    return steps;
                }
                assertThat(batch.size()).isLessThanOrEqualTo(3);
                steps.addAll(batch);
                batch.forEach(WalkStep::close);
            }
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
