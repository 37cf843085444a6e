package io.kafila.node;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.PinStore;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.Codecs;
import io.kafila.dag.DagWalk;
import io.kafila.dag.WalkOptions;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.node.internal.Held;
import io.kafila.node.internal.Pull;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What garbage collection keeps. Thread-safe; futures complete when the change is durable. */
public final class Pins {
    private final KafilaNode node;
    private final BlockRepository store;
    private final PinStore pins;
    private final Codecs codecs;

    Pins(KafilaNode node, BlockRepository store, Codecs codecs) {
        this.node = node;
        this.store = store;
        this.pins = store.pins();
        this.codecs = codecs;
    }

    /** How a Cid is kept. */
    public enum Kind {
        RECURSIVE,
        DIRECT,
        /** Through a recursive pin of a root above it. */
        INDIRECT;

        /** The word that Kubo prints. */
        public String word() {
            return switch (this) {
                case RECURSIVE -> "recursive";
                case DIRECT -> "direct";
                case INDIRECT -> "indirect";
            };
        }
    }

    /**
     * @param cid what is kept
     * @param via the root that keeps it, for indirect ones; else the Cid itself
     */
    public record Listed(Cid cid, Kind kind, String name, Cid via) {}

    /** What {@link #verify} saw of one root; no faults where all of it is here and sound. */
    public record Verified(Cid root, List<Fault> faults) {
        public Verified {
            faults = List.copyOf(faults);
        }

        public boolean ok() {
            return faults.isEmpty();
        }
    }

    /** A block that is missing, corrupt or unreadable, and in what way. */
    public record Fault(Cid cid, String error) {}

    /** Told how much of a graph is here by now; in a thread of the node. */
    @FunctionalInterface
    public interface Progress {
        void at(long blocks, long bytes);
    }

    /** {@link #add(Cid, PinOptions, Progress)} that fetches, with a count of blocks alone. */
    public CompletableFuture<Void> add(Cid root, boolean recursive, String name, LongConsumer progress) {
        return add(root, new PinOptions(recursive, name, true), (blocks, bytes) -> progress.accept(blocks));
    }

