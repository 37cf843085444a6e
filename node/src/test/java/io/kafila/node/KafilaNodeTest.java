package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.ContentPath;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.car.CarReadOptions;
import io.kafila.dag.unixfs.DirectoryEntry;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.config.ConfigFile;
import io.kafila.node.internal.Pull;
import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafilaNodeTest {
    private static final int SIZE = 5 * 1024 * 1024 + 17;

    private static byte[] read(KafilaNode node, Cid cid) throws Exception {
        try (SeekableByteChannel file = node.files().open(cid).get(30, TimeUnit.SECONDS)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
            return bytes.array();
        }
    }

    private static void connect(KafilaNode from, KafilaNode to) throws Exception {
        from.swarm().connect(to.swarm().addresses()).get(10, TimeUnit.SECONDS);
    }

    @Test
    void file_addedHere_readThere() throws Exception {
        byte[] content = new Seed(3).bytes(SIZE);
        try (KafilaNode here = KafilaNode.builder().start();
                KafilaNode there = KafilaNode.builder().start()) {
            Cid cid = here.files().add(new ByteArrayInputStream(content)).join();
            connect(there, here);
            assertThat(read(there, cid)).isEqualTo(content);
            assertThat(there.repository().has(cid).join()).isTrue();
        }
    }

    @Test
    void randomAccess_acrossChunks_seesTheRightBytes() throws Exception {
        byte[] content = new Seed(4).bytes(SIZE);
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid cid = node.files().add(new ByteArrayInputStream(content)).join();
            try (SeekableByteChannel file = node.files().open(cid).join()) {
                Seed.forAll(50, random -> {
                    int from = random.nextInt(SIZE);
                    ByteBuffer piece = ByteBuffer.allocate(Math.min(1 + random.nextInt(100_000), SIZE - from));
                    file.position(from);
                    while (piece.hasRemaining()) {
                        assertThat(file.read(piece)).isPositive();
                    }
                    assertThat(piece.array())
                            .isEqualTo(java.util.Arrays.copyOfRange(content, from, from + piece.capacity()));
                });
            }
        }
    }

    @Test
    void folder_listedAndResolvedByPath(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/inner.txt"), "inner");
        Files.writeString(folder.resolve("outer.txt"), "outer");
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid root = node.files().add(folder).join();
            List<String> names = Pull.toList(
                            node.files().list(ContentPath.of(root)).join())
                    .join()
                    .stream()
                    .map(DirectoryEntry::name)
                    .toList();
            assertThat(names).containsExactly("outer.txt", "sub");
            Cid inner = node.files()
                    .resolve(ContentPath.parse("/ipfs/" + root + "/sub/inner.txt"))
                    .join();
            assertThat(read(node, inner)).isEqualTo("inner".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> node.files()
                            .resolve(ContentPath.parse("/ipfs/" + root + "/absent"))
                            .join())
                    .hasMessageContaining("no link named \"absent\" under " + root);
        }
    }

    @Test
    void offlineNode_absentBlock_saysSo() {
        Cid absent = Cid.parse("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            assertThatThrownBy(() -> node.blocks().get(absent).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(BlockNotFoundException.class)
                    .hasMessageContaining("ipld: could not find " + absent);
            assertThatThrownBy(() -> node.swarm().host()).isInstanceOf(OfflineException.class);
        }
    }

    @Test
    void garbage_unpinnedGoes_pinnedStays() throws Exception {
        byte[] kept = new Seed(5).bytes(3_000_000);
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid keep = node.files().add(new ByteArrayInputStream(kept)).join();
            Cid drop = node.files()
                    .add(new ByteArrayInputStream(new Seed(6).bytes(3_000_000)))
                    .join();
            node.pins().remove(drop, true).join();
            List<Cid> removed = new ArrayList<>();
            node.storage().collectGarbage(removed::add).join();
            assertThat(removed).hasSize(4);
            assertThat(node.repository().has(drop).join()).isFalse();
            assertThat(read(node, keep)).isEqualTo(kept);
        }
    }

    @Test
    void pins_modesAndErrors() {
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid root = node.files()
                    .add(new ByteArrayInputStream(new Seed(7).bytes(2_500_000)))
                    .join();
            Cid leaf = node.dag().codecs().links(node.blocks().get(root).join()).get(0);
            assertThat(node.pins().how(List.of(root, leaf)).join())
                    .containsEntry(root, new Pins.Listed(root, Pins.Kind.RECURSIVE, "", root))
                    .containsEntry(leaf, new Pins.Listed(leaf, Pins.Kind.INDIRECT, "", root));
            assertThat(node.blocks().remove(List.of(leaf), false).join()).containsEntry(leaf, "pinned via " + root);
            assertThatThrownBy(
                            () -> node.pins().add(root, false, "", count -> {}).join())
                    .hasMessageContaining(root + " already pinned recursively");
            assertThatThrownBy(() -> node.pins().remove(leaf, true).join())
                    .hasCauseInstanceOf(NotPinnedException.class)
                    .hasMessageContaining("not pinned or pinned indirectly");
            node.pins().add(leaf, false, "a leaf", count -> {}).join();
            List<Pins.Listed> listed = new ArrayList<>();
            node.pins().list(Set.of(Pins.Kind.DIRECT), listed::add).join();
            assertThat(listed).containsExactly(new Pins.Listed(leaf, Pins.Kind.DIRECT, "a leaf", leaf));
            assertThat(node.pins().count(PinMode.RECURSIVE).join()).isEqualTo(1);
        }
    }

    @Test
    void pinVerify_missingBlock_isNamed() {
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid root = node.files()
                    .add(new ByteArrayInputStream(new Seed(8).bytes(2_500_000)))
                    .join();
            Cid leaf;
            try (Block block = node.blocks().get(root).join()) {
                leaf = node.dag().codecs().links(block).get(1);
            }
            node.repository().deleteAll(List.of(leaf)).join();
            List<Pins.Verified> verified = new ArrayList<>();
            node.pins().verify(verified::add).join();
            assertThat(verified)
                    .containsExactly(new Pins.Verified(
                            root, List.of(new Pins.Fault(leaf, new BlockNotFoundException(leaf).getMessage()))));
        }
    }

    @Test
    void archive_writtenHere_readThere() throws Exception {
        byte[] content = new Seed(9).bytes(SIZE);
        try (KafilaNode here = KafilaNode.builder().offline().start();
                KafilaNode there = KafilaNode.builder().offline().start()) {
            Cid root = here.files().add(new ByteArrayInputStream(content)).join();
            ByteArrayOutputStream car = new ByteArrayOutputStream();
            here.archives().write(root, Channels.newChannel(car), true).join();
            Archives.Imported imported = there.archives()
                    .read(Channels.newChannel(new ByteArrayInputStream(car.toByteArray())), CarReadOptions.DEFAULT)
                    .join();
            assertThat(imported.roots()).containsExactly(root);
            assertThat(imported.blocks())
                    .isEqualTo(here.dag().stat(root, stat -> {}).join().blocks());
            assertThat(read(there, root)).isEqualTo(content);
        }
    }

    @Test
    void dagNode_putAndGet() {
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid cid = node.dag()
                    .put(
                            "{\"a\":[1,2]}".getBytes(StandardCharsets.UTF_8),
                            Multicodec.DAG_JSON.code(),
                            Multicodec.DAG_CBOR.code(),
                            HashFunction.SHA2_256)
                    .join();
            assertThat(new String(
                            node.dag()
                                    .codecs()
                                    .require(Multicodec.DAG_JSON.code())
                                    .encode(node.dag()
                                            .get(ContentPath.parse(cid + "/a/1"))
                                            .join()),
                            StandardCharsets.UTF_8))
                    .isEqualTo("2");
        }
    }

    @Test
    void oversizeBlock_isRefused() {
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            assertThatThrownBy(() -> node.blocks()
                            .put(Payload.of(new byte[Block.MAX_SIZE_BYTES + 1]), new Cid.Prefix(1, 0x55, 0x12, 32))
                            .join())
                    .hasMessageContaining("want at most 2097152");
        }
    }

    @Test
    void repo_reopened_keepsIdentityPinsAndBlocks(@TempDir Path home) throws Exception {
        byte[] content = new Seed(10).bytes(SIZE);
        Path repo = home.resolve("repo");
        Cid cid;
        String id;
        try (KafilaNode node = KafilaNode.builder().repo(repo).start()) {
            cid = node.files().add(new ByteArrayInputStream(content)).join();
            id = node.peerId().toString();
            assertThatThrownBy(() -> KafilaNode.builder().repo(repo).start()).hasMessageContaining("lock");
        }
        try (KafilaNode node = KafilaNode.builder().repo(repo).offline().start()) {
            assertThat(node.peerId()).hasToString(id);
            assertThat(node.pins().get(cid).join()).isPresent();
            assertThat(read(node, cid)).isEqualTo(content);
        }
    }

    @Test
    void digestLongerThanItsFunctionGives_isRefused_andStopsNothing() {
        Cid odd = Cid.v1(Multicodec.RAW, Multihash.of(HashFunction.SHA2_256.code(), new byte[64]));
        Cid empty = Cid.parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
        try (KafilaNode node = KafilaNode.builder().offline().start();
                BlockSource source = node.localSource()) {
            assertThatThrownBy(() -> source.get(odd).get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(MultiformatException.class)
                    .hasMessageContaining("digest too large: sha2-256 digest got 64 bytes, maximum 32");
            source.get(empty).orTimeout(10, TimeUnit.SECONDS).join().close();
        }
    }

    @Test
    void emptyBlock_isHadWithoutBeingFetched() {
        Cid empty = Cid.parse("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
        try (KafilaNode node = KafilaNode.builder().start();
                Block block = node.blocks().get(empty).join()) {
            assertThat(block.sizeBytes()).isZero();
            assertThat(node.repository().has(empty).join()).isTrue();
        }
    }

    /** The addresses that ipfsd-ctl writes into the configuration of every daemon it starts. */
    @Test
    void swarmAddressesWithoutATransport_areLeftOut(@TempDir Path home) throws Exception {
        Repo repo = Repo.initialise(
                home.resolve("repo"), PrivateKey.generate(KeyType.ED25519, new SecureRandom()), List.of());
        ConfigFile.in(repo.folder())
                .write(repo.config()
                        .with(
                                "Addresses.Swarm",
                                List.of(
                                        "/ip4/127.0.0.1/tcp/0",
                                        "/ip4/127.0.0.1/udp/0/quic-v1",
                                        "/ip4/127.0.0.1/udp/0/quic-v1/webtransport",
                                        "/ip4/127.0.0.1/tcp/0/webrtc-direct",
                                        "/ip4/127.0.0.1/tcp/0/ws")));
        assertThat(Repo.read(repo.folder()).options().network().listen())
                .containsExactly(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    }

    @Test
    void kuboRepo_isRefused(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("version"), "18\n");
        Files.writeString(home.resolve("datastore_spec"), "{}");
        Files.writeString(home.resolve("config"), "{}");
        assertThatThrownBy(() -> KafilaNode.builder().repo(home).start())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("another program");
    }

    @Test
    void close_twice_andManyNodesInOneJvm() throws Exception {
        List<KafilaNode> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                nodes.add(KafilaNode.builder().start());
            }
            Cid cid = nodes.get(0)
                    .files()
                    .add(new ByteArrayInputStream(new Seed(11).bytes(100_000)))
                    .join();
            for (KafilaNode node : nodes.subList(1, nodes.size())) {
                connect(node, nodes.get(0));
                assertThat(read(node, cid)).hasSize(100_000);
            }
        } finally {
            nodes.forEach(KafilaNode::close);
            nodes.forEach(KafilaNode::close);
        }
    }

    @Test
    void walk_visitsEveryBlockOnce() {
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            Cid root = node.files()
                    .add(new ByteArrayInputStream(new byte[4 * 1024 * 1024]))
                    .join();
            List<Cid> seen = new ArrayList<>();
            Pull.forEach(node.dag().walk(List.of(root), WalkOptions.DEFAULT), step -> {
                        step.close();
                        seen.add(step.cid());
                    })
                    .join();
            assertThat(seen).hasSize(2).startsWith(root);
        }
    }
}
