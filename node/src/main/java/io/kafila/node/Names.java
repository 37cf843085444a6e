package io.kafila.node;

import io.kafila.dag.ContentPath;
import io.kafila.delegated.DelegatedRouter;
import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsPublication;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.internal.NameParts;
import io.kafila.node.internal.ParallelValueRouting;
import io.kafila.node.internal.Parts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names that can come to mean something new (IPNS, DNSLink): resolved and published. Thread-safe. */
public final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    private final NameParts parts;
    private final ValueRouting publishers;
    private final int publisherCount;
    private final boolean online;

    Names(Parts parts) {
        this.parts = parts.names();
        this.online = parts.options().online();
        List<DelegatedRouter> delegated = parts.routing().publishers();
        this.publishers = new ParallelValueRouting(delegated, List.of());
        this.publisherCount = delegated.size();
    }

    /** Whom a record must have reached before it counts as published. */
    public enum Reach {
        /** The network: without one, and where nobody takes the record, it fails. The record is kept here all the same. */
        NETWORK,
        /** Delegated publishers, over HTTP, and nobody else; the rest is told when the record is published again. */
        DELEGATED,
        /** This node; the network is told where there is one. */
        LOCAL
    }

    /** The immutable path that a path stands for; itself where it is one. */
    public CompletableFuture<ContentPath> resolve(ContentPath path, ResolveOptions how) {
        return parts.names().resolve(path, how);
    }

    /**
     * What one name stands for, which may be a name again.
     *
     * @param better told of each path that is newer than all before it
     */
    public CompletableFuture<ContentPath> resolveOnce(String name, ResolveOptions how, Consumer<ContentPath> better) {
        return parts.names().resolveOnce(name, how, better);
    }

    /** The newest record of a name that can be found. */
    public CompletableFuture<Optional<IpnsRecord>> record(IpnsName name, ResolveOptions how) {
        return parts.finder().find(name, how, better -> {});
    }

    /**
     * Makes a key's name stand for something.
     *
     * @throws OfflineException (in the future) if the network is to be reached and there is none
     */
    public CompletableFuture<IpnsRecord> publish(PrivateKey key, IpnsPublication publication, Reach reach) {
        if (reach == Reach.NETWORK && !online) {
            return CompletableFuture.failedFuture(new OfflineException());
        }
        IpnsName name = IpnsName.of(key.publicKey());
        return parts.publisher().make(key, publication, online).thenCompose(record -> {
            parts.names().remember(name, record);
            return handOut(name, record, reach).thenApply(nothing -> record);
        });
    }

    /**
     * Publishes a record that somebody signed.
     *
     * @throws io.kafila.naming.IpnsRecordException (in the future) if it is no valid record of the name
     */
    public CompletableFuture<Void> put(IpnsName name, IpnsRecord record, Reach reach) {
        if (reach == Reach.NETWORK && !online) {
            return CompletableFuture.failedFuture(new OfflineException());
        }
        return parts.publisher().keep(name, record).thenCompose(nothing -> {
            parts.names().forget(name);
            return handOut(name, record, reach);
        });
    }

    private CompletableFuture<Void> handOut(IpnsName name, IpnsRecord record, Reach reach) {
        if (!online) {
            return CompletableFuture.completedFuture(null);
        }
        if (reach == Reach.DELEGATED) {
            return publishers.putValue(name.routingKey(), record.bytes()).thenAccept(takers -> {});
        }
        CompletableFuture<Void> handingOut =
                parts.publisher().handOut(name, record).thenAccept(takers -> {});
        return reach == Reach.LOCAL ? handingOut.exceptionally(fault -> kept(name, fault)) : handingOut;
    }

    private static @Nullable Void kept(IpnsName name, Throwable fault) {
        LOG.info(
                "names: {} is kept here and published again in time; nobody took it now: {}", name, fault.getMessage());
        return null;
    }

    /** How many publishers there are that are told over HTTP. */
    public int delegatedPublisherCount() {
        return publisherCount;
    }

    /** How many records the republisher has published since the start. */
    public long republishedCount() {
        return parts.republisher().map(each -> each.publishedCount()).orElse(0L);
    }

    /** How many times the republisher could not publish a record. */
    public long republishFailureCount() {
        return parts.republisher().map(each -> each.failureCount()).orElse(0L);
    }

    /** How many values were found that were no valid records of the name. */
    public long refusedRecordCount() {
        return parts.finder().refusedCount();
    }
}
