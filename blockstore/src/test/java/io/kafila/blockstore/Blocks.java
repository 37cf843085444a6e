package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocks for tests, and links between them in a format as plain as can be: lines of Cids. */
public final class Blocks {
    private Blocks() {}

    public static Block raw(byte[] bytes) {
        return new Block(cid(Multicodec.RAW.code(), bytes), Payload.of(bytes));
    }

    public static Block random(Random random, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        random.nextBytes(bytes);
        return raw(bytes);
    }

    public static Cid cid(long codec, byte[] bytes) {
        return Cid.v1(codec, HashFunction.SHA2_256.digest(bytes));
    }

    /** A block whose lines are links, and {@code salt}. */
    public static Block node(String salt, List<Cid> links) {
        StringBuilder text = new StringBuilder("node ").append(salt).append('\n');
        links.forEach(link -> text.append(link).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new Block(cid(Multicodec.DAG_PB.code(), bytes), Payload.of(bytes));
    }

    /** The links of {@link #node}. */
    public static List<Cid> links(Block block) {
        if (block.cid().codec() != Multicodec.DAG_PB.code()) {
            return List.of();
        }
        List<Cid> links = new ArrayList<>();
        String[] lines = new String(block.payload().toByteArray(), StandardCharsets.UTF_8).split("\n", -1);
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isEmpty()) {
                links.add(Cid.parse(lines[i]));
            }
        }
        return links;
    }

    public static byte[] bytes(Block block) {
        try (block) {
            return block.payload().toByteArray();
        }
    }

    public static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** The value of a future, which has a minute. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    public static <T> List<T> drain(Cursor<T> cursor, int limit) {
        List<T> all = new ArrayList<>();
        try (cursor) {
            for (List<T> next = await(cursor.next(limit)); !next.isEmpty(); next = await(cursor.next(limit))) {
                all.addAll(next);
            }
        }
        return all;
    }
}