    /** Pins a root once all that the pin keeps is here; one that is pinned already is looked through again and renamed. */
    public CompletableFuture<Void> add(Cid root, PinOptions options, Progress progress) {
        int nameBytes = options.name().getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > Pin.MAX_NAME_BYTES) {
            return CompletableFuture.failedFuture(
                    new NodeException("pin name is " + nameBytes + " bytes (max " + Pin.MAX_NAME_BYTES + " bytes)"));
        }
        Pin pin = new Pin(root, options.recursive() ? PinMode.RECURSIVE : PinMode.DIRECT, options.name());
        BlockSource source = options.fetch() ? node.source() : node.localSource();
        CompletableFuture<Void> pinning = pins.get(root).thenCompose(before -> {
            if (before.isPresent() && before.get().mode() == PinMode.RECURSIVE && !options.recursive()) {
                return CompletableFuture.failedFuture(new NodeException(root + " already pinned recursively"));
            }
            WalkOptions walk = options.recursive() ? WalkOptions.DEFAULT : WalkOptions.DEFAULT.withMaxDepth(0);
            return walk(source, root, walk, progress)
                    .thenCompose(nothing -> pins.put(pin))
                    .thenRun(() -> node.pinned(root, options.recursive()));
        });
        return Held.until(pinning, source::close);
    }

    /**
     * Pins a root recursively without a look at what is below it, which may be absent; while it is, garbage collection
     * fails rather than guess.
     */
    public CompletableFuture<Void> mark(Cid root) {
        return pins.put(new Pin(root, PinMode.RECURSIVE, "")).thenRun(() -> node.pinned(root, true));
    }

    private CompletableFuture<Void> walk(BlockSource source, Cid root, WalkOptions options, Progress progress) {
        long[] seen = new long[2];
        return Pull.forEach(DagWalk.start(source, codecs, List.of(root), options), step -> {
            try (step) {
                seen[0]++;
                seen[1] += step.block().map(Block::sizeBytes).orElse(0);
            }
            progress.at(seen[0], seen[1]);
        });
    }

    /** @throws NotPinnedException (in the future) where there is no pin of that mode */
    public CompletableFuture<Void> remove(Cid root, boolean recursive) {
        return pins.get(root).thenCompose(pin -> {
            if (pin.isEmpty()) {
                return CompletableFuture.failedFuture(new NotPinnedException("not pinned or pinned indirectly"));
            }
            if (pin.get().mode() == PinMode.RECURSIVE && !recursive) {
                return CompletableFuture.failedFuture(new NotPinnedException(root + " is pinned recursively"));
            }
            return pins.remove(root).thenApply(removed -> null);
        });
    }

    /** Pins {@code to} in place of {@code from}, fetching what is not here. */
    public CompletableFuture<Void> update(Cid from, Cid to, boolean unpinFrom) {
        BlockSource source = node.source();
        CompletableFuture<Void> updating = pins.get(from).thenCompose(before -> {
            if (before.isEmpty() || before.get().mode() != PinMode.RECURSIVE) {
                return CompletableFuture.failedFuture(
                        new NotPinnedException("'from' cid was not recursively pinned already"));
            }
            if (from.equals(to)) {
                return CompletableFuture.completedFuture(null);
            }
            return replace(
                    source, from, new Pin(to, PinMode.RECURSIVE, before.get().name()), unpinFrom);
        });
        return Held.until(updating, source::close);
    }

    private CompletableFuture<Void> replace(BlockSource source, Cid from, Pin to, boolean unpinFrom) {
        return pins.get(to.cid()).thenCompose(present -> {
            if (present.isPresent() && present.get().mode() == PinMode.RECURSIVE) {
                return CompletableFuture.failedFuture(new NodeException("'to' cid was already recursively pinned"));
            }
            return walk(source, to.cid(), WalkOptions.DEFAULT, (blocks, bytes) -> {})
                    .thenCompose(nothing -> pins.update(from, to, unpinFrom))
                    .thenRun(() -> node.pinned(to.cid(), true));
        });
    }

    public CompletableFuture<Optional<Pin>> get(Cid root) {
        return pins.get(root);
    }

    /**
     * Every Cid that is kept in one of the ways asked for: direct and recursive roots first, then, each once, what is
     * kept indirectly.
     */
    public CompletableFuture<Void> list(Set<Kind> kinds, Consumer<Listed> each) {
        Set<Multihash> roots = new HashSet<>();
        return Pull.toList(pins.list()).thenCompose(all -> {
            for (Pin pin : all) {
                Kind kind = kind(pin);
                roots.add(pin.cid().multihash());
                if (kinds.contains(kind)) {
                    each.accept(new Listed(pin.cid(), kind, pin.name(), pin.cid()));
                }
            }
            List<Cid> recursive = all.stream()
                    .filter(pin -> pin.mode() == PinMode.RECURSIVE)
                    .map(Pin::cid)
                    .toList();
            if (!kinds.contains(Kind.INDIRECT) || recursive.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            BlockSource source = node.localSource();
            return Pull.forEach(DagWalk.start(source, codecs, recursive, WalkOptions.DEFAULT), step -> {
                        step.close();
                        if (!roots.contains(step.cid().multihash())) {
                            each.accept(new Listed(step.cid(), Kind.INDIRECT, "", step.cid()));
                        }
                    })
                    .whenComplete((nothing, fault) -> source.close());
        });
    }

    /** How each of {@code cids} is kept; those that nothing keeps are missing from the answer. */
    public CompletableFuture<Map<Cid, Listed>> how(Collection<Cid> cids) {
        return how(cids, EnumSet.allOf(Kind.class));
    }

    /** {@link #how(Collection)} that looks for some kinds of pins alone. */
    public CompletableFuture<Map<Cid, Listed>> how(Collection<Cid> cids, Set<Kind> kinds) {
        return Pull.toList(pins.list()).thenCompose(all -> {
            Map<Cid, Listed> found = new HashMap<>();
            Map<Multihash, Cid> open = new HashMap<>();
            cids.forEach(cid -> open.put(cid.multihash(), cid));
            for (Pin pin : all) {
                Cid asked = kinds.contains(kind(pin)) ? open.remove(pin.cid().multihash()) : null;
                if (asked != null) {
                    found.put(asked, new Listed(asked, kind(pin), pin.name(), asked));
                }
            }
            CompletableFuture<Void> search = CompletableFuture.completedFuture(null);
            for (Pin pin : all) {
                if (pin.mode() == PinMode.RECURSIVE && kinds.contains(Kind.INDIRECT)) {
                    search = search.thenCompose(nothing -> open.isEmpty()
                            ? CompletableFuture.completedFuture(null)
                            : searchBelow(pin.cid(), open, found));
                }
            }
            return search.thenApply(nothing -> found);
        });
    }

    private CompletableFuture<Void> searchBelow(Cid root, Map<Multihash, Cid> open, Map<Cid, Listed> found) {
        BlockSource source = node.localSource();
        return Pull.forEach(
                        DagWalk.start(source, codecs, List.of(root), WalkOptions.DEFAULT.withFailures(true)), step -> {
                            step.close();
                            Cid asked = step.depth() == 0
                                    ? null
                                    : open.remove(step.cid().multihash());
                            if (asked != null) {
                                found.put(asked, new Listed(asked, Kind.INDIRECT, "", root));
                            }
                        })
                .whenComplete((nothing, fault) -> source.close());
    }

    /** Walks every recursive pin in the local store and reports what is missing or corrupt, root by root. */
    public CompletableFuture<Void> verify(Consumer<Verified> each) {
        return Pull.inSequence(pins.list(), pin -> {
            if (pin.mode() != PinMode.RECURSIVE) {
                return CompletableFuture.completedFuture(null);
            }
            return verify(pin.cid()).thenAccept(each);
        });
    }

    private CompletableFuture<Verified> verify(Cid root) {
        BlockSource source = node.localSource();
        List<Fault> faults = new ArrayList<>();
        return Pull.forEach(
                        DagWalk.start(source, codecs, List.of(root), WalkOptions.DEFAULT.withFailures(true)), step -> {
                            try (step) {
                                if (step.failure().isPresent()) {
                                    faults.add(new Fault(
                                            step.cid(),
                                            String.valueOf(step.failure().get().getMessage())));
                                } else if (step.block()
                                        .filter(block -> !block.verified())
                                        .isPresent()) {
                                    faults.add(new Fault(step.cid(), "corrupt block " + step.cid()));
                                }
                            }
                        })
                .thenApply(nothing -> new Verified(root, faults))
                .whenComplete((verified, fault) -> source.close());
    }

    /** A sentence of Kubo's for why a block is kept. */
    static String describe(Listed pin) {
        return switch (pin.kind()) {
            case RECURSIVE -> "pinned: recursive";
            case DIRECT -> "pinned: direct";
            case INDIRECT -> "pinned via " + pin.via();
        };
    }

    private static Kind kind(Pin pin) {
        return pin.mode() == PinMode.RECURSIVE ? Kind.RECURSIVE : Kind.DIRECT;
    }

    /** How many pins of one mode there are. */
    public CompletableFuture<Long> count(PinMode mode) {
        return store.pins().count(mode);
    }
}
