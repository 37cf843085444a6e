package io.kafila.node.internal;

import io.kafila.dht.RecordValidator;
import io.kafila.libp2p.routing.ValueRouting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several systems that keep values, all asked at once. A value is stored if one of them takes it; a search ends when all
 * have ended, and fails only if all have. Thread-safe.
 */
public final class ParallelValueRouting implements ValueRouting {
    private final List<ValueRouting> systems;
    private final List<RecordValidator> validators;

    /** @param validators say which value of their namespace is the best of those that several systems found */
    public ParallelValueRouting(List<? extends ValueRouting> systems, List<RecordValidator> validators) {
        this.systems = List.copyOf(systems);
        this.validators = List.copyOf(validators);
    }

    @Override
    public CompletableFuture<Integer> putValue(byte[] key, byte[] value) {
        if (systems.isEmpty()) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException(
                    "routing: operation or key not supported: this node has no routing for values"));
        }
        return Gathering.of(
                systems.stream().map(system -> system.putValue(key, value)).toList(),
                takers -> takers.stream().mapToInt(Integer::intValue).sum());
    }

    @Override
    public CompletableFuture<Optional<byte[]>> searchValue(byte[] key, int quorum, Consumer<byte[]> better) {
        if (systems.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Best best = new Best(key, better);
        return Gathering.of(
                systems.stream()
                        .map(system -> system.searchValue(key, quorum, best::offer))
                        .toList(),
                found -> {
                    found.forEach(value -> value.ifPresent(best::offer));
                    return best.value();
                });
    }

    private Optional<RecordValidator> validator(byte[] key) {
        String text = new String(key, StandardCharsets.ISO_8859_1);
        return validators.stream()
                .filter(each -> text.startsWith("/" + each.namespace() + "/"))
                .findFirst();
    }

    /** The best value so far, of all systems. Guarded by itself. */
    private final class Best {
        private final byte[] key;
        private final Consumer<byte[]> better;
        private byte @Nullable [] value;

        Best(byte[] key, Consumer<byte[]> better) {
            this.key = key.clone();
            this.better = better;
        }

        synchronized void offer(byte[] found) {
            byte[] known = value;
            if (known == null || isBetter(found, known)) {
                value = found;
                better.accept(found);
            }
        }

        private boolean isBetter(byte[] found, byte[] known) {
            return validator(key)
                    .map(each -> each.select(key, new ArrayList<>(List.of(known, found))) == 1)
                    .orElse(false);
        }

        synchronized Optional<byte[]> value() {
            return Optional.ofNullable(value);
        }
    }
}
