package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dht.DhtTable;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on loopback that find each other by the local DHT alone. */
@Timeout(90)
class DhtNodeTest {
    private static final NodeOptions.Routing LOCAL_DHT =
            new NodeOptions.Routing(NodeOptions.Routing.Kind.DHT, true, List.of());

    /** From the start of the fetch to the last byte; it takes a second where the machine does nothing else. */
    private static final Duration COLD_FETCH = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private static KafilaNode node(NodeOptions.Routing routing, List<Multiaddr> bootstrap) {
        NodeOptions options = NodeOptions.defaults(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .withRouting(routing);
        return KafilaNode.start(options.withNetwork(options.network().withBootstrap(bootstrap)));
    }

    private static void awaitServers(KafilaNode node, int count) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (servers(node) < count) {
            assertThat(System.nanoTime()).as("waits for " + count + " servers").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5); // polls a table that other threads fill
        }
    }

    private static int servers(KafilaNode node) throws Exception {
        int count = 0;
        for (DhtTable table : node.routing().dht().orElseThrow().tables().get(10, TimeUnit.SECONDS)) {
            count += table.rows().size();
        }
        return count;
    }

    @Test
    void coldNode_fetchesByCidAlone() throws Exception {
        byte[] content = new byte[5 << 20];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("weights"), content);
        try (KafilaNode hub = node(LOCAL_DHT, List.of())) {
            List<Multiaddr> known = hub.swarm().addresses();
            try (KafilaNode owner = node(LOCAL_DHT, known)) {
                awaitServers(owner, 1);
                awaitServers(hub, 1);
                Cid cid = owner.files().add(file).get(30, TimeUnit.SECONDS);
                owner.routing().provide(cid, event -> {}).get(30, TimeUnit.SECONDS);

                try (KafilaNode cold = node(LOCAL_DHT, known)) {
                    long start = System.nanoTime();
                    ByteBuffer read = ByteBuffer.allocate(content.length);
                    try (SeekableByteChannel channel = cold.files().open(cid).get(30, TimeUnit.SECONDS)) {
                        while (read.hasRemaining() && channel.read(read) >= 0) {
                            // until all is there
                        }
                    }
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(COLD_FETCH);
                    assertThat(read.array()).isEqualTo(content);
                }
            }
        }
    }

    @Test
    void client_findsAndIsNoServer_noneFindsNothing() throws Exception {
        try (KafilaNode server = node(LOCAL_DHT, List.of());
                KafilaNode client = node(
                        new NodeOptions.Routing(NodeOptions.Routing.Kind.DHT_CLIENT, true, List.of()),
                        server.swarm().addresses());
                KafilaNode none = node(NodeOptions.Routing.NONE, List.of())) {
            awaitServers(client, 1);
            assertThat(servers(server)).isZero();
            assertThat(client.swarm().host().protocols()).noneMatch(id -> id.contains("/kad/"));
            assertThat(none.routing().dht()).isEmpty();
            List<Provider> found = new ArrayList<>();
            Cid cid = Cid.parse("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
            none.routing().findProviders(cid, 1, found::add, event -> {}).get(10, TimeUnit.SECONDS);
            assertThat(found).isEmpty();
            assertThat(none.routing().findPeer(server.peerId(), event -> {}).get(10, TimeUnit.SECONDS))
                    .isEmpty();
            assertThat(none.routing().provide(cid, event -> {})).isCompletedExceptionally();
        }
    }
}
