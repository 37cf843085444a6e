package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands on blocks, graphs and pins as a foreign client of the RPC sees them. What is expected was taken from Kubo 0.42.0
 * with the same requests.
 */
class ContentVerbsTest {
    private static final String ABSENT = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
    private static final String HI = "bafkreiey5jxe6ilpf62lnh77tm5ejbbmhbugzjuf6p2v3remlu73ced34q";
    private static final byte[] HI_BYTES = "hi\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path repo;

    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = new RpcFixture(repo, false);
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    /** A map of two names for {@link #HI} and one for a list with it; its Cid. */
    private String tree() throws Exception {
        rpc.upload("block/put", List.of(HI_BYTES));
        String list = put("[{\"/\":\"" + HI + "\"},\"x\"]");
        return put("{\"a\":{\"/\":\"" + HI + "\"},\"b\":{\"/\":\"" + HI + "\"},\"list\":{\"/\":\"" + list
                + "\"},\"n\":1}");
    }

    private String put(String json) throws Exception {
        return rpc.upload("dag/put", List.of(json.getBytes(StandardCharsets.UTF_8)))
                .json()
                .path("Cid")
                .path("/")
                .asText();
    }

    @Test
    void block_putGetStatRemove() throws Exception {
        RpcFixture.Answer put = rpc.upload("block/put", List.of(HI_BYTES, new byte[] {1}), "encoding=json");
        assertThat(put.values().get(0)).hasToString("{\"Key\":\"" + HI + "\",\"Size\":3}");
        assertThat(put.values()).hasSize(2);
        assertThat(put.header("x-chunked-output")).isEqualTo("1");

        RpcFixture.Answer got = rpc.call("block/get", "arg=" + HI);
        assertThat(got.body()).isEqualTo(HI_BYTES);
        assertThat(got.header("content-type")).isEqualTo("application/vnd.ipld.raw");
        assertThat(got.header("x-stream-output")).isEqualTo("1");

        assertThat(rpc.text("block/stat", "arg=" + HI)).isEqualTo("Key: " + HI + "\nSize: 3\n");
        assertThat(rpc.call("block/rm", "arg=" + HI).json()).hasToString("{\"Hash\":\"" + HI + "\"}");
        assertThat(rpc.call("block/rm", "arg=" + HI).json())
                .hasToString("{\"Hash\":\"" + HI + "\",\"Error\":\"ipld: could not find " + HI + "\"}");
        assertThat(rpc.call("block/rm", "arg=" + HI, "force=true").json()).hasToString("{\"Hash\":\"" + HI + "\"}");
    }

    @Test
    void block_faults_asKubo() throws Exception {
        assertThat(rpc.call("block/get", "arg=" + ABSENT).error())
                .isEqualTo("block was not found locally (offline): ipld: could not find " + ABSENT + "|0");
        assertThat(rpc.call("block/get", "arg=notacid").error())
                .isEqualTo("invalid path \"notacid\": path does not have enough components|0");
        assertThat(rpc.upload("block/put", List.of(HI_BYTES), "mhtype=nonsense").error())
                .isEqualTo("unrecognized multihash function: nonsense|0");
        assertThat(rpc.upload("block/put", List.of(HI_BYTES), "cid-codec=foo").error())
                .isEqualTo("unknown multicodec: \"foo\"|0");
        assertThat(rpc.upload("block/put", List.of(new byte[2 * 1024 * 1024 + 1]))
                        .error())
                .startsWith("produced block is over 2MiB: big blocks can't be exchanged with other peers.");
    }

    @Test
    void bigBlocks_whenAskedFor_upToTheirBound() throws Exception {
        byte[] big = new byte[3 * 1024 * 1024];
        RpcFixture.Answer put = rpc.upload("block/put", List.of(big), "allow-big-block=true");
        String key = put.json().path("Key").asText();
        assertThat(put.json().path("Size").asInt()).isEqualTo(big.length);
        assertThat(rpc.call("block/get", "arg=" + key).body()).isEqualTo(big);
        byte[] archive = rpc.call("dag/export", "arg=" + key).body();
        assertThat(rpc.call("block/rm", "arg=" + key).status()).isEqualTo(200);
        assertThat(rpc.upload("dag/import", List.of(archive)).error())
                .contains("produced block is over 2MiB: big blocks can't be exchanged with other peers");
        assertThat(rpc.upload("dag/import", List.of(archive), "allow-big-block=true", "stats=true")
                        .text())
                .contains("\"BlockCount\":1");
        assertThat(rpc.call("cat", "arg=" + key).body()).isEqualTo(big);

        byte[] text = ("\"" + "x".repeat(big.length) + "\"").getBytes(StandardCharsets.UTF_8);
        assertThat(rpc.upload("dag/put", List.of(text)).error()).startsWith("produced block is over 2MiB");
        assertThat(rpc.upload("dag/put", List.of(text), "allow-big-block=true").status())
                .isEqualTo(200);
        assertThat(rpc.upload("block/put", List.of(new byte[8 * 1024 * 1024]), "allow-big-block=true")
                        .error())
                .startsWith("block of more than 8388352 bytes, which is the most that is stored");
    }

