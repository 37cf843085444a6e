package io.kafila.naming;

import io.kafila.libp2p.routing.ValueRouting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A routing system of one map, whose searches a test may hold open. */
final class FakeRouting implements ValueRouting {
    final Map<String, List<byte[]>> values = new HashMap<>();
    final List<CompletableFuture<Optional<byte[]>>> open = new ArrayList<>();
    boolean hold;
    boolean broken;
    int puts;
    int searches;

    static String key(byte[] key) {
        return java.util.HexFormat.of().formatHex(key);
    }

    void add(IpnsName name, byte[] value) {
        values.computeIfAbsent(key(name.routingKey()), absent -> new ArrayList<>())
                .add(value);
    }

    @Override
    public CompletableFuture<Integer> putValue(byte[] key, byte[] value) {
        puts++;
        if (broken) {
            return CompletableFuture.failedFuture(new IllegalStateException("failed to find any peer in table"));
        }
        values.computeIfAbsent(key(key), absent -> new ArrayList<>()).add(value);
        return CompletableFuture.completedFuture(3);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> searchValue(byte[] key, int quorum, Consumer<byte[]> better) {
        searches++;
        if (broken) {
            return CompletableFuture.failedFuture(new IllegalStateException("failed to find any peer in table"));
        }
        values.getOrDefault(key(key), List.of()).forEach(better);
        CompletableFuture<Optional<byte[]>> search = new CompletableFuture<>();
        open.add(search);
        if (!hold) {
            search.complete(Optional.empty());
        }
        return search;
    }
}
