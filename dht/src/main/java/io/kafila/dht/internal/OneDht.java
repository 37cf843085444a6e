package io.kafila.dht.internal;

import io.kafila.dht.DhtTable;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.net.HostNetwork;
import io.kafila.dht.internal.net.InboundRequests;
import io.kafila.dht.internal.node.Kademlia;
import io.kafila.dht.internal.node.KademliaOptions;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.records.Validators;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One DHT with its streams and what it keeps on disk. Confined to the loop. */
final class OneDht {
    private static final Duration SAVE_PERIOD = Duration.ofMinutes(5);

    /** How many peers of the last table are asked whether they are still there. */
    private static final int MAX_RECALLED = 64;

    private static final Logger LOG = LoggerFactory.getLogger(OneDht.class);

    final Kademlia kademlia;
    final Counters counters = new Counters();
    private final KademliaOptions options;
    private final HostNetwork network;
    private final InboundRequests inbound;
    private final DhtLoop loop;
    private final Executor disk;
    private final TablePersistence persistence;
    private final Random random;
    private boolean closed;

    OneDht(
            Host host,
            String protocol,
            KademliaOptions options,
            DhtLoop loop,
            Executor disk,
            Datastore datastore,
            Validators validators,
            Random random) {
        this.options = options;
        this.loop = loop;
        this.disk = disk;
        this.random = random;
        this.persistence = new TablePersistence(datastore);
        this.network = new HostNetwork(host, protocol, loop, options.addresses());
        Records records = new Records(disk, loop, datastore, validators, options.limits(), counters);
        this.kademlia = new Kademlia(loop, network, Keyspace.SHA256, options, records, validators, counters, random);
        this.inbound = new InboundRequests(host, protocol, loop, counters, kademlia::handle);
    }

    void start() {
        kademlia.start();
        loop.schedule(SAVE_PERIOD.toNanos(), this::saveFromTimeToTime);
        recall();
    }

    /** Asks the peers of the last table whether they are still there. */
    private void recall() {
        CompletableFuture.supplyAsync(persistence::load, disk)
                .whenComplete((peers, error) -> loop.execute(() -> {
                    if (error == null) {
                        recall(peers);
                    } else {
                        LOG.warn("dht: the last routing table cannot be read", error);
                    }
                }));
    }

    private void recall(List<PeerEntry> peers) {
        List<PeerEntry> some = new ArrayList<>(peers);
        Collections.shuffle(some, random);
        some.stream().limit(MAX_RECALLED).forEach(each -> kademlia.onServer(each.peer(), each.addresses()));
    }

    /** Becomes a server or a client. */
    void serve(boolean answer) {
        kademlia.serve(answer);
        inbound.serve(answer);
    }

    DhtTable table() {
        long now = loop.nanoTime();
        return new DhtTable(
                options.name(),
                kademlia.isServing(),
                kademlia.refreshedNanos().map(at -> Duration.ofNanos(now - at)),
                kademlia.table().rows().stream()
                        .map(row -> new DhtTable.Row(
                                row.contact().peer(),
                                row.contact().addresses(),
                                row.bucket(),
                                Duration.ofNanos(now - row.addedNanos()),
                                Duration.ofNanos(now - row.answeredNanos())))
                        .toList());
    }

    private void saveFromTimeToTime() {
        if (!closed) {
            loop.schedule(SAVE_PERIOD.toNanos(), this::saveFromTimeToTime);
            if (kademlia.table().size() == 0) {
                recall(); // all were lost, as when the network was away
            } else {
                save();
            }
        }
    }

    private CompletableFuture<Void> save() {
        List<Contact> contacts = kademlia.table().contacts();
        if (contacts.isEmpty()) {
            return CompletableFuture.completedFuture(null); // an hour without network is no reason to forget
        }
        try {
            return CompletableFuture.runAsync(() -> persistence.save(contacts), disk);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Stops; completes when what is to be kept is on disk. */
    CompletableFuture<Void> close() {
        closed = true;
        inbound.close();
        kademlia.close();
        network.close();
        return save().thenCombine(kademlia.records().flush(), (saved, flushed) -> null);
    }
}
