package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.PathSourceOptions;
import io.kafila.dht.ProvideOptions;
import io.kafila.dht.ProvideStat;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept is told to the DHT of a loopback, and found there. */
class ProvidingTest {
    private final List<KafilaNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(KafilaNode::close);
    }

    private static NodeOptions options(String strategy) {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        return NodeOptions.defaults(key)
                .withRouting(new NodeOptions.Routing(NodeOptions.Routing.Kind.DHT_SERVER, true, List.of()))
                .withProviding(
                        new NodeOptions.Providing(true, ProvideStrategy.parse(strategy), ProvideOptions.DEFAULT));
    }

    private KafilaNode start(NodeOptions options) {
        KafilaNode node = KafilaNode.start(options);
        nodes.add(node);
        return node;
    }

    private static ProvideStat stat(KafilaNode node) {
        return node.routing().providing().orElseThrow().stat().join();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static Path tree(Path home) throws Exception {
        Path folder = Files.createDirectories(home.resolve("tree/sub"));
        Files.write(folder.resolve("big"), new Seed(1).bytes(3 << 20)); // a root and three chunks
        Files.write(folder.resolve("small"), new Seed(2).bytes(100));
        return home.resolve("tree");
    }

    @Test
    void added_isFoundByOthers_withoutBeingAsked() {
        KafilaNode first = start(options("pinned+mfs+entities"));
        KafilaNode second = start(options("pinned+mfs+entities"));
        second.swarm().connect(first.swarm().addresses()).join();
        Cid cid = first.files()
                .add(new ByteArrayInputStream(new Seed(3).bytes(2 << 20)))
                .join();
        await("provided", () -> stat(first).operations().keysProvided() == 1);
        assertThat(stat(first).schedule().keys()).isEqualTo(1);
        List<Provider> found = new CopyOnWriteArrayList<>();
        second.routing()
                .findProviders(cid, 1, found::add, event -> {})
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(found).extracting(Provider::peer).containsExactly(first.peerId());
    }

    private long keys(String strategy, Path tree) throws Exception {
        KafilaNode node = start(options(strategy));
        node.files()
                .add(ImportSource.ofPath(tree, PathSourceOptions.DEFAULT), AddOptions.DEFAULT, ImportListener.NONE)
                .join();
        node.routing().reprovide().join();
        return stat(node).schedule().keys();
    }

    @Test
    void strategies_sayWhatIsTold(@TempDir Path home) throws Exception {
        Path tree = tree(home);
        assertThat(keys("roots", tree)).isEqualTo(1);
        // two folders, two files
        assertThat(keys("pinned+mfs+entities", tree)).isEqualTo(4);
        // and three chunks
        assertThat(keys("pinned", tree)).isEqualTo(7);
        assertThat(keys("all", tree)).isGreaterThanOrEqualTo(7);
        assertThat(keys("mfs", tree)).isZero();
    }

    @Test
    void unpinned_isGivenUpInTheNextRound() {
        KafilaNode node = start(options("pinned+entities"));
        Cid cid = node.files().add(new ByteArrayInputStream(new byte[10])).join();
        await("known", () -> stat(node).schedule().keys() == 1);
        node.pins().remove(cid, true).join();
        node.routing().reprovide().join();
        assertThat(stat(node).schedule().keys()).isZero();
    }

    @Test
    void whereNothingIsToBeTold_thereIsNoProviding() {
        NodeOptions quiet = options("all");
        assertThat(start(quiet.withProviding(
                                new NodeOptions.Providing(false, ProvideStrategy.DEFAULT, ProvideOptions.DEFAULT)))
                        .routing()
                        .providing())
                .isEmpty();
        assertThat(start(NodeOptions.defaults(quiet.identity())).routing().providing())
                .isEmpty();
    }

    @Test
    void restart_remembersWhatWasProvided(@TempDir Path home) {
        NodeOptions stored = options("pinned+entities").withStore(home.resolve("store"));
        KafilaNode other = start(options("roots"));
        try (KafilaNode node = KafilaNode.start(stored)) {
            node.swarm().connect(other.swarm().addresses()).join();
            node.files().add(new ByteArrayInputStream(new byte[10])).join();
            await("provided", () -> stat(node).operations().keysProvided() == 1);
        }
        try (KafilaNode node = KafilaNode.start(stored)) {
            ProvideStat stat = stat(node);
            assertThat(stat.schedule().keys()).isEqualTo(1);
            assertThat(stat.queues().pendingKeyProvides()).isZero();
            assertThat(stat.schedule().nextReprovideAt()).isPresent();
        }
    }
}
