package io.kafila.dht;

import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.Multiaddr;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What a DHT is to be.
 *
 * @param mode whether it answers others
 * @param loopbackOnLan whether loopback addresses are told in the local DHT: Kubo's {@code Routing.LoopbackAddressesOnLanDHT}
 * @param bootstrap whom to dial while nobody is known, each with its {@code /p2p}
 * @param validators of the namespaces besides {@code pk}
 * @param datastores where records are kept, one datastore for each name that is asked for; it blocks, and is not closed
 */
public record DhtOptions(
        DhtMode mode,
        boolean loopbackOnLan,
        List<Multiaddr> bootstrap,
        List<RecordValidator> validators,
        Function<String, Datastore> datastores) {
    /** Finds its role by itself, keeps records in memory, and knows nobody. */
    public static final DhtOptions DEFAULT =
            new DhtOptions(DhtMode.AUTO, false, List.of(), List.of(), name -> new MemoryDatastore());

    public DhtOptions {
        bootstrap = List.copyOf(bootstrap);
        validators = List.copyOf(validators);
        for (Multiaddr address : bootstrap) {
            if (address.peerId().isEmpty()) {
                throw new IllegalArgumentException(
                        "dht: bootstrap address " + address + " names no peer, want /p2p at its end");
            }
        }
    }

    public DhtOptions withMode(DhtMode wanted) {
        return new DhtOptions(wanted, loopbackOnLan, bootstrap, validators, datastores);
    }

    public DhtOptions withLoopbackOnLan(boolean told) {
        return new DhtOptions(mode, told, bootstrap, validators, datastores);
    }

    public DhtOptions withBootstrap(Collection<Multiaddr> peers) {
        return new DhtOptions(mode, loopbackOnLan, List.copyOf(peers), validators, datastores);
    }

    public DhtOptions withValidators(Collection<RecordValidator> more) {
        return new DhtOptions(mode, loopbackOnLan, bootstrap, List.copyOf(more), datastores);
    }

    public DhtOptions withDatastores(Function<String, Datastore> byName) {
        return new DhtOptions(mode, loopbackOnLan, bootstrap, validators, byName);
    }
}