    @Test
    void dag_putGetResolve() throws Exception {
        String root = tree();
        RpcFixture.Answer got = rpc.call("dag/get", "arg=" + root + "/list/1");
        assertThat(got.text()).isEqualTo("\"x\"");
        assertThat(got.header("content-type")).isEqualTo("text/plain");
        assertThat(rpc.call("dag/get", "arg=" + root + "/n").text()).isEqualTo("1");
        assertThat(rpc.call("dag/get", "arg=" + root + "/a", "output-codec=raw").body())
                .isEqualTo(HI_BYTES);
        assertThat(rpc.call("dag/resolve", "arg=" + root + "/n").json())
                .hasToString("{\"Cid\":{\"/\":\"" + root + "\"},\"RemPath\":\"/n\"}");
        assertThat(rpc.text("dag/resolve", "arg=" + root + "/n")).isEqualTo(root + "/n");
        assertThat(rpc.text("dag/resolve", "arg=" + root + "/b")).isEqualTo(HI);
        assertThat(rpc.text("resolve", "arg=/ipld/" + root + "/a")).isEqualTo("/ipld/" + HI + "\n");
        assertThat(rpc.call("dag/get", "arg=" + root, "output-codec=foo").error())
                .isEqualTo("unknown multicodec: \"foo\"|0");
        assertThat(rpc.call("dag/get", "arg=" + root, "output-codec=zcash-tx").error())
                .isEqualTo("invalid encoding: zcash-tx - no encoder registered for multicodec code 193 (0xc1)|0");
        assertThat(rpc.upload("dag/put", List.of("1".getBytes(StandardCharsets.UTF_8)), "input-codec=zcash-tx")
                        .error())
                .isEqualTo("no decoder registered for multicodec code 193 (0xc1)|0");
    }

    @Test
    void dagStat_severalRoots_countsWhatIsShared() throws Exception {
        String root = tree();
        RpcFixture.Answer answer = rpc.call("dag/stat", "arg=" + root, "arg=" + HI, "progress=false");
        assertThat(answer.values()).hasSize(1);
        long all = answer.json().path("TotalSize").asLong();
        assertThat(answer.json())
                .hasToString("{\"UniqueBlocks\":3,\"TotalSize\":" + all + ",\"SharedSize\":3,\"Ratio\":"
                        + answer.json().path("Ratio") + ",\"DagStats\":[{\"Cid\":\"" + root + "\",\"Size\":" + all
                        + ",\"NumBlocks\":3},{\"Cid\":\"" + HI + "\",\"Size\":3,\"NumBlocks\":1}]}");
        assertThat(answer.json().path("Ratio").floatValue()).isEqualTo((all + 3) / (float) all);
        assertThat(rpc.text("dag/stat", "arg=" + HI, "progress=false"))
                .isEqualTo("\nCID" + " ".repeat(56) + "\tBlocks         \tSize\n" + HI
                        + "\t1              \t3\n\nSummary\n"
                        + "Total Size: 3 (3 B)\nUnique Blocks: 1\nShared Size: 0 (0 B)\nRatio: 1.000000\n\n\n");
    }

