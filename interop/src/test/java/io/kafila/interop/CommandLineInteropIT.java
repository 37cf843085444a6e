package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real {@code ipfs} command with {@code --api} at Kafila and at Kubo: the same lines where they depend on content alone,
 * the same JSON fields where they do not.
 */
class CommandLineInteropIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path home;

    private static Daemon kafila;
    private static Daemon kubo;
    private static Path sample;
    private static String withModes;

    @BeforeAll
    static void start() throws IOException {
        sample = Sample.folder(home.resolve("tree"), 40, 7);
        Files.createSymbolicLink(sample.resolve("link"), Path.of("file-1.bin"));
        Files.createDirectories(sample.resolve("empty"));
        Files.writeString(sample.resolve("naïve café ☕.txt"), "unicode\n");
        kubo = Daemon.kubo(home.resolve("kubo")).start();
        kafila = Daemon.kafila(home.resolve("kafila")).start();
        kafila.connect(kubo);
        for (Daemon daemon : List.of(kafila, kubo)) {
            ipfs(daemon, "add", "-r", "-Q", "--cid-version=1", sample.toString())
                    .ok();
            withModes = ipfs(
                            daemon,
                            "add",
                            "-r",
                            "-Q",
                            "--cid-version=1",
                            "--preserve-mode",
                            "--preserve-mtime",
                            sample.toString())
                    .ok()
                    .line();
        }
    }

    @AfterAll
    static void stop() {
        if (kafila != null) {
            kafila.close();
        }
        if (kubo != null) {
            kubo.close();
        }
    }

    /** Kubo's command line, speaking to either daemon. */
    private static Command.Result ipfs(Daemon daemon, String... arguments) {
        return Command.of(Foreign.kubo().toString(), "--api", daemon.api())
                .and(arguments)
                .env("IPFS_PATH", kubo.repo().toString())
                .run();
    }

    private static String root() {
        return ipfs(kubo, "add", "-r", "-Q", "-n", "--cid-version=1", sample.toString())
                .ok()
                .line();
    }

    /** A value that is no file, on both. */
    private static String value() {
        String cid = "";
        for (Daemon daemon : List.of(kafila, kubo)) {
            cid = Command.of(Foreign.kubo().toString(), "--api", daemon.api(), "dag", "put")
                    .env("IPFS_PATH", kubo.repo().toString())
                    .input("{\"a\":[1]}".getBytes(StandardCharsets.UTF_8))
                    .run()
                    .ok()
                    .line();
        }
        return cid;
    }

    /** Same words to both; what comes back must be equal to the byte. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "add -r --cid-version=1 %p",
                "add -r -q --cid-version=1 %p",
                "add -r -Q --cid-version=1 %p",
                "add -r -Q --cid-version=0 --raw-leaves=false --chunker=size-262144 --max-file-links=174 %p",
                "add -r --wrap-with-directory --hidden --cid-version=1 %p",
                "add -r -n -Q --cid-version=1 --trickle %p",
                "add -r -Q --cid-version=1 --inline --inline-limit=64 %p",
                "add -r -Q --cid-version=1 --hash=blake2b-256 %p",
                "add -r -Q --cid-version=1 --preserve-mode --preserve-mtime %p",
                "cat %r/file-3.bin",
                "cat --offset=10 --length=100 %r/file-3.bin",
                "cat %r/link",
                "cat %r/file-3.bin %r/link --length=5000",
                "ls %r",
                "ls -v %r",
                "ls -l %m",
                "ls -l -v --size=false %m %r",
                "ls -l -s %m",
                "ls %r %r/sub-0",
                "ls %r/empty",
                "ls --size=false --resolve-type=false %r",
                "refs %r",
                "refs -r %r",
                "refs -r -u %r",
                "refs -r -e %r",
                "refs --format=<src>-<linkname>-<dst> %r",
                "refs --format= %r",
                "refs -u %r %r",
                "refs -r -u %r %r/sub-0",
                "refs -r %r %m",
                "add -Q --cid-version=-1 --raw-leaves --max-directory-links=-1 %p/file-3.bin",
                "add -Q --inline --inline-limit=-1 --cid-version=1 %p/file-1.bin",
                "block put --cid-codec=0x71 %p/file-1.bin",
                "dag put --pin --offline --input-codec=raw --store-codec=0x55 %p/file-1.bin",
                "pin ls --name=other %r",
                "block stat %r",
                "block get %r",
                "dag get %r",
                "dag get --output-codec=dag-cbor %r/file-3.bin",
                "dag stat --progress=false %r",
                "dag resolve %r/sub-0",
                "dag export --progress=false %r",
                "pin ls --type=recursive %r",
                "resolve /ipfs/%r/sub-0",
                "resolve --cid-base=base36 %r/sub-0",
                "refs --max-depth=1 -r %r",
                "block stat --cid-base=base58btc %r/file-1.bin",
                "dag get /ipld/%r/Links/0/Name",
                "dag resolve /ipld/%r/Links/0",
                "dag stat --progress=false %r %r/sub-0",
                "dag export --progress=false --local-only %r/sub-0",
                "repo version",
                "cid format -b base58btc %r",
                "cid inspect %r"
            })
    void contentCommand_sameOutput(String words) {
        String line = words.replace("%r", root()).replace("%m", withModes).replace("%p", sample.toString());
        Command.Result ours = ipfs(kafila, line.split(" "));
        Command.Result theirs = ipfs(kubo, line.split(" "));
        assertThat(ours.err()).as("standard error of " + line).isEqualTo(theirs.err());
        assertThat(ours.exit()).isEqualTo(theirs.exit());
        assertThat(new String(ours.out(), StandardCharsets.ISO_8859_1))
                .isEqualTo(new String(theirs.out(), StandardCharsets.ISO_8859_1));
    }

    /** Same words to both; the JSON that comes back has the same fields of the same types. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "id --enc=json",
                "version --enc=json",
                "swarm peers -v --enc=json",
                "swarm addrs --enc=json",
                "swarm addrs listen --enc=json",
                "swarm addrs local --enc=json",
                "stats repo --enc=json",
                "repo stat --enc=json",
                "repo version --enc=json",
                "bitswap wantlist --enc=json",
                "pin ls --type=all --enc=json",
                "block stat --enc=json %r",
                "dag stat --enc=json --progress=false %r",
                "refs --enc=json %r",
                "bootstrap list --enc=json",
                "diag sys --enc=json",
                "commands --enc=json"
            })
    void jsonCommand_sameFields(String words) {
        String line = words.replace("%r", root());
        Set<String> ours = fields(ipfs(kafila, line.split(" ")).ok());
        Set<String> theirs = fields(ipfs(kubo, line.split(" ")).ok());
        if (line.startsWith("config")
                || line.startsWith("diag")
                || line.startsWith("commands")
                || line.startsWith("version")) {
            // What depends on what a program has: ours may lack or add, but what both have is of one type.
            Set<String> names = new TreeSet<>();
            theirs.forEach(field -> names.add(field.substring(0, field.indexOf(':'))));
            ours.removeIf(field -> !names.contains(field.substring(0, field.indexOf(':'))));
            assertThat(theirs).containsAll(ours);
        } else {
            assertThat(ours).isEqualTo(theirs);
        }
    }

    /** What Kubo's own command line has no JSON for, asked of the RPC itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stats/bw",
                "ls?arg=%r",
                "ls?arg=%r&stream=true",
                "pin/ls?type=recursive&stream=true",
                "pin/verify?verbose=true",
                "pin/add?arg=%r&progress=true",
                "repo/verify",
                "refs?arg=%r",
                "refs?arg=%r/absent",
                "dag/stat?arg=%r&progress=false",
                "dag/resolve?arg=/ipld/%r/Links/0",
                "dag/get?arg=%r/absent",
                "block/rm?arg=%r",
                "resolve?arg=/ipfs/%r/sub-0",
                "swarm/peers?verbose=true",
                "swarm/peering/ls",
                "swarm/filters",
                "swarm/addrs/autonat",
                "bitswap/stat",
                "diag/healthy"
            })
    void rpcCall_sameStatusHeadersAndFields(String words) throws Exception {
        String call = words.replace("%r", root());
        HttpResponse<String> ours = post(kafila, call);
        HttpResponse<String> theirs = post(kubo, call);
        assertThat(ours.statusCode()).isEqualTo(theirs.statusCode());
        for (String header : List.of("content-type", "x-chunked-output", "x-stream-output", "x-content-length")) {
            assertThat(ours.headers().allValues(header))
                    .as(header)
                    .isEqualTo(theirs.headers().allValues(header));
        }
        if (ours.headers().firstValue("content-type").orElse("").startsWith("application/json")) {
            Set<String> fields = fields(call, ours.body().getBytes(StandardCharsets.UTF_8));
            Set<String> wanted = fields(call, theirs.body().getBytes(StandardCharsets.UTF_8));
            fields.removeIf(field -> field.startsWith("/ByPeer"));
            if (call.equals("bitswap/stat")) {
                // Whom each counts among its partners is its own business.
                fields.removeIf(field -> field.startsWith("/Peers[]"));
                wanted.removeIf(field -> field.startsWith("/Peers[]"));
            }
            assertThat(fields).isEqualTo(wanted);
        } else {
            assertThat(ours.body()).isEqualTo(theirs.body());
        }
    }

    /** What text does not show: the bits of a mode. */
    @Test
    void ls_ofTreeWithModes_sameJson() throws Exception {
        String call = "ls?arg=" + withModes;
        assertThat(JSON.readTree(post(kafila, call).body()))
                .isEqualTo(JSON.readTree(post(kubo, call).body()));
    }

    private static HttpResponse<String> post(Daemon daemon, String call) throws Exception {
        Matcher address = Pattern.compile("/ip4/([^/]+)/tcp/(\\d+)").matcher(daemon.api());
        assertThat(address.find()).isTrue();
        URI uri = URI.create("http://" + address.group(1) + ":" + address.group(2) + "/api/v0/" + call);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The paths of all fields with their types, over all values that the command printed. */
    private static Set<String> fields(Command.Result result) {
        return fields(String.join(" ", result.words()), result.out());
    }

    private static Set<String> fields(String words, byte[] json) {
        Set<String> fields = new TreeSet<>();
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(json)) {
            while (values.hasNext()) {
                collect("", values.next(), fields);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON from " + words + ": " + new String(json, StandardCharsets.UTF_8), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }

    private static void collect(String path, JsonNode value, Set<String> into) {
        if (value.isObject()) {
            boolean keyedByValue = value.size() > 0 && value.fieldNames().next().length() > 40;
            value.properties()
                    .forEach(field ->
                            collect(path + "/" + (keyedByValue ? "*" : field.getKey()), field.getValue(), into));
        } else if (value.isArray()) {
            value.forEach(element -> collect(path + "[]", element, into));
        } else {
            into.add(path + ":" + (value.isNull() ? "null" : value.getNodeType()));
        }
    }

    @Test
    void blockAndDag_putOnOne_readOnOther() {
        byte[] bytes = "some block\n".getBytes(StandardCharsets.UTF_8);
        for (Daemon daemon : List.of(kafila, kubo)) {
            String cid = Command.of(Foreign.kubo().toString(), "--api", daemon.api(), "block", "put")
                    .env("IPFS_PATH", kubo.repo().toString())
                    .input(bytes)
                    .run()
                    .ok()
                    .line();
            Daemon other = daemon == kafila ? kubo : kafila;
            assertThat(ipfs(other, "block", "get", cid).ok().out()).isEqualTo(bytes);
            String node = Command.of(Foreign.kubo().toString(), "--api", daemon.api(), "dag", "put")
                    .env("IPFS_PATH", kubo.repo().toString())
                    .input(("{\"from\":\"" + daemon.name() + "\",\"block\":{\"/\":\"" + cid + "\"}}")
                            .getBytes(StandardCharsets.UTF_8))
                    .run()
                    .ok()
                    .line();
            assertThat(ipfs(other, "dag", "get", node + "/from").ok().line()).isEqualTo("\"" + daemon.name() + "\"");
        }
    }

    @Test
    void dagExport_importedByOther_sameLines(@TempDir Path folder) throws IOException {
        String root = root();
        for (Daemon daemon : List.of(kafila, kubo)) {
            Path car = Files.write(
                    folder.resolve(daemon.name() + ".car"),
                    ipfs(daemon, "dag", "export", "--progress=false", root).ok().out());
            List<String> lines = new ArrayList<>();
            for (Daemon other : List.of(kafila, kubo)) {
                lines.add(ipfs(other, "dag", "import", "--stats", car.toString())
                        .ok()
                        .text());
            }
            assertThat(lines.get(0)).isEqualTo(lines.get(1));
        }
    }

    @Test
    void pins_sameLines() {
        String root = root();
        for (String words : List.of(
                "pin add --progress=false --name=model %r",
                "pin ls --names --type=recursive %r",
                "pin verify",
                "pin rm %r",
                "pin rm %r",
                "pin add %r",
                "pin update %r %r/sub-0",
                "pin add --recursive=false %r",
                "pin ls --type=direct %r",
                "pin ls --type=bogus",
                "pin rm %r")) {
            String line = words.replace("%r", root);
            Command.Result ours = ipfs(kafila, line.split(" "));
            Command.Result theirs = ipfs(kubo, line.split(" "));
            assertThat(ours.text() + ours.err()).as(line).isEqualTo(theirs.text() + theirs.err());
            assertThat(ours.exit()).as(line).isEqualTo(theirs.exit());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/none --timeout=1s",
                "cat %r",
                "ls %r/absent",
                "block get notacid",
                "dag get %r/absent",
                "pin rm bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                "swarm connect /ip4/127.0.0.1/tcp/1",
                "add --chunker=size-0 %p/file-3.bin",
                "add --hash=nonsense %p/file-3.bin",
                "add --hash=md5 %p/file-3.bin",
                "add --hash=murmur3-x64-64 %p/file-3.bin",
                "add --hash=blake2b-8 %p/file-3.bin",
                "add --chunker=size--1 %p/file-3.bin",
                "add --chunker=size-2097152 %p/file-3.bin",
                "add --chunker=rabin-1-2-3 %p/file-3.bin",
                "add --chunker=rabin-20-20-20 %p/file-3.bin",
                "add --chunker=rabin-16-32 %p/file-3.bin",
                "add --pin-name=%n %p/file-3.bin",
                "block put --mhtype=md5 %p/file-3.bin",
                "block put --mhlen=10 %p/file-3.bin",
                "block put --mhlen=33 %p/file-3.bin",
                "cat %c",
                "get %c",
                "dag get %c/absent",
                "dag get %c/a/7",
                "dag resolve %c/a/7",
                "refs %c/absent",
                "cat %r/sub-0",
                "pin ls %r/absent",
                "bootstrap add nonsense",
                "bootstrap rm nonsense",
                "swarm connect /ip4/127.0.0.1/tcp/1/p2p/12D3KooWHHzSeKaY8xuZVzkLbKFfvNgPPeKhFBGrMbNzbm5akpqu",
                "refs",
                "refs -e --format=x %r",
                "block rm %r",
                "block stat %r/absent",
                "block put --cid-codec=nonsense %p/file-3.bin",
                "block put --mhtype=nonsense %p/file-3.bin",
                "dag get --output-codec=nonsense %r",
                "dag put --store-codec=zcash-tx %p/file-3.bin",
                "dag stat --progress=false /ipld/%r/Links",
                "dag import --local-only --pin-roots %p/file-3.bin",
                "pin ls -t direct %r",
                "pin update %r/sub-0 %r",
                "pin verify --verbose --quiet",
                "repo verify --heal-timeout=-1s",
                "swarm connect nonsense",
                "swarm disconnect /ip4/127.0.0.1/tcp/1",
                "swarm filters add nonsense",
                "swarm peering add /ip4/127.0.0.1/tcp/1",
                "ping -n 0 12D3KooWHHzSeKaY8xuZVzkLbKFfvNgPPeKhFBGrMbNzbm5akpqu",
                "stats bw --interval=nonsense"
            })
    void faultyCommand_sameError(String words) {
        String line = words.replace("%r", root())
                .replace("%p", sample.toString())
                .replace("%n", "x".repeat(256))
                .replace("%c", value());
        ipfs(kafila, "pin", "add", root());
        ipfs(kubo, "pin", "add", root());
        Command.Result ours = ipfs(kafila, line.split(" "));
        Command.Result theirs = ipfs(kubo, line.split(" "));
        assertThat(ours.exit()).isEqualTo(theirs.exit());
        assertThat(ours.err()).isEqualTo(theirs.err());
        assertThat(ours.text()).isEqualTo(theirs.text());
    }

    /** The command line of each program, whose words are parsed before any daemon hears of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope",
                "nope --help",
                "-q add x",
                "pin -q ls",
                "add --nope x",
                "add -nope x",
                "add -nope=3 x",
                "add --=3 x",
                "add -qZ x",
                "add -qs=size-10 x",
                "add -s",
                "add -qs",
                "add --chunker",
                "add --quiet -q x",
                "add --quiet absent",
                "--enc",
                "-- add"
            })
    void mistakeInTheWords_sameErrorOfBothCommandLines(String words) {
        Command.Result ours = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.kafila.daemon.Main")
                .and(words.split(" "))
                .env("KAFILA_PATH", kafila.repo().toString())
                .run();
        Command.Result theirs = Command.of(Foreign.kubo().toString())
                .and(words.split(" "))
                .env("IPFS_PATH", kubo.repo().toString())
                .run();
        assertThat(ours.exit()).isEqualTo(theirs.exit());
        assertThat(ours.err().lines().findFirst())
                .isPresent()
                .isEqualTo(theirs.err().lines().findFirst());
    }
}
