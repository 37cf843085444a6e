package io.kafila.node.internal;

import io.kafila.blockstore.BlockRepository;
import io.kafila.libp2p.DnsOverHttps;
import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.naming.ConfiguredTxtLookup;
import io.kafila.naming.FileKeystore;
import io.kafila.naming.IpnsPublisher;
import io.kafila.naming.Keystore;
import io.kafila.naming.MemoryKeystore;
import io.kafila.naming.NameSystem;
import io.kafila.naming.RecordFinder;
import io.kafila.naming.RecordStore;
import io.kafila.naming.Republisher;
import io.kafila.naming.SystemTxtLookup;
import io.kafila.node.NodeOptions;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What names are made of in a node. Thread-safe.
 *
 * @param republisher runs from the start of a node with a network
 */
public record NameParts(
        Keystore keys,
        RecordStore records,
        RecordFinder finder,
        NameSystem names,
        IpnsPublisher publisher,
        Optional<Republisher> republisher)
        implements AutoCloseable {
    /** The namespace of the own records in the repository. */
    private static final String RECORDS = "ipns";

    /**
     * @param dns who is asked for the records of some domains; the system for those of all others
     * @param blocking where the store is read and the DNS asked
     * @param timer ends searches and begins the rounds of the republisher
     */
    public static NameParts open(
            NodeOptions options,
            BlockRepository repository,
            ValueRouting routing,
            DnsOverHttps dns,
            ExecutorService blocking,
            ScheduledExecutorService timer) {
        NodeOptions.Naming settings = options.naming();
        Clock clock = Clock.systemUTC();
        Keystore keys = settings.keystore().<Keystore>map(FileKeystore::new).orElseGet(MemoryKeystore::new);
        RecordStore records = new RecordStore(new RecordsDatastore(repository.records(RECORDS)));
        RecordFinder finder = new RecordFinder(routing, records, clock, blocking, timer);
        NameSystem names = new NameSystem(
                finder,
                new ConfiguredTxtLookup(dns, new SystemTxtLookup(blocking), blocking),
                settings.resolving(),
                clock);
        IpnsPublisher publisher = new IpnsPublisher(routing, finder, records, clock, blocking);
        Optional<Republisher> republisher = options.online()
                ? Optional.of(
                        new Republisher(publisher, options.identity(), keys, settings.republishing(), blocking, timer))
                : Optional.empty();
        republisher.ifPresent(Republisher::start);
        return new NameParts(keys, records, finder, names, publisher, republisher);
    }

    @Override
    public void close() {
        republisher.ifPresent(Republisher::close);
    }
}
