package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.ImportOptions;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.Imported;
import io.kafila.dag.unixfs.PathSourceOptions;
import io.kafila.node.AddOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands on files as a foreign client of the RPC sees them. What is expected was taken from Kubo 0.42.0 with the same
 * requests.
 */
class FileVerbsTest {
    private static final byte[] HI_BYTES = "hi\n".getBytes(StandardCharsets.UTF_8);
    private static final String ABSENT = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

    @TempDir
    Path folder;

    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = new RpcFixture(Files.createDirectories(folder.resolve("repo")), false);
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    /** A folder with a file, a link to it and another folder; its Cid. */
    private String tree(ImportOptions options) throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.write(tree.resolve("file"), HI_BYTES);
        if (Files.notExists(tree.resolve("link"))) {
            Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        }
        Files.createDirectories(tree.resolve("sub"));
        Files.write(tree.resolve("sub/other"), new byte[] {1});
        List<Imported> imported = rpc.node()
                .files()
                .add(
                        ImportSource.ofPath(tree, PathSourceOptions.DEFAULT),
                        new AddOptions(options, false, ""),
                        ImportListener.NONE)
                .join();
        return imported.get(imported.size() - 1).cid().toString();
    }

    @Test
    void cat_symlink_isItsTarget() throws Exception {
        String root = tree(ImportOptions.defaults());
        assertThat(rpc.call("cat", "arg=" + root + "/link").text()).isEqualTo("file");
        assertThat(rpc.call("cat", "arg=" + root + "/file", "arg=" + root + "/link", "offset=2", "length=3")
                        .text())
                .isEqualTo("\nfi");
        assertThat(rpc.call("cat", "arg=" + root + "/sub").error()).isEqualTo("this dag node is a directory|0");
    }

    @Test
    void catAndGet_noUnixfs_refused() throws Exception {
        String value = rpc.upload("dag/put", List.of("[1]".getBytes(StandardCharsets.UTF_8)))
                .json()
                .path("Cid")
                .path("/")
                .asText();
        assertThat(rpc.call("cat", "arg=" + value).error()).isEqualTo("unknown node type|0");
        assertThat(rpc.call("get", "arg=" + value).error()).isEqualTo("unknown node type|0");
    }

    @Test
    void ls_directoryWithMode_hasTheBitOfADirectory() throws Exception {
        String root = tree(ImportOptions.defaults().withMode(0750));
        JsonNode links =
                rpc.call("ls", "arg=" + root).json().path("Objects").path(0).path("Links");
        assertThat(links.path(0).path("Mode").asLong()).isEqualTo(0750);
        assertThat(links.path(1).path("Mode").asLong()).isZero();
        assertThat(links.path(2).path("Mode").asLong()).isEqualTo(0x8000_0000L | 0750);
        assertThat(rpc.text("ls", "arg=" + root, "long=true", "size=false").lines())
                .anyMatch(line -> line.startsWith("drwxr-x--- ") && line.endsWith(" sub/"))
                .anyMatch(line -> line.startsWith("-rwxr-x--- ") && line.endsWith(" file"));
        String plain = tree(ImportOptions.defaults());
        assertThat(rpc.call("ls", "arg=" + plain).text()).contains("\"Mode\":0").doesNotContain("\"Mode\":2147");
    }

    @Test
    void ls_times_asGoWritesThem() throws Exception {
        for (String time :
                List.of("2023-11-14T22:13:20Z", "2023-11-14T22:13:20.0000005Z", "2023-11-14T22:13:20.123Z")) {
            String root = tree(ImportOptions.defaults().withMtime(Instant.parse(time)));
            assertThat(rpc.call("ls", "arg=" + root).text()).contains("\"ModTime\":\"" + time + "\"");
        }
    }

    @Test
    void refs_uniqueOfSeveralRoots_tellsEachOnce() throws Exception {
        String root = tree(ImportOptions.defaults());
        List<String> once = rpc.text("refs", "arg=" + root).lines().toList();
        assertThat(once).hasSize(3);
        assertThat(rpc.text("refs", "arg=" + root, "arg=" + root, "unique=true").lines())
                .isEqualTo(once);
        assertThat(rpc.text("refs", "arg=" + root, "arg=" + root).lines()).hasSize(6);
        assertThat(rpc.text("refs", "arg=" + root, "format=").lines().toList()).isEqualTo(once);
    }

    @Test
    void add_symlink_hasTheModeOfOne() throws Exception {
        JsonNode event =
                rpc.upload("add", "application/symlink", List.of(HI_BYTES)).json();
        assertThat(event.path("Mode").asText()).isEqualTo("01000000777");
        assertThat(rpc.upload("add", List.of(HI_BYTES)).json().has("Mode")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"md5", "murmur3-x64-64", "blake2b-8", "shake-128"})
    void weakHash_refused(String hash) throws Exception {
        String refusal = "potentially insecure hash functions not allowed|0";
        assertThat(rpc.upload("add", List.of(HI_BYTES), "hash=" + hash).error()).isEqualTo(refusal);
        assertThat(rpc.upload("block/put", List.of(HI_BYTES), "mhtype=" + hash).error())
                .isEqualTo(refusal);
        assertThat(rpc.upload("dag/put", List.of("1".getBytes(StandardCharsets.UTF_8)), "hash=" + hash)
                        .error())
                .isEqualTo(refusal);
        assertThat(rpc.text("refs/local")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mhlen=10 | digest too small: sha2-256 digest got 10 bytes, minimum 20
            mhlen=33 | invalid cid: requested length was too large for digest
            """)
    void blockPut_badLength_refused(String option, String message) throws Exception {
        assertThat(rpc.upload("block/put", List.of(HI_BYTES), option).error()).isEqualTo(message + "|0");
    }

    @Test
    void add_nameTooLong_storesNothing() throws Exception {
        assertThat(rpc.upload("add", List.of(HI_BYTES), "pin-name=" + "x".repeat(256))
                        .error())
                .isEqualTo("pin name is 256 bytes (max 255 bytes)|0");
        assertThat(rpc.text("refs/local")).isEmpty();
    }

    @Test
    void add_numbersBelowZero_areThoseNotGiven() throws Exception {
        String plain = rpc.upload("add", List.of(HI_BYTES)).json().path("Hash").asText();
        for (String option : List.of("cid-version=-1", "max-directory-links=-1", "inline-limit=-1")) {
            assertThat(rpc.upload("add", List.of(HI_BYTES), option, "inline=" + option.startsWith("inline"))
                            .json()
                            .path("Hash")
                            .asText())
                    .isEqualTo(plain);
        }
    }

    @Test
    void putWithPin_linkThatIsAbsent_isPinnedAtOnce() throws Exception {
        byte[] link = ("{\"/\":\"" + ABSENT + "\"}").getBytes(StandardCharsets.UTF_8);
        String value = rpc.upload("dag/put", List.of(link), "pin=true")
                .json()
                .path("Cid")
                .path("/")
                .asText();
        assertThat(rpc.text("pin/ls", "type=recursive")).isEqualTo(value + " recursive\n");
        assertThat(rpc.text("pin/verify")).startsWith(value + " broken\n");
        assertThat(rpc.call("repo/gc").text()).contains(ABSENT);
        String block = rpc.upload("block/put", List.of(HI_BYTES), "pin=true", "cid-codec=0x55")
                .json()
                .path("Key")
                .asText();
        assertThat(rpc.text("pin/ls", "arg=" + block)).isEqualTo(block + " recursive\n");
    }

    @Test
    void partOfAGraph_offline_whatIsHereAndWhyNoMore() throws Exception {
        String root = tree(ImportOptions.defaults());
        List<String> links = rpc.text("refs", "arg=" + root).lines().toList();
        byte[] whole = rpc.call("dag/export", "arg=" + root).body();
        rpc.call("block/rm", "arg=" + links.get(2));
        String missing = "block was not found locally (offline): ipld: could not find " + links.get(2);
        assertThat(rpc.call("dag/stat", "arg=" + root, "progress=false").error())
                .isEqualTo("error traversing DAG: " + missing + "|0");
        assertThat(rpc.call("dag/stat", "arg=" + links.get(2), "progress=false").error())
                .isEqualTo(missing + "|0");
        RpcFixture.Answer part = rpc.call("dag/export", "arg=" + root);
        assertThat(part.status()).isEqualTo(200);
        assertThat(part.body().length).isBetween(100, whole.length - 1);
        assertThat(part.body()).isEqualTo(Arrays.copyOf(whole, part.body().length));
    }

    @Test
    void pinLs_nameAndPath_thePathCounts() throws Exception {
        String cid = rpc.upload("add", List.of(HI_BYTES), "pin-name=model")
                .json()
                .path("Hash")
                .asText();
        assertThat(rpc.text("pin/ls", "name=other")).isEmpty();
        assertThat(rpc.text("pin/ls", "name=other", "arg=" + cid)).isEqualTo(cid + " recursive model\n");
    }
}
