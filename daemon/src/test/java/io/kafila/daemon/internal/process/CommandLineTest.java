package io.kafila.daemon.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.cli.CommandLineInterface;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.verbs.Verbs;
import io.kafila.node.config.ConfigFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole lines, on a repo of their own and through a daemon. */
class CommandLineTest {
    private final Command root = Verbs.tree((request, emitter, environment) -> {});

    @TempDir
    Path home;

    private Path repo;

    @BeforeEach
    void place() {
        repo = home.resolve("repo");
    }

    record Result(int code, String out, String err) {}

    private Result run(String... words) {
        return runWith("", words);
    }

    private Result runWith(String stdin, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                false,
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                80);
        Map<String, String> variables = Map.of("IPFS_PATH", repo.toString(), "HOME", home.toString());
        int code = new CommandLineInterface(root, console, variables, (request, path, where, emitter) -> {
                    try (RepoEnvironment environment = RepoEnvironment.local(path, ConfigFile.in(path), variables)) {
                        request.command().run(request, emitter, environment);
                    }
                })
                .run(List.of(words));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String ok(String... words) {
        Result result = run(words);
        assertThat(result.err).isEmpty();
        assertThat(result.code).isZero();
        return result.out;
    }

    private String fails(String... words) {
        Result result = run(words);
        assertThat(result.code).isEqualTo(1);
        return result.err;
    }

    @Test
    void withoutRepo_verbsRefuse_andInitMakesOne() throws IOException {
        assertThat(fails("pin", "ls")).contains("no IPFS repo found in").contains("please run");
        assertThat(ok("version", "-n")).isEqualTo("0.42.0\n");
        assertThat(fails("cid", "base32", "not-a-cid")).startsWith("not-a-cid: invalid cid: ");
        assertThat(ok("init", "--profile=test,unixfs-v0-2015"))
                .contains("peer identity: 12D3KooW")
                .contains("initializing IPFS node at");
        assertThat(fails("init")).contains("already exists");
        assertThat(ok("config", "Import.CidVersion")).isEqualTo("0\n");
        assertThat(ok("config", "Addresses.API")).isEqualTo("/ip4/127.0.0.1/tcp/0\n");
        ok("config", "--json", "Swarm.ConnMgr.HighWater", "5");
        assertThat(ok("config", "Swarm.ConnMgr")).isEqualTo("{\n  \"HighWater\": 5\n}\n");
        assertThat(fails("config", "Swarm.ConnMgr.HighWater", "many"))
                .contains("failed to set config value:")
                .contains("(maybe use --json?)");
        assertThat(fails("config", "Foo")).isEqualTo("Error: failed to get config value: \"Foo not found\"\n");
        assertThat(fails("config", "Identity.PrivKey")).contains("cannot show or change private key");
        assertThat(ok("config", "show")).doesNotContain("PrivKey").contains("PeerID");
        Path moved = repo.resolve("moved");
        Files.writeString(moved, "{\"Identity\": {\"privkey\": \"CAES\"}}");
        assertThat(ok("config", "show", "--config-file", moved.toString())).contains("CAES");
        assertThat(fails("config", "replace", moved.toString()))
                .isEqualTo("Error: setting private key with API is not supported\n");
        assertThat(fails("files", "ls")).contains("not available");
        assertThat(fails("config", "--nope", "Foo")).isEqualTo("Error: unknown option \"nope\"\n");
        assertThat(fails("key", "gen")).startsWith("Error: argument \"name\" is required\n\nUSAGE\n");
        assertThat(fails("shutdown")).contains("daemon not running");
    }

    @Test
    void bootstrap_autoAndWhatItStandsFor() throws IOException {
        ok("init");
        assertThat(ok("bootstrap")).isEqualTo("auto\n");
        assertThat(ok("bootstrap", "list", "--expand-auto").lines())
                .hasSize(5)
                .allMatch(line -> line.matches("/dnsaddr/(va1\\.)?bootstrap\\.libp2p\\.io/p2p/\\w+"));
        assertThat(ok("config", "--expand-auto", "Bootstrap")).contains("/dnsaddr/bootstrap.libp2p.io/p2p/Qm");
        assertThat(ok("config", "show", "--expand-auto")).doesNotContain("\"auto\"");
        Files.writeString(repo.resolve("swarm.key"), "any");
        assertThat(ok("bootstrap", "list", "--expand-auto")).isEmpty();
        assertThat(ok("bootstrap", "rm", "--all")).isEqualTo("removed auto\n");
        assertThat(ok("bootstrap", "add", "default")).isEqualTo("added auto\n");
        ok("config", "profile", "apply", "private");
        assertThat(ok("bootstrap")).isEmpty();
        assertThat(fails("bootstrap", "add", "default")).contains("AutoConf is disabled");
    }

