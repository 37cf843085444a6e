package io.kafila.dht.sim;

import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A whole DHT in virtual time. {@link #grow} it, then let time pass, hurt it and measure in any order. Confined to the thread that made
 * it; calls return when the virtual time that they are about has passed.
 */
public final class DhtSimulation {
    /** Within which all nodes of {@link #grow} come. */
    public static final Duration JOINING = Duration.ofMinutes(10);

    /** What {@link #grow} waits thereafter: every node has refreshed its table once. */
    public static final Duration SETTLING = Duration.ofMinutes(11);

    private static final int K = 20;

    /** No operation takes longer: a lookup ends when all it waits for has timed out. */
    private static final Duration STRAGGLERS = Duration.ofMinutes(10);

    /** In which an attacker makes each of its identities known to all honest nodes. */
    private static final Duration KNOCKING = Duration.ofMinutes(10);

    private static final Duration KNOCK = Duration.ofSeconds(1);

    /** How many bits more than an honest node an attacker's mined identity shares with its victim. */
    private static final int MINED_BITS = 3;

    private final SimOptions options;
    private final SimLoop loop = new SimLoop();
    private final Random random;
    private final SimNetwork network;
    private final Population population;
    private final Conspiracy conspiracy = new Conspiracy();
    private final Map<Multihash, PeerId> providers = new HashMap<>();

    public DhtSimulation(SimOptions options) {
        this.options = options;
        Random seeds = new Random(options.seed());
        this.network = new SimNetwork(loop, options, new Random(seeds.nextLong()));
        this.population = new Population(loop, network, options, new Random(seeds.nextLong()));
        this.random = new Random(seeds.nextLong());
    }

    /** All nodes come, one after the other, and find their places. */
    public void grow() {
        for (int i = 0; i < options.nodes(); i++) {
            loop.schedule(i * JOINING.toNanos() / options.nodes(), population::add);
        }
        run(JOINING.plus(SETTLING));
    }

    /** Lets virtual time pass. */
    public void run(Duration time) {
        loop.run(time);
    }

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(loop.nanoTime());
    }

    /** Messages that were sent so far by everybody, responses included. */
    public long messages() {
        return network.messages();
    }

    /** From now on this share of the nodes is replaced in an hour: they vanish, and others come. 0 ends it. */
    public void churn(double perHour) {
        if (!(perHour >= 0 && perHour <= 100)) {
            throw new IllegalArgumentException("simulation: churn of " + perHour + "/h, want 0 to 100");
        }
        population.churn(perHour);
    }

    /** Cuts the network into two halves. */
    public void partition() {
        population.part();
    }

    /** Ends the partition. */
    public void heal() {
        population.heal();
    }

    /** An attacker comes with identities anywhere in the keyspace, with addresses in so many /16 networks. */
    public void flood(int identities, int networks) {
        List<PeerId> ids = new ArrayList<>();
        for (int i = 0; i < identities; i++) {
            ids.add(SimPeer.randomId(random));
        }
        recruit(ids, networks);
    }

    /** An attacker comes with so many identities next to each of the keys, with addresses in so many /16 networks. */
    public void eclipse(List<Multihash> keys, int identitiesPerKey, int networks) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(options.nodes()) + MINED_BITS;
        List<PeerId> ids = new ArrayList<>();
        keys.forEach(key -> ids.addAll(Conspiracy.mine(KadKey.of(key), bits, identitiesPerKey, random)));
        recruit(ids, networks);
    }

    private void recruit(List<PeerId> ids, int networks) {
        if (networks < 1) {
            throw new IllegalArgumentException("simulation: attacker with " + networks + " networks, want at least 1");
        }
        for (PeerId id : ids) {
            SimPeer identity = conspiracy.recruit(id, networks, random.nextDouble());
            network.join(identity);
            knock(identity, random.nextInt(options.nodes()));
        }
    }

    /** Dials the next few honest nodes, again and again. */
    private void knock(SimPeer identity, int from) {
        int each = (int) Math.ceil((double) options.nodes() * KNOCK.toNanos() / KNOCKING.toNanos());
        List<HonestNode> nodes = population.nodes();
        for (int i = 0; i < each; i++) {
            network.dial(identity, nodes.get((from + i) % nodes.size()));
        }
        loop.schedule(KNOCK.toNanos(), () -> knock(identity, (from + each) % nodes.size()));
    }

    public Census census() {
        return population.census(conspiracy);
    }

    /** Keys that nobody has used yet. */
    public List<Multihash> newKeys(int count) {
        List<Multihash> keys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[32];
            random.nextBytes(content);
            keys.add(HashFunction.SHA2_256.digest(content));
        }
        return keys;
    }

    /** An operation that a node does for a key. */
    private interface Operation {
        /** @return completes, in whatever way, when it has put itself into the tally; {@code false} if it is to be done again by another */
        CompletableFuture<Boolean> run(Multihash key, Tally tally);
    }

    /** Looks for the servers nearest to each key, from any node, evenly over a while; answers when all have ended. */
    public Measurement lookUp(List<Multihash> keys, Duration over) {
        return measure("lookup", keys, over, this::lookUp);
    }

    /** Any node becomes the provider of each key. */
    public Measurement provide(List<Multihash> keys, Duration over) {
        return measure("provide", keys, over, this::provide);
    }

    /** Any node but its provider looks for a provider of each key. */
    public Measurement find(List<Multihash> keys, Duration over) {
        for (Multihash key : keys) {
            if (!providers.containsKey(key)) {
                throw new IllegalArgumentException("simulation: nobody provided " + key + ", want it provided before");
            }
        }
        return measure("find", keys, over, this::find);
    }

    private Measurement measure(String name, List<Multihash> keys, Duration over, Operation operation) {
        Tally tally = new Tally(name);
        for (int i = 0; i < keys.size(); i++) {
            Multihash key = keys.get(i);
            loop.schedule(i * (over.toNanos() / keys.size()), () -> attempt(operation, key, tally));
        }
        run(over);
        CompletableFuture<Void> all = new CompletableFuture<>();
        awaitAll(keys.size(), tally, all);
        loop.await(all, STRAGGLERS);
        return tally.measurement();
    }

    private void attempt(Operation operation, Multihash key, Tally tally) {
        operation.run(key, tally).thenAccept(counted -> {
            if (!counted) {
                attempt(operation, key, tally);
            }
        });
    }

    private void awaitAll(int count, Tally tally, CompletableFuture<Void> all) {
        if (tally.count() == count) {
            all.complete(null);
        } else {
            loop.schedule(Duration.ofMillis(100).toNanos(), () -> awaitAll(count, tally, all));
        }
    }

    private CompletableFuture<Boolean> lookUp(Multihash key, Tally tally) {
        HonestNode asking = population.any();
        long started = loop.nanoTime();
        return asking.kademlia().measuredLookup(key.bytes()).thenApply(outcome -> {
            if (!asking.isUp()) {
                return false; // whoever vanishes has no use for an answer
            }
            List<PeerId> nearest = population.trulyNearest(KadKey.of(key), asking, K);
            Set<PeerId> named = new HashSet<>();
            outcome.nearest().forEach(each -> named.add(each.peer()));
            long right = nearest.stream().filter(named::contains).count();
            tally.add(
                    named.contains(nearest.get(0)),
                    (double) right / nearest.size(),
                    outcome.hops(),
                    outcome.asked(),
                    loop.nanoTime() - started);
            return true;
        });
    }

    private CompletableFuture<Boolean> provide(Multihash key, Tally tally) {
        HonestNode providing = population.any();
        long started = loop.nanoTime();
        Requests requests = new Requests();
        return providing.kademlia().provide(key, requests::see).handle((told, error) -> {
            if (!providing.isUp()) {
                return false;
            }
            providers.put(key, providing.peer());
            int count = error == null ? told : 0;
            tally.add(count > 0, count / (double) K, 0, requests.count + count, loop.nanoTime() - started);
            return true;
        });
    }

    private CompletableFuture<Boolean> find(Multihash key, Tally tally) {
        PeerId provider = Objects.requireNonNull(providers.get(key), "checked before");
        HonestNode asking = population.anyBut(provider);
        long started = loop.nanoTime();
        Requests requests = new Requests();
        List<Provider> found = new ArrayList<>();
        return asking.kademlia()
                .findProviders(key, 1, found::add, requests::see)
                .handle((done, error) -> {
                    if (!asking.isUp()) {
                        return false;
                    }
                    boolean right = found.stream().anyMatch(each -> each.peer().equals(provider));
                    boolean there =
                            right && network.reaches(asking, found.get(0).peer());
                    tally.add(right, there ? 1 : 0, 0, requests.count, loop.nanoTime() - started);
                    return true;
                });
    }

    /** Counts what an operation asks. */
    private static final class Requests {
        private int count;

        void see(QueryEvent event) {
            if (event.kind() == QueryEvent.Kind.SENDING_QUERY) {
                count++;
            }
        }
    }
}
