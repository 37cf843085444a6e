package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockRepository.Lease;
import io.kafila.blockstore.BlockRepository.VerifyReport;
import io.kafila.blockstore.Blocks;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.Futures;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupReader;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.multiformats.Cid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A few lives of one store under one random generator, and a model of what it must and must not hold. Everything runs in
 * the calling thread.
 */
final class CrashScenario {
    private static final RepositoryOptions OPTIONS = new RepositoryOptions(
            Long.MAX_VALUE,
            false,
            true,
            true,
            24 << 10,
            256,
            12 << 10,
            48 << 10,
            1 << 20,
            1,
            1000,
            64 << 10,
            1 << 20,
            0,
            20,
            0);
    private static final Map<Cid, byte[]> CONTENT = new LinkedHashMap<>();
    private static final List<Cid> LEAVES = new ArrayList<>();
    /** Roots with all that they reach, themselves included. */
    private static final Map<Cid, Set<Cid>> GRAPHS = new LinkedHashMap<>();

    static {
        Random random = new Random(42);
        int[] sizes = {0, 1, 100, 256, 257, 1000, 4000, 4096, 5000, 9000, 17_000, 20_000};
        for (int i = 0; i < 24; i++) {
            Block block = Blocks.random(random, sizes[i % sizes.length] + (i >= sizes.length ? 3 : 0));
            CONTENT.put(block.cid(), block.payload().toByteArray());
            LEAVES.add(block.cid());
        }
        for (int i = 0; i < 8; i++) {
            Set<Cid> reached = new LinkedHashSet<>();
            List<Cid> links = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                Cid link = LEAVES.get(random.nextInt(LEAVES.size()));
                links.add(link);
                reached.add(link);
            }
            if (i >= 4) {
                Cid below = List.copyOf(GRAPHS.keySet()).get(i - 4);
                links.add(below);
                reached.addAll(GRAPHS.get(below));
            }
            Block node = Blocks.node("root " + i, links);
            CONTENT.put(node.cid(), node.payload().toByteArray());
            reached.add(node.cid());
            GRAPHS.put(node.cid(), reached);
        }
    }

    private enum Truth {
        ABSENT,
        MAYBE,
        PRESENT
    }

    /** What the model knows of one block or pin. */
    private static final class Fact {
        Truth truth = Truth.ABSENT;
        /** Grows whenever anything happens to it. */
        int version;
        /** Changes that are on their way. */
        int busy;
        /** Open leases that keep it. */
        int leased;
        /** Whether it was put while a collection ran that may have removed it. */
        boolean raced;
        /** Whether it was put since the collection began: what that one removed may have been the copy before. */
        boolean renewed;
    }

    private final Random random;
    private final boolean failures;
    private final SimulatedMachine machine;
    private final SimulatedDisk disk;
    private final SimulatedIndex index;
    private final SimulatedExecutor executor;
    private final Map<Cid, Fact> facts = new HashMap<>();
    private final Map<Cid, Fact> pins = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private BlockRepository store;
    private int life;
    private boolean collecting;
    private int inFlight;

    CrashScenario(Random random, boolean failures) {
        this.random = random;
        this.failures = failures;
        this.machine = new SimulatedMachine(new Random(random.nextLong()));
        this.disk = new SimulatedDisk(machine);
        this.index = new SimulatedIndex(machine);
        this.executor = new SimulatedExecutor(new Random(random.nextLong()));
        CONTENT.keySet().forEach(cid -> facts.put(cid, new Fact()));
        GRAPHS.keySet().forEach(cid -> pins.put(cid, new Fact()));
    }

    void run() {
        try {
            int lives = 2 + random.nextInt(3);
            for (int i = 0; i < lives; i++) {
                live();
            }
            open();
            checkEverything();
            if (random.nextInt(4) == 0) {
                close();
                index.forgetEverything();
                pins.values().forEach(pin -> pin.truth = Truth.ABSENT);
                note("the index is lost");
                open();
                checkBlocks();
            }
            await(store.repair());
            note("repaired");
            checkBlocks();
            VerifyReport report = await(store.verify(result -> {}));
            require(report.corrupt().isEmpty(), "corrupt blocks: " + report.corrupt());
            Set<Cid> kept = keptByPins();
            await(store.collectGarbage(Blocks::links, cid -> facts.get(known(cid)).truth = Truth.ABSENT));
            facts.forEach((cid, fact) -> {
                if (!kept.contains(cid)) {
                    fact.truth = Truth.ABSENT;
                }
            });
            checkBlocks();
            await(store.repair());
            checkBlocks();
            close();
            open();
            checkBlocks();
            close();
        } catch (RuntimeException | AssertionError e) {
            int from = Math.max(0, log.size() - 150);
            throw new AssertionError(
                    e + "\n" + String.join("\n", log.subList(from, log.size())) + "\n" + segments(), e);
        }
    }

    /** What the segments hold, for a look at a failure. */
    private String segments() {
        machine.restart();
        StringBuilder text = new StringBuilder();
        try {
            for (String file : disk.list(Segment.FOLDER)) {
                DiskFile open = disk.open(Segment.FOLDER + "/" + file);
                text.append(file).append(" of ").append(open.size()).append(" bytes\n");
                GroupReader reader = new GroupReader(open, GroupReader.header(open, file));
                for (GroupTrailer.Footer footer : reader.groups(open.size())) {
                    text.append("  ").append(footer.start()).append(':');
                    for (GroupEntry entry : reader.trailer(footer).entries()) {
                        text.append(entry.isPayload() ? " +" : " -")
                                .append(name(known(io.kafila.blockstore.internal.Keys.rawCid(entry.key()))))
                                .append('@')
                                .append(entry.birth());
                        if (entry.victim() > 0) {
                            text.append('/').append(entry.victim());
                        }
                    }
                    text.append('\n');
                }
            }
        } catch (java.io.IOException | RuntimeException e) {
            text.append(e);
        }
        return text.toString();
    }

    private void note(String text) {
        log.add(life + "/" + machine.steps() + " " + text);
    }

    private static String name(Cid cid) {
        int leaf = LEAVES.indexOf(cid);
        return leaf >= 0 ? "leaf" + leaf : "root" + List.copyOf(GRAPHS.keySet()).indexOf(cid);
    }

    private static String names(Iterable<Cid> cids) {
        List<String> names = new ArrayList<>();
        cids.forEach(cid -> names.add(name(cid)));
        return String.join(" ", names);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The Cid of the model for one that the store made of a multihash. */
    private static Cid known(Cid raw) {
        return CONTENT.keySet().stream()
                .filter(cid -> cid.multihash().equals(raw.multihash()))
                .findFirst()
                .orElseThrow();
    }

    // Lives

    private void open() {
        store = SegmentStore.open(
                disk,
                index::opened,
                OPTIONS,
                new SegmentStore.Executors(executor, executor, executor),
                () -> {},
                new Random(random.nextLong()));
    }

    private void close() {
        drain();
        store.close();
        note("closed");
    }

    private void drain() {
        while (executor.runOne()) {
            machine.check();
        }
    }

    private <T> T await(CompletableFuture<T> future) {
        while (!future.isDone() && executor.runOne()) {
            machine.check();
        }
        require(future.isDone(), "a future that nobody completes");
        return future.join();
    }

    private void live() {
        life++;
        boolean diesOpening = random.nextInt(10) == 0;
        try {
            if (diesOpening) {
                machine.crashAfter(1 + random.nextInt(6));
            }
            open();
            note("open");
            if (!diesOpening) {
                checkEverything();
            }
            int mode = random.nextInt(8);
            if (mode > 0) {
                machine.crashAfter(1 + random.nextInt(1 << (3 + mode)));
            }
            if (failures) {
                machine.failOneIn(2 + random.nextInt(60));
            }
            int actions = 10 + random.nextInt(50);
            for (int i = 0; i < actions || inFlight > 0; ) {
                if (i < actions && (inFlight == 0 || random.nextInt(4) == 0)) {
                    act();
                    i++;
                } else {
                    require(executor.runOne() || inFlight == 0, "work that nobody goes on with");
                }
                machine.check();
            }
            drain();
            if (random.nextInt(3) == 0) {
                machine.failOneIn(0);
                close();
                machine.restart();
                reset();
                return;
            }
        } catch (SimulatedMachine.Crash e) {
            note("crash");
        }
        machine.crash();
        executor.clear();
        machine.restart();
        disk.restart();
        index.restart();
        note("restart");
        reset();
    }

    /** What was on its way may have happened or not. */
    private void reset() {
        Set<Cid> kept = keptByPins();
        facts.forEach((cid, fact) -> {
            if (fact.busy > 0 || fact.raced || (collecting && fact.truth == Truth.PRESENT && !kept.contains(cid))) {
                fact.truth = fact.truth == Truth.PRESENT && kept.contains(cid) ? Truth.PRESENT : Truth.MAYBE;
            }
            fact.busy = 0;
            fact.leased = 0;
            fact.raced = false;
            fact.version++;
        });
        pins.values().forEach(pin -> {
            if (pin.busy > 0) {
                pin.truth = Truth.MAYBE;
            }
            pin.busy = 0;
        });
        collecting = false;
        inFlight = 0;
    }

    // Checks

    private Set<Cid> keptByPins() {
        return pins.entrySet().stream()
                .filter(pin -> pin.getValue().truth == Truth.PRESENT && pin.getValue().busy == 0)
                .flatMap(pin -> GRAPHS.get(pin.getKey()).stream())
                .collect(Collectors.toSet());
    }

    private void checkEverything() {
        pins.forEach((cid, pin) -> {
            boolean there = await(store.pins().get(cid)).isPresent();
            check(there, pin.truth, "pin of " + name(cid));
            pin.truth = there ? Truth.PRESENT : Truth.ABSENT;
        });
        long count =
                pins.values().stream().filter(pin -> pin.truth == Truth.PRESENT).count();
        require(await(store.pins().count(PinMode.RECURSIVE)) == count, "count of pins, want " + count);
        checkBlocks();
    }

    private static void check(boolean there, Truth truth, String what) {
        require(!there || truth != Truth.ABSENT, what + " came back");
        require(there || truth != Truth.PRESENT, what + " is lost");
    }

    private void checkBlocks() {
        Set<Cid> kept = keptByPins();
        long blocks = 0;
        long bytes = 0;
        for (Map.Entry<Cid, Fact> each : facts.entrySet()) {
            Cid cid = each.getKey();
            Fact fact = each.getValue();
            Optional<Block> found = await(store.get(cid));
            check(found.isPresent(), kept.contains(cid) ? Truth.PRESENT : fact.truth, name(cid));
            fact.truth = found.isPresent() ? Truth.PRESENT : Truth.ABSENT;
            if (found.isPresent()) {
                blocks++;
                bytes += checkContent(found.get());
            }
        }
        BlockRepository.Stat stat = await(store.stat());
        require(stat.blocks() == blocks, "stat says " + stat.blocks() + " blocks, want " + blocks);
        require(stat.liveBytes() == bytes, "stat says " + stat.liveBytes() + " bytes, want " + bytes);
        require(((SegmentStore) store).buffersOut() == 0, "buffers that were not given back");
    }

    private static int checkContent(Block block) {
        byte[] bytes = Blocks.bytes(block);
        require(Arrays.equals(bytes, CONTENT.get(block.cid())), name(block.cid()) + " has other bytes");
        return bytes.length;
    }

    // Actions

    private void act() {
        int action = random.nextInt(100);
        if (action < 25) {
            put();
        } else if (action < 40) {
            get();
        } else if (action < 52) {
            delete();
        } else if (action < 67) {
            add();
        } else if (action < 77) {
            unpin();
        } else if (action < 87) {
            pinWhatIsThere();
        } else if (action < 96) {
            collect();
        } else if (action < 98) {
            repair();
        } else {
            verify();
        }
    }

    /** Follows an operation: what it touches is busy until it ends. */
    private <T> void follow(
            String what,
            CompletableFuture<T> future,
            Set<Cid> touched,
            java.util.function.Consumer<T> done,
            Runnable failed) {
        note(what);
        int mine = life;
        inFlight++;
        touched.forEach(cid -> {
            facts.get(cid).busy++;
            facts.get(cid).version++;
        });
        future.whenComplete((value, error) -> {
            if (machine.crashed() || mine != life) {
                return;
            }
            inFlight--;
            touched.forEach(cid -> {
                facts.get(cid).busy--;
                facts.get(cid).version++;
            });
            note((error == null ? "done: " : "failed: ")
                    + what
                    + (error == null ? "" : " " + Futures.unwrap(error).getMessage()));
            if (error == null) {
                done.accept(value);
            } else {
                require(failures || collectFailsForAbsence(error), "unexpected: " + Futures.unwrap(error));
                failed.run();
            }
        });
    }

    private static boolean collectFailsForAbsence(Throwable error) {
        return String.valueOf(Futures.unwrap(error).getMessage()).contains("is absent, so what it keeps is not known");
    }

    private static List<Block> blocks(Iterable<Cid> cids) {
        List<Block> blocks = new ArrayList<>();
        cids.forEach(cid -> blocks.add(new Block(cid, io.kafila.multiformats.Payload.of(CONTENT.get(cid)))));
        return blocks;
    }

    private Set<Cid> some(int most) {
        List<Cid> all = List.copyOf(CONTENT.keySet());
        Set<Cid> some = new LinkedHashSet<>();
        int n = 1 + random.nextInt(most);
        for (int i = 0; i < n; i++) {
            some.add(all.get(random.nextInt(all.size())));
        }
        return some;
    }

    private void put() {
        Set<Cid> cids = some(5);
        cids.removeIf(cid -> facts.get(cid).busy > 0);
        if (!cids.isEmpty()) {
            put("put", cids, () -> {}, () -> {});
        }
    }

    private void put(String what, Set<Cid> cids, Runnable done, Runnable failed) {
        boolean raced = collecting;
        cids.forEach(cid -> facts.get(cid).raced |= raced && facts.get(cid).leased == 0);
        follow(
                what + " " + names(cids),
                store.putAll(blocks(cids)),
                cids,
                value -> {
                    cids.forEach(cid -> {
                        Fact fact = facts.get(cid);
                        boolean racedMeanwhile = fact.raced || (collecting && fact.leased == 0);
                        fact.raced = racedMeanwhile;
                        fact.renewed |= collecting;
                        fact.truth = racedMeanwhile ? Truth.MAYBE : Truth.PRESENT;
                    });
                    done.run();
                },
                () -> {
                    cids.forEach(cid -> {
                        Fact fact = facts.get(cid);
                        // A put that fails may have stored some of its blocks.
                        fact.renewed |= collecting;
                        // A collection may have removed it before the put touched it, and the put did not bring it
                        // back.
                        boolean stays = fact.truth == Truth.PRESENT && !fact.raced && !raced && !collecting;
                        fact.truth = stays ? Truth.PRESENT : Truth.MAYBE;
                    });
                    failed.run();
                });
    }

    private void get() {
        Cid cid = some(1).iterator().next();
        Fact fact = facts.get(cid);
        int version = fact.version;
        Truth truth = certain(cid);
        follow(
                "get " + name(cid),
                store.get(cid),
                Set.of(),
                found -> {
                    if (found.isPresent()) {
                        checkContent(found.get());
                    }
                    if (fact.version == version && fact.busy == 0 && truth == certain(cid)) {
                        check(found.isPresent(), truth, name(cid));
                    }
                },
                () -> {});
    }

    /** What a reader must see now. */
    private Truth certain(Cid cid) {
        Fact fact = facts.get(cid);
        if (keptByPins().contains(cid)) {
            return Truth.PRESENT;
        }
        if (fact.busy > 0 || fact.raced) {
            return Truth.MAYBE;
        }
        return collecting && fact.truth == Truth.PRESENT && fact.leased == 0 ? Truth.MAYBE : fact.truth;
    }

    private Set<Cid> wantedByPins() {
        return pins.entrySet().stream()
                .filter(pin -> pin.getValue().truth != Truth.ABSENT || pin.getValue().busy > 0)
                .flatMap(pin -> GRAPHS.get(pin.getKey()).stream())
                .collect(Collectors.toSet());
    }

    private void delete() {
        Set<Cid> cids = some(4);
        Set<Cid> wanted = wantedByPins();
        cids.removeIf(cid -> wanted.contains(cid) || facts.get(cid).busy > 0 || facts.get(cid).leased > 0);
        if (cids.isEmpty()) {
            return;
        }
        follow(
                "delete " + names(cids),
                store.deleteAll(cids),
                cids,
                done -> cids.forEach(cid -> {
                    facts.get(cid).truth = Truth.ABSENT;
                    facts.get(cid).raced = false;
                }),
                () -> cids.forEach(cid -> {
                    Fact fact = facts.get(cid);
                    fact.truth = fact.truth == Truth.ABSENT ? Truth.ABSENT : Truth.MAYBE;
                }));
    }

    private Optional<Cid> root(boolean pinned) {
        List<Cid> roots = pins.entrySet().stream()
                .filter(pin -> pin.getValue().busy == 0 && (pin.getValue().truth == Truth.PRESENT) == pinned)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return roots.isEmpty() ? Optional.empty() : Optional.of(roots.get(random.nextInt(roots.size())));
    }

    private Runnable lease(Set<Cid> cids) {
        Lease lease = store.lease();
        cids.forEach(cid -> facts.get(cid).leased++);
        int mine = life;
        return () -> {
            if (mine == life) {
                lease.close();
                cids.forEach(cid -> {
                    facts.get(cid).leased--;
                    facts.get(cid).version++;
                });
            }
        };
    }

    /** As an importer does it: a lease, the blocks, the pin. */
    private void add() {
        Cid root = root(false).orElse(null);
        if (root == null) {
            return;
        }
        Set<Cid> graph = GRAPHS.get(root);
        if (graph.stream().anyMatch(cid -> facts.get(cid).busy > 0)) {
            return;
        }
        pins.get(root).busy++;
        Runnable release = lease(graph);
        put("add", graph, () -> pin(root, release), () -> {
            pins.get(root).busy--;
            release.run();
        });
    }

    private void pin(Cid root, Runnable release) {
        follow(
                "pin " + name(root),
                store.pins().put(new Pin(root, PinMode.RECURSIVE, "")),
                Set.of(),
                done -> {
                    pins.get(root).busy--;
                    pins.get(root).truth = Truth.PRESENT;
                    release.run();
                },
                () -> {
                    pins.get(root).busy--;
                    pins.get(root).truth = Truth.MAYBE;
                    release.run();
                });
    }

    private void unpin() {
        Cid root = root(true).orElse(null);
        if (root == null) {
            return;
        }
        pins.get(root).busy++;
        // What only this pin keeps may go from now on.
        GRAPHS.get(root).forEach(cid -> facts.get(cid).version++);
        follow(
                "unpin " + name(root),
                store.pins().remove(root),
                Set.of(),
                was -> {
                    require(was, "the pin of " + name(root) + " was not there");
                    pins.get(root).busy--;
                    pins.get(root).truth = Truth.ABSENT;
                },
                () -> {
                    pins.get(root).busy--;
                    pins.get(root).truth = Truth.MAYBE;
                });
    }

    /** As pinning does it: a lease, a look at every block, the pin if all are there. */
    private void pinWhatIsThere() {
        Cid root = root(false).orElse(null);
        if (root == null) {
            return;
        }
        Set<Cid> graph = GRAPHS.get(root);
        if (graph.stream().anyMatch(cid -> facts.get(cid).busy > 0)) {
            return;
        }
        pins.get(root).busy++;
        Lease lease = store.lease();
        Set<Cid> seen = new HashSet<>();
        look(root, new ArrayList<>(graph), seen, lease);
    }

    private void look(Cid root, List<Cid> left, Set<Cid> seen, Lease lease) {
        Runnable giveUp = () -> {
            seen.forEach(cid -> facts.get(cid).leased--);
            pins.get(root).busy--;
            lease.close();
        };
        if (left.isEmpty()) {
            pin(root, () -> {
                seen.forEach(cid -> facts.get(cid).leased--);
                lease.close();
            });
            return;
        }
        Cid next = left.remove(random.nextInt(left.size()));
        follow(
                "has " + name(next),
                store.has(next),
                Set.of(),
                there -> {
                    if (there) {
                        seen.add(next);
                        facts.get(next).leased++;
                        facts.get(next).truth = Truth.PRESENT;
                        facts.get(next).raced = false;
                        facts.get(next).version++;
                        look(root, left, seen, lease);
                    } else {
                        giveUp.run();
                    }
                },
                giveUp);
    }

    private void collect() {
        if (collecting) {
            return;
        }
        collecting = true;
        facts.values().forEach(fact -> {
            fact.version++;
            fact.raced |= fact.busy > 0 && fact.leased == 0;
            fact.renewed = fact.busy > 0;
        });
        int mine = life;
        follow(
                "collect",
                store.collectGarbage(Blocks::links, raw -> {
                    if (mine != life || machine.crashed()) {
                        return;
                    }
                    Cid cid = known(raw);
                    Fact fact = facts.get(cid);
                    note("removed " + name(cid));
                    require(!keptByPins().contains(cid), name(cid) + " was removed below a pin");
                    if (fact.busy == 0 && !fact.raced && !fact.renewed) {
                        fact.truth = Truth.ABSENT;
                    } else if (fact.busy > 0 || fact.leased == 0) {
                        fact.truth = Truth.MAYBE;
                    }
                    fact.version++;
                }),
                Set.of(),
                report -> collected(),
                () -> {
                    facts.forEach((cid, fact) -> {
                        if (fact.truth == Truth.PRESENT
                                && fact.leased == 0
                                && !keptByPins().contains(cid)) {
                            fact.truth = Truth.MAYBE;
                        }
                    });
                    collected();
                });
    }

    private void collected() {
        collecting = false;
        facts.values().forEach(fact -> {
            fact.version++;
            if (fact.raced && fact.busy == 0) {
                fact.raced = false;
                fact.truth = Truth.MAYBE;
            }
        });
    }

    private void repair() {
        follow("repair", store.repair(), Set.of(), report -> {}, () -> {});
    }

    private void verify() {
        follow(
                "verify",
                store.verify(result -> {}),
                Set.of(),
                report -> require(failures || report.corrupt().isEmpty(), "corrupt: " + report.corrupt()),
                () -> {});
    }
}