    @Test
    void archive_exportedAndImported_pinned() throws Exception {
        String root = tree();
        RpcFixture.Answer car = rpc.call("dag/export", "arg=" + root);
        assertThat(car.header("content-type")).isEqualTo("application/vnd.ipld.car");
        try (RpcFixture other = new RpcFixture(Files.createTempDirectory(repo, "other"), false)) {
            List<JsonNode> lines = other.upload("dag/import", List.of(car.body()), "stats=true")
                    .values();
            assertThat(lines.get(0)).hasToString("{\"Root\":{\"Cid\":{\"/\":\"" + root + "\"},\"PinErrorMsg\":\"\"}}");
            assertThat(lines.get(1).path("Stats").path("BlockCount").asInt()).isEqualTo(3);
            assertThat(other.call("dag/export", "arg=" + root).body()).isEqualTo(car.body());
            assertThat(other.text("pin/ls", "type=recursive")).isEqualTo(root + " recursive\n");
        }
    }

    @Test
    void archive_cutOrPartial_saysWhere() throws Exception {
        String root = tree();
        byte[] car = rpc.call("dag/export", "arg=" + root).body();
        rpc.call("repo/gc");
        assertThat(rpc.upload("dag/import", List.of(Arrays.copyOf(car, car.length - 1)))
                        .error())
                .startsWith("import failed after block \"");
        rpc.call("repo/gc");
        byte[] header = Arrays.copyOf(car, car[0] + 1);
        assertThat(rpc.upload("dag/import", List.of(header)).json())
                .hasToString("{\"Root\":{\"Cid\":{\"/\":\"" + root + "\"},\"PinErrorMsg\":\"ipld: could not find "
                        + root + "\"}}");
        assertThat(rpc.call("pin/ls").json()).hasToString("{}");
        assertThat(rpc.upload("dag/import", List.of(car), "local-only=true", "pin-roots=true")
                        .error())
                .startsWith("--local-only implies --pin-roots=false");
        rpc.upload("dag/import", List.of(car), "local-only=true");
        rpc.call("block/rm", "arg=" + HI);
        assertThat(rpc.call("dag/export", "arg=" + root, "local-only=true").body().length)
                .isLessThan(car.length);
    }

    @Test
    void refs_directDeepAndOnce() throws Exception {
        String root = tree();
        String list = rpc.call("dag/resolve", "arg=" + root + "/list")
                .json()
                .path("Cid")
                .path("/")
                .asText();
        assertThat(rpc.text("refs", "arg=" + root)).isEqualTo(HI + "\n" + HI + "\n" + list + "\n");
        assertThat(rpc.text("refs", "arg=" + root, "recursive=true", "unique=true"))
                .isEqualTo(HI + "\n" + list + "\n");
        assertThat(rpc.text("refs", "arg=" + list, "edges=true")).isEqualTo(list + " -> " + HI + "\n");
        assertThat(rpc.text("refs", "arg=" + root, "recursive=true", "max-depth=0"))
                .isEmpty();
        assertThat(rpc.call("refs", "arg=" + ABSENT).json())
                .hasToString("{\"Ref\":\"\",\"Err\":\"block was not found locally (offline): ipld: could not find "
                        + ABSENT + "\"}");
        assertThat(rpc.text("refs/local")).contains(HI);
        assertThat(rpc.call("refs", "arg=" + root, "edges=true", "format=x").error())
                .isEqualTo("using format argument with edges is not allowed|0");
    }