    @Test
    void wordsThatAreNoPaths_areMistakes() {
        ok("init", "--profile=test");
        assertThat(fails("add", "a\0b")).startsWith("Error: lstat a\0b: Nul character not allowed\n");
        assertThat(fails("--repo-dir=a\0b", "id")).isEqualTo("Error: repo a\0b: Nul character not allowed\n");
    }

    @Test
    void foreignRepo_isRefused() throws IOException {
        Files.createDirectories(repo);
        Files.writeString(repo.resolve("datastore_spec"), "{}");
        Files.writeString(repo.resolve("version"), "18\n");
        assertThat(fails("pin", "ls")).contains("another program");
        assertThat(fails("init")).contains("another program");
    }

    @Test
    void filesGoInAndOut_withoutDaemon() throws IOException {
        ok("init", "--profile=test");
        Path data = Files.createDirectories(home.resolve("data/sub"));
        Files.writeString(data.resolve("b.txt"), "x\n");
        Files.writeString(home.resolve("data/a.txt"), "hello\n");
        String added = ok("add", "-r", home.resolve("data").toString());
        assertThat(added).contains("added bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am data/a.txt\n");
        String cid = added.substring(added.lastIndexOf("added ") + 6).split(" ", -1)[0];
        assertThat(ok("cat", cid + "/a.txt")).isEqualTo("hello\n");
        assertThat(ok("cat", "-o", "1", "-l", "3", cid + "/a.txt")).isEqualTo("ell");
        assertThat(ok("ls", cid)).contains(" 6 a.txt\n").contains(" - sub/\n");
        assertThat(ok("refs", "-r", cid)).contains("bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am\n");
        Path out = home.resolve("out");
        assertThat(ok("get", "-o", out.toString(), cid)).isEqualTo("Saving file(s) to " + out + "\n");
        assertThat(out.resolve("sub/b.txt")).hasContent("x\n");
        assertThat(ok("get", "-a", "-o", out.toString(), cid)).isEqualTo("Saving archive to " + out + ".tar\n");
        assertThat(fails("cat", cid)).isEqualTo("Error: this dag node is a directory\n");
        assertThat(fails("cat", cid + "/none")).contains("no link named \"none\" under " + cid);
        assertThat(fails("cat", "bafksebhh7d53e"))
                .isEqualTo("Error: potentially insecure hash functions not allowed\n");
        assertThat(fails("add", home.resolve("data").toString())).contains("is a directory, use the '-r' flag");
        assertThat(fails("add", "--to-files=/", home.resolve("data/a.txt").toString()))
                .contains("MFS");
        assertThat(runWith("from stdin", "add", "-q").out).startsWith("bafkrei");
        assertThat(runWith(cid + "/a.txt\n", "cat").out).isEqualTo("hello\n");
        assertThat(ok("--enc=json", "block", "stat", cid)).startsWith("{\"Key\":\"" + cid + "\",\"Size\":");
    }

    @Test
    void add_pipe_isReadWhereItIsNamedItself() throws Exception {
        ok("init", "--profile=test");
        Path folder = Files.createDirectory(home.resolve("folder"));
        String pipe = folder.resolve("pipe").toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
        Process writer = new ProcessBuilder("sh", "-c", "echo hello > \"$0\"", pipe).start();
        assertThat(ok("add", pipe))
                .isEqualTo("added bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am pipe\n");
        assertThat(writer.waitFor()).isZero();
        assertThat(fails("add", "-r", folder.toString())).contains("unrecognized file type for");
    }

    @Test
    void staleApiFile_meansWorkLocally() throws IOException {
        ok("init", "--profile=test");
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Files.writeString(repo.resolve("api"), "/ip4/127.0.0.1/tcp/" + free);
        assertThat(ok("pin", "ls")).isEmpty();
        assertThat(fails("--api=/ip4/127.0.0.1/tcp/" + free, "pin", "ls")).contains("cannot connect to the api");
        Files.writeString(repo.resolve("api"), "nonsense");
        assertThat(fails("pin", "ls")).contains("invalid API address");
    }

