package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.dag.car.CarReadOptions;
import io.kafila.dag.car.CarReader;
import io.kafila.multiformats.Cid;
import io.kafila.testkit.Fixtures;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PathResolverTest {
    private static final String DIRECTORY = "\u0008\u0001";
    private static final String FILE = "\u0008\u0002";

    private final TestBlocks blocks = TestBlocks.immediate();
    private final Map<String, String> names = new HashMap<>();
    private final PathResolver resolver = new PathResolver(
            Codecs.standard(),
            name -> names.containsKey(name)
                    ? CompletableFuture.completedFuture(ContentPath.parse(names.get(name)))
                    : NameResolver.none().resolve(name));

    @AfterEach
    void everyBlockIsClosed() {
        assertThat(blocks.open).hasValue(0);
    }

    @Test
    void ipfs_directories_byName() {
        Cid leaf = blocks.raw("leaf");
        Cid inner = blocks.pb(DIRECTORY, "b", leaf);
        Cid root = blocks.pb(DIRECTORY, "a", inner, "Links", leaf);
        assertThat(resolve("/ipfs/" + root)).isEqualTo(found(root));
        assertThat(resolve("/ipfs/" + root + "/a")).isEqualTo(found(inner));
        assertThat(resolve(root + "/a/b/")).isEqualTo(found(leaf));
        assertThat(resolve("/ipfs/" + root + "/Links")).isEqualTo(found(leaf));
        noLink("/ipfs/" + root + "/a/c/d", "c", inner);
        noLink("/ipfs/" + root + "/a/b/c", "c", leaf);
        // The last block is not needed to resolve.
        assertThat(blocks.asked).contains(root, inner);
    }

    @Test
    void ipfs_fileAndForeignNodes_asGoUnixfsnodeSeesThem() {
        Cid leaf = blocks.raw("leaf");
        Cid file = blocks.pb(FILE, "a", leaf);
        noLink("/ipfs/" + file + "/a", "a", file);
        Cid foreign = blocks.pb("no unixfs", "a", leaf);
        assertThat(resolve("/ipfs/" + foreign + "/a")).isEqualTo(found(leaf));
        Cid empty = blocks.put(
                "dag-pb", new DagPbNode(List.of(new PbLink(leaf, "x", 0)), java.util.Optional.empty()).encode());
        assertThat(resolve("/ipfs/" + empty + "/x")).isEqualTo(found(leaf));
    }

    @Test
    void ipfs_shardedDirectoryOfWikipedia_isWalkedByName() {
        byte[] archive = Fixtures.bytes("go-car/cmd/car/testdata/inputs/wikipedia-cryptographic-hash-function.car");
        Cid root;
        try (CarReader reader = CarReader.open(
                Channels.newChannel(new ByteArrayInputStream(archive)),
                CarReadOptions.DEFAULT,
                Runnable::run,
                Runnable::run)) {
            root = reader.roots().get(0);
            for (Block block : reader.read(100)) {
                blocks.blocks.put(block.cid(), block.payload().toByteArray());
                block.close();
            }
        }
        Resolved page = resolve("/ipfs/" + root + "/wiki/Cryptographic_hash_function");
        assertThat(page.remainder()).isEmpty();
        assertThat(blocks.blocks).containsKey(page.cid());
        assertThat(blocks.asked.size()).isGreaterThan(2);
        assertThatThrownBy(() -> resolve("/ipfs/" + root + "/nothing")).isInstanceOf(PathException.class);
        assertThatThrownBy(() -> resolve("/ipfs/" + root + "/wiki/Cryptographic_hash_function/x"))
                .isInstanceOf(PathException.class);
    }

    @Test
    void ipld_dagPb_asTheDataModel() {
        Cid leaf = blocks.raw("leaf");
        Cid root = blocks.pb(DIRECTORY, "a", leaf);
        Resolved hash = resolve("/ipld/" + root + "/Links/0/Hash");
        assertThat(hash).isEqualTo(new Resolved(ContentPath.Namespace.IPLD, leaf, List.of()));
        Resolved name = resolve("/ipld/" + root + "/Links/0/Name");
        assertThat(name.cid()).isEqualTo(root);
        assertThat(name.remainderText()).isEqualTo("/Links/0/Name");
        assertThat(name.path()).hasToString("/ipld/" + root + "/Links/0/Name");
        assertThat(value("/ipld/" + root + "/Links/0/Name")).isEqualTo(new IpldNode.StringValue("a"));
        noLink("/ipld/" + root + "/a", "a", root);
    }

    @Test
    void dagCbor_mapsListsAndLinks_areFollowed() {
        Cid leaf = blocks.cbor("{\"deep\":{\"er\":[7,8]}}");
        Cid root = blocks.cbor("{\"list\":[1,{\"/\":\"" + leaf + "\"}],\"a/b\":2}");
        assertThat(resolve(root + "/list/1")).isEqualTo(found(leaf));
        Resolved inside = resolve(root + "/list/1/deep/er/1");
        assertThat(inside.cid()).isEqualTo(leaf);
        assertThat(inside.remainder()).containsExactly("deep", "er", "1");
        assertThat(value(root + "/list/1/deep/er/1")).isEqualTo(IpldNode.IntValue.of(8));
        assertThat(value(root + "/list").kind()).isEqualTo(IpldNode.Kind.LIST);
        assertThat(value(root.toString()).kind()).isEqualTo(IpldNode.Kind.MAP);
        for (String segment : List.of("2", "01", "-1", "+1", "a", "99999999999")) {
            noKey(root + "/list/" + segment, segment);
        }
        noLink(root + "/list/0/x", "x", root);
        noKey(root + "/list/1/deep/nothing/x", "nothing");
        noKey(root + "/absent", "absent");
    }

    @Test
    void blockThatIsOnlyALink_isFollowedWhereThePathGoesOn() {
        Cid leaf = blocks.cbor("{\"a\":1}");
        Cid link = blocks.cbor("{\"/\":\"" + leaf + "\"}");
        assertThat(resolve(link.toString())).isEqualTo(found(link));
        assertThat(resolve(link + "/a").cid()).isEqualTo(leaf);
        Cid chain = leaf;
        for (int i = 0; i <= PathResolver.MAX_LINK_HOPS; i++) {
            chain = blocks.cbor("{\"/\":\"" + chain + "\"}");
        }
        String tooFar = chain + "/a";
        assertThatThrownBy(() -> resolve(tooFar))
                .isInstanceOf(DagException.class)
                .hasMessage("path through 65 blocks that are nothing but a link, want at most 64");
    }

    @Test
    void ipns_names_areResolvedOneAfterAnother() {
        Cid leaf = blocks.raw("leaf");
        Cid root = blocks.pb(DIRECTORY, "a", leaf);
        names.put("one", "/ipns/two");
        names.put("two", "/ipfs/" + root);
        names.put("deep", "/ipfs/" + root + "/a");
        assertThat(resolve("/ipns/one/a")).isEqualTo(found(leaf));
        assertThat(resolve("/ipns/deep")).isEqualTo(found(leaf));
        names.put("loop", "/ipns/loop");
        assertThatThrownBy(() -> resolve("/ipns/loop"))
                .hasMessage("could not resolve name \"loop\": recursion limit exceeded: more than 32 names stand for"
                        + " one another");
        assertThatThrownBy(() -> resolve("/ipns/none"))
                .isInstanceOf(PathException.class)
                .hasMessage("could not resolve name \"none\": this node resolves no names");
    }

    @Test
    void missingAndBrokenBlocks_failWithTheirErrors() {
        Cid gone = blocks.raw("gone");
        blocks.blocks.clear();
        Cid root = blocks.cbor("{\"a\":{\"/\":\"" + gone + "\"}}");
        assertThatThrownBy(() -> resolve(root + "/a/b")).isInstanceOf(BlockNotFoundException.class);
        Cid broken = blocks.put("dag-cbor", new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> resolve(broken + "/a")).isInstanceOf(CodecException.class);
        Cid unknown = Cid.v1(0x78, gone.multihash());
        blocks.blocks.put(unknown, new byte[1]);
        assertThatThrownBy(() -> resolve(unknown + "/a")).hasMessageStartingWith("no codec 0x78");
    }

    @Test
    void veryLongPath_doesNotNest() {
        Cid root = blocks.cbor("1");
        int depth = 20_000;
        for (int i = 0; i < depth; i++) {
            root = blocks.cbor("[{\"/\":\"" + root + "\"}]");
        }
        String path = root + "/" + String.join("/", Collections.nCopies(depth, "0"));
        assertThat(value(path)).isEqualTo(IpldNode.IntValue.of(1));
    }

    @Test
    void cancel_withdrawsTheFetch() {
        TestBlocks slow = TestBlocks.manual();
        Cid leaf = slow.cbor("1");
        Cid root = slow.cbor("[{\"/\":\"" + leaf + "\"}]");
        CompletableFuture<Resolved> resolving = new PathResolver(Codecs.standard(), NameResolver.none())
                .resolve(slow, ContentPath.parse(root + "/0/1"));
        assertThat(slow.waiting()).isEqualTo(1);
        resolving.cancel(false);
        assertThat(slow.waiting()).isZero();
        assertThat(slow.open).hasValue(0);
    }

    private static Resolved found(Cid cid) {
        return new Resolved(ContentPath.Namespace.IPFS, cid, List.of());
    }

    private void noLink(String path, String name, Cid under) {
        assertThatThrownBy(() -> resolve(path))
                .isInstanceOf(PathException.class)
                .hasMessage("no link named \"" + name + "\" under " + under)
                .satisfies(e -> assertThat(((PathException) e).kind()).isEqualTo(PathException.Kind.NO_LINK));
    }

    private void noKey(String path, String name) {
        assertThatThrownBy(() -> resolve(path))
                .isInstanceOf(PathException.class)
                .hasMessage("key not found: \"" + name + "\"")
                .satisfies(e -> assertThat(((PathException) e).kind()).isEqualTo(PathException.Kind.NO_LINK));
    }

    private Resolved resolve(String path) {
        return join(resolver.resolve(blocks, ContentPath.parse(path)));
    }

    private IpldNode value(String path) {
        return join(resolver.value(blocks, ContentPath.parse(path)));
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
