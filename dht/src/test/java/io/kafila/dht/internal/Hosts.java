package io.kafila.dht.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kafila.dht.Dht;
import io.kafila.dht.DhtOptions;
import io.kafila.libp2p.EventLoops;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Hosts with DHTs on the loopback interface. */
final class Hosts implements AutoCloseable {
    static final DhtOptions OPTIONS = DhtOptions.DEFAULT.withLoopbackOnLan(true);

    final EventLoops loops = EventLoops.create(2);
    final List<Host> hosts = new ArrayList<>();
    final List<Dht> dhts = new ArrayList<>();

    Host host() {
        Host host = new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                .eventLoops(loops)
                .start();
        hosts.add(host);
        return host;
    }

    Dht dht(Host host, DhtOptions options) {
        Dht dht = Dht.start(host, options);
        dhts.add(dht);
        return dht;
    }

    static void connect(Host from, Host to) throws Exception {
        from.connect(to.peerId(), to.addresses()).get(10, TimeUnit.SECONDS);
    }

    /** How many servers of the local network a DHT knows. */
    static int known(Dht dht) {
        return dht.tables().join().get(1).rows().size();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited 20 s: " + what);
            }
            Thread.onSpinWait();
            TimeUnit.MILLISECONDS.sleep(5); // polls a condition of another thread, which has no event to hang on
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    @Override
    public void close() {
        dhts.forEach(Dht::close);
        hosts.forEach(Host::close);
        loops.close();
    }
}