    @Test
    void pins_addListUpdateRemove() throws Exception {
        String root = tree();
        String list = rpc.call("dag/resolve", "arg=" + root + "/list")
                .json()
                .path("Cid")
                .path("/")
                .asText();
        List<JsonNode> added = rpc.call("pin/add", "arg=" + root, "progress=true", "name=model")
                .values();
        assertThat(added.get(added.size() - 2).path("Progress").asInt()).isEqualTo(3);
        assertThat(added.get(added.size() - 2).path("Bytes").asInt()).isPositive();
        assertThat(added.get(added.size() - 1)).hasToString("{\"Pins\":[\"" + root + "\"]}");

        assertThat(rpc.text("pin/ls", "type=recursive")).isEqualTo(root + " recursive\n");
        assertThat(rpc.text("pin/ls", "names=true", "type=recursive")).isEqualTo(root + " recursive model\n");
        assertThat(rpc.call("pin/ls", "name=mod").json())
                .hasToString("{\"Keys\":{\"" + root + "\":{\"Type\":\"recursive\",\"Name\":\"model\"}}}");
        assertThat(rpc.call("pin/ls", "name=other").json()).hasToString("{}");
        assertThat(rpc.call("pin/ls", "stream=true", "type=indirect").values()).hasSize(2);
        assertThat(rpc.text("pin/ls", "arg=" + HI)).isEqualTo(HI + " indirect through " + root + "\n");
        assertThat(rpc.call("pin/ls", "arg=" + HI, "type=direct").error())
                .isEqualTo("path '" + HI + "' is not pinned|0");
        assertThat(rpc.call("pin/ls", "type=bogus").error())
                .isEqualTo("invalid type 'bogus', must be one of {direct, indirect, recursive, all}|0");

        assertThat(rpc.call("pin/add", "arg=" + root, "recursive=false").error())
                .isEqualTo("pin: " + root + " already pinned recursively|0");
        assertThat(rpc.call("pin/add", "arg=" + ABSENT).error())
                .isEqualTo("pin: block was not found locally (offline): ipld: could not find " + ABSENT + "|0");
        assertThat(rpc.call("block/rm", "arg=" + HI).json().path("Error").asText())
                .isEqualTo("pinned via " + root);
        assertThat(rpc.call("pin/rm", "arg=" + HI).error()).isEqualTo("not pinned or pinned indirectly|0");
        assertThat(rpc.text("pin/update", "arg=" + root, "arg=" + list))
                .isEqualTo("updated " + root + " to " + list + "\n");
        assertThat(rpc.call("pin/update", "arg=" + root, "arg=" + list).error())
                .isEqualTo("'from' cid was not recursively pinned already|0");
        rpc.call("pin/add", "arg=" + root);
        assertThat(rpc.call("pin/update", "arg=" + root, "arg=" + list).error())
                .isEqualTo("'to' cid was already recursively pinned|0");
        assertThat(rpc.call("pin/rm", "arg=" + list, "recursive=false").error())
                .isEqualTo(list + " is pinned recursively|0");
        assertThat(rpc.text("pin/rm", "arg=" + list)).isEqualTo("unpinned " + list + "\n");
    }

    @Test
    void pinVerify_lostBlock_namedBelowItsRoot() throws Exception {
        String root = tree();
        rpc.call("pin/add", "arg=" + root);
        assertThat(rpc.call("pin/verify").text()).isEmpty();
        assertThat(rpc.text("pin/verify", "verbose=true")).isEqualTo(root + " ok\n");
        rpc.node().repository().deleteAll(List.of(Cid.parse(HI))).join();
        assertThat(rpc.call("pin/verify").json())
                .hasToString("{\"Cid\":\"" + root + "\",\"BadNodes\":[{\"Cid\":\"" + HI
                        + "\",\"Err\":\"block was not found locally (offline): ipld: could not find " + HI + "\"}]}");
        assertThat(rpc.text("pin/verify", "quiet=true")).isEqualTo(root + "\n");
        assertThat(rpc.call("pin/verify", "quiet=true", "verbose=true").error())
                .isEqualTo("the --verbose and --quiet options can not be used at the same time|0");
    }

    @Test
    void repo_statGcVerifyVersion() throws Exception {
        String root = tree();
        JsonNode stat = rpc.call("repo/stat").json();
        assertThat(stat.fieldNames())
                .toIterable()
                .containsExactly("RepoSize", "StorageMax", "NumObjects", "RepoPath", "Version");
        assertThat(stat.path("NumObjects").asInt()).isEqualTo(3);
        assertThat(stat.path("RepoPath").asText()).isEqualTo(repo.toString());
        assertThat(rpc.call("stats/repo", "size-only=true")
                        .json()
                        .path("RepoPath")
                        .asText())
                .isEmpty();
        assertThat(rpc.text("repo/stat", "human=true", "size-only=true")).contains("StorageMax: 10 GB\n");
        assertThat(rpc.text("repo/version")).isEqualTo("ipfs repo version fs-repo@18\n");
        assertThat(rpc.text("repo/verify")).isEqualTo("3 blocks processed.\rverify complete, all blocks validated.\n");
        rpc.call("pin/add", "arg=" + root, "recursive=false");
        assertThat(rpc.text("repo/gc").lines()).hasSize(2).contains("removed " + HI);
        assertThat(rpc.text("repo/gc", "quiet=true")).isEmpty();
        assertThat(rpc.text("repo/ls").lines()).hasSize(1);
        assertThat(rpc.call("repo/verify", "heal=true").error()).contains("must be run in online mode");
        assertThat(rpc.call("repo/verify", "heal-timeout=-1s").error()).isEqualTo("heal-timeout must be >= 0|0");
    }
}
