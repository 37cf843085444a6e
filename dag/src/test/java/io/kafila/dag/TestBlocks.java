package io.kafila.dag;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Blocks in a map: answers at once, or when the test says so, and counts the blocks that nobody closed. */
final class TestBlocks implements BlockSource {
    private static final Codecs CODECS = Codecs.standard();

    final Map<Cid, byte[]> blocks = new HashMap<>();
    final List<Cid> asked = new ArrayList<>();
    final AtomicInteger open = new AtomicInteger();

    private final Map<CompletableFuture<Block>, Cid> waiting = new java.util.LinkedHashMap<>();
    private final boolean manual;
    int mostWaiting;

    private TestBlocks(boolean manual) {
        this.manual = manual;
    }

    static TestBlocks immediate() {
        return new TestBlocks(false);
    }

    /** Answers when {@link #answer} is called. */
    static TestBlocks manual() {
        return new TestBlocks(true);
    }

    Cid put(String codecName, byte[] bytes) {
        Cid cid = Cid.v1(CODECS.byName(codecName).orElseThrow().code(), HashFunction.SHA2_256.digest(bytes));
        blocks.put(cid, bytes);
        return cid;
    }

    Cid put(String codecName, IpldNode node) {
        return put(codecName, CODECS.byName(codecName).orElseThrow().encode(node));
    }

    Cid raw(String text) {
        return put("raw", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A dag-cbor block of the value that the dag-json text says. */
    Cid cbor(String dagJson) {
        return put(
                "dag-cbor",
                CODECS.byName("dag-json")
                        .orElseThrow()
                        .decode(ByteBuffer.wrap(dagJson.getBytes(StandardCharsets.UTF_8))));
    }

    /** A dag-pb block with links that are named as given. */
    Cid pb(String data, Object... namesAndCids) {
        List<PbLink> links = new ArrayList<>();
        for (int i = 0; i < namesAndCids.length; i += 2) {
            links.add(new PbLink((Cid) namesAndCids[i + 1], (String) namesAndCids[i], 0));
        }
        return put(
                "dag-pb",
                new DagPbNode(links, Optional.of(ByteBuffer.wrap(data.getBytes(StandardCharsets.ISO_8859_1))))
                        .encode());
    }

    @Override
    public synchronized CompletableFuture<Block> get(Cid cid) {
        asked.add(cid);
        CompletableFuture<Block> answer = new CompletableFuture<>();
        if (!manual) {
            complete(answer, cid);
        } else {
            waiting.put(answer, cid);
            answer.whenComplete((block, error) -> forget(answer));
            mostWaiting = Math.max(mostWaiting, waiting.size());
        }
        return answer;
    }

    private synchronized void forget(CompletableFuture<Block> answer) {
        waiting.remove(answer);
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** Answers one of the waiting gets, chosen by the generator. */
    void answer(Random random) {
        Map.Entry<CompletableFuture<Block>, Cid> chosen;
        synchronized (this) {
            List<Map.Entry<CompletableFuture<Block>, Cid>> all = new ArrayList<>(waiting.entrySet());
            chosen = all.get(random.nextInt(all.size()));
            chosen = Map.entry(chosen.getKey(), chosen.getValue());
            waiting.remove(chosen.getKey());
        }
        complete(chosen.getKey(), chosen.getValue());
    }

    private void complete(CompletableFuture<Block> answer, Cid cid) {
        byte[] bytes = blocks.get(cid);
        if (bytes == null) {
            answer.completeExceptionally(new BlockNotFoundException(cid));
            return;
        }
        open.incrementAndGet();
        Block block = new Block(cid, Payload.of(List.of(ByteBuffer.wrap(bytes)), open::decrementAndGet));
        if (!answer.complete(block)) {
            block.close();
        }
    }

    @Override
    public void close() {}
}
