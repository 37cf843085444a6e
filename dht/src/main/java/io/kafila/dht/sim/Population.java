package io.kafila.dht.sim;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * The honest nodes: how they come, go, and are cut off from each other. The first {@value #BOOTSTRAPS} are known to everybody who comes, and
 * stay, as the public network's do.
 */
final class Population {
    static final int BOOTSTRAPS = 5;

    /** Who has been here for less is not asked to do anything: it is still arriving. */
    static final Duration ARRIVAL = Duration.ofMinutes(1);

    /** After so many newcomers one of them will do. */
    private static final int MAX_DRAWS = 1000;

    private static final double HOUR_NANOS = Duration.ofHours(1).toNanos();

    private final SimLoop loop;
    private final SimNetwork network;
    private final SimOptions options;
    private final Random random;
    private final List<HonestNode> nodes = new ArrayList<>();
    private final List<HonestNode> bootstrap = new ArrayList<>();
    private double churnPerHour;
    private boolean churning;
    private boolean parted;

    Population(SimLoop loop, SimNetwork network, SimOptions options, Random random) {
        this.loop = loop;
        this.network = network;
        this.options = options;
        this.random = random;
    }

    List<HonestNode> nodes() {
        return nodes;
    }

    void add() {
        HonestNode node = new HonestNode(
                loop,
                network,
                options.ipLimits(),
                bootstrap,
                // One of 20,480 networks; some share one, as some do.
                SimPeer.address(20 + random.nextInt(80), random.nextInt(256), random.nextInt(1 << 16)),
                random);
        if (bootstrap.size() < BOOTSTRAPS) {
            bootstrap.add(node);
        }
        if (parted) {
            node.moveToSide(random.nextInt(2));
        }
        nodes.add(node);
        network.join(node);
        node.start();
    }

    /** From now on so large a share of the nodes is replaced in an hour, one by one at random times. */
    void churn(double perHour) {
        churnPerHour = perHour;
        if (perHour > 0 && !churning) {
            churning = true;
            replaceLater();
        }
    }

    private void replaceLater() {
        double hours = -Math.log(1 - random.nextDouble()) / (churnPerHour * options.nodes());
        loop.schedule((long) (hours * HOUR_NANOS), () -> {
            if (churnPerHour == 0) {
                churning = false;
                return;
            }
            replaceOne();
            replaceLater();
        });
    }

    private void replaceOne() {
        int index = bootstrap.size() + random.nextInt(nodes.size() - bootstrap.size());
        HonestNode gone = nodes.get(index);
        int last = nodes.size() - 1;
        nodes.set(index, nodes.get(last));
        nodes.remove(last);
        network.leave(gone);
        add();
    }

    /** Cuts the nodes into two halves that do not hear of each other. */
    void part() {
        parted = true;
        nodes.forEach(node -> node.moveToSide(random.nextInt(2)));
    }

    void heal() {
        parted = false;
        nodes.forEach(node -> node.moveToSide(0));
    }

    /** One that has arrived. */
    HonestNode any() {
        HonestNode drawn = nodes.get(random.nextInt(nodes.size()));
        for (int tries = 0; !hasArrived(drawn) && tries < MAX_DRAWS; tries++) {
            drawn = nodes.get(random.nextInt(nodes.size()));
        }
        return drawn;
    }

    /** One that has arrived, and is not that one. */
    HonestNode anyBut(PeerId other) {
        HonestNode drawn = any();
        while (drawn.peer().equals(other)) {
            drawn = any();
        }
        return drawn;
    }

    private boolean hasArrived(HonestNode node) {
        return loop.nanoTime() - node.bornNanos() >= ARRIVAL.toNanos();
    }

    /** Those nearest to a point that {@code asking} could reach, without itself, nearest first. */
    List<PeerId> trulyNearest(KadKey target, HonestNode asking, int count) {
        Comparator<HonestNode> byDistance = Comparator.comparing(HonestNode::key, target::compareDistances);
        PriorityQueue<HonestNode> farthestFirst = new PriorityQueue<>(count + 1, byDistance.reversed());
        for (HonestNode node : nodes) {
            if (node != asking && asking.reaches(node)) {
                farthestFirst.add(node);
                if (farthestFirst.size() > count) {
                    farthestFirst.remove();
                }
            }
        }
        return farthestFirst.stream().sorted(byDistance).map(SimPeer::peer).toList();
    }

    Census census(Conspiracy conspiracy) {
        Set<PeerId> attackers = new HashSet<>();
        conspiracy.identities().forEach(each -> attackers.add(each.peer()));
        long entries = 0;
        long gone = 0;
        long hostile = 0;
        int smallest = Integer.MAX_VALUE;
        for (HonestNode node : nodes) {
            int size = node.kademlia().table().size();
            entries += size;
            smallest = Math.min(smallest, size);
            for (var contact : node.kademlia().table().contacts()) {
                if (attackers.contains(contact.peer())) {
                    hostile++;
                } else if (!network.reaches(node, contact.peer())) {
                    gone++;
                }
            }
        }
        double all = Math.max(1, entries);
        return new Census(nodes.size(), (double) entries / nodes.size(), smallest, gone / all, hostile / all);
    }
}