    @Test
    void throughDaemon_theSameLines() throws Exception {
        ok("init", "--profile=test");
        Path given = Files.move(repo.resolve("config"), home.resolve("given"));
        Files.delete(repo.resolve("version"));
        CountDownLatch ended = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CountDownLatch ready = new CountDownLatch(1);
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]),
                false,
                out,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                false,
                80);
        Thread daemon = new Thread(() -> {
            Console watched = new Console(console.in(), false, new ReadyStream(out, ready), console.err(), false, 80);
            new CommandLineInterface(
                            root,
                            watched,
                            Map.of("IPFS_PATH", repo.toString()),
                            (request, path, where, emitter) ->
                                    new DaemonProcess(request, path, ConfigFile.in(path), where, Map.of()).run())
                    .run(List.of("daemon", "--init-config=" + given, "--init-profile=unixfs-v0-2015,unixfs-v1-2025"));
            ready.countDown();
            ended.countDown();
        });
        daemon.start();
        assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "Initializing daemon...\n",
                        "Swarm listening on /ip4/127.0.0.1/tcp/",
                        "RPC API server listening on ")
                .endsWith("Daemon is ready\n");
        assertThat(repo.resolve("api")).exists();
        assertThat(ok("config", "Import.CidVersion")).isEqualTo("1\n");
        Path big = home.resolve("big");
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        Files.write(big, bytes);
        String cid = ok("add", "-Q", big.toString()).strip();
        Path back = home.resolve("back");
        ok("get", "-o", back.toString(), cid);
        assertThat(Files.readAllBytes(back)).isEqualTo(bytes);
        assertThat(runWith("hello\n", "add", "-q").out)
                .isEqualTo("bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am\n");
        assertThat(runWith(cid + "\n", "pin", "rm").out).isEqualTo("unpinned " + cid + "\n");
        assertThat(fails("cat", "nonsense")).startsWith("Error: ").contains("nonsense");
        assertThat(ok("id", "-f", "<id>")).startsWith("12D3KooW");
        assertThat(fails("init")).startsWith("Error: ipfs daemon is running. please stop it to run this command\n");
        assertThat(ok("log", "level")).isEqualTo("error\n");
        assertThat(fails("log", "level", "unheard-of")).contains("no such logger: unheard-of");
        assertThat(ok("log", "level", "unheard-of", "fatal"))
                .isEqualTo("Changed log level of 'unheard-of' to 'fatal'\n");
        assertThat(ok("log", "level", "unheard-of")).isEqualTo("fatal\n");
        assertThat(ok("diag", "cmds")).startsWith("Command").contains("diag/cmds");
        assertThat(fails("--timeout=100ms", "cat", "bafkreihvddnrtbgmmecr2lyvwoddzrzn3cwsbcohgvulmlzu5yyztnlk3m"))
                .isEqualTo("Error: context deadline exceeded\n");
        assertThat(fails("--offline", "cat", "bafkreihvddnrtbgmmecr2lyvwoddzrzn3cwsbcohgvulmlzu5yyztnlk3m"))
                .contains("block was not found locally (offline)");
        ok("shutdown");
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(repo.resolve("api")).doesNotExist();
        assertThat(ok("cat", "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"))
                .isEqualTo("hello\n");
    }

    /** Tells when the daemon has said that it is ready. */
    private static final class ReadyStream extends FilterOutputStream {
        private final CountDownLatch ready;
        private final ByteArrayOutputStream seen;

        ReadyStream(ByteArrayOutputStream out, CountDownLatch ready) {
            super(out);
            this.seen = out;
            this.ready = ready;
        }

        @Override
        public void flush() {
            if (seen.toString(StandardCharsets.UTF_8).contains("Daemon is ready")) {
                ready.countDown();
            }
        }
    }

    @Test
    void key_exportIsForTheOwnerAloneAndRotateKeepsTheOldOne() throws Exception {
        ok("init");
        String id = ok("key", "gen", "model").strip();
        Path file = home.resolve("model.pem");
        ok("key", "export", "model", "--format=pem-pkcs8-cleartext", "-o", file.toString());
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        ok("key", "rm", "model");
        assertThat(ok("key", "import", "again", "-f", "pem-pkcs8-cleartext", file.toString()))
                .isEqualTo(id + "\n");
        assertThat(fails("key", "export", "model")).isEqualTo("Error: key with name 'model' doesn't exist\n");

        String before = ok("id", "--offline", "-f", "<id>");
        assertThat(fails("key", "rotate")).contains("keystore name for backing up old key must be provided");
        assertThat(ok("key", "rotate", "-o", "former", "-t", "rsa"))
                .startsWith("generating 2048-bit RSA keypair...done\npeer identity: Qm");
        assertThat(ok("id", "--offline", "-f", "<id>")).isNotEqualTo(before);
        assertThat(ok("key", "ls", "-l", "--ipns-base=b58mh")).contains(before + " former");
    }

    @Test
    void variable_fixesNames() {
        ok("init");
        Map<String, String> variables = Map.of("IPFS_NS_MAP", "a.example:/ipfs/bafkqaaa,b.example:/ipns/a.example");
        assertThat(FixedNames.in(io.kafila.node.Repo.read(repo).offlineOptions(), variables)
                        .naming()
                        .resolving()
                        .fixed())
                .containsOnlyKeys("a.example", "b.example");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> FixedNames.in(
                        io.kafila.node.Repo.read(repo).offlineOptions(), Map.of("IPFS_NS_MAP", "nonsense"))))
                .hasMessageStartingWith("IPFS_NS_MAP: \"nonsense\": invalid path");
    }
}
