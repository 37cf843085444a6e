package io.kafila.daemon.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.cli.CommandLineInterface;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.daemon.internal.rpc.RpcCounters;
import io.kafila.daemon.internal.rpc.RpcLimits;
import io.kafila.daemon.internal.rpc.RpcServer;
import io.kafila.daemon.internal.verbs.Verbs;
import io.kafila.node.KafilaNode;
import io.kafila.node.Repo;
import io.kafila.node.config.ConfigFile;
import io.kafila.testkit.Seed;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code add} with a daemon on the same machine: the same output and Cids, whoever reads the files. */
class SameMachineAddTest {
    private final Command root = Verbs.tree((request, emitter, environment) -> {});
    private final Random random = new Seed(2).random();
    private final RpcCounters counters = new RpcCounters();
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path home;

    private Path repo;
    private KafilaNode node;
    private RpcServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        repo = home.resolve("repo");
        run("init", "--profile=test");
        ConfigFile config = ConfigFile.in(repo);
        node = KafilaNode.start(Repo.read(repo).options().withOnline(false));
        Optional<MachineSecret> secret = MachineSecret.create(repo, new SecureRandom());
        assertThat(secret).isPresent();
        server = new RpcServer(
                vertx,
                root,
                RepoEnvironment.daemon(repo, config, Map.of(), node, () -> {}),
                config.read(),
                RpcLimits.DEFAULT,
                counters,
                () -> "",
                secret);
        port = server.listen(new InetSocketAddress("127.0.0.1", 0))
                .get(10, TimeUnit.SECONDS)
                .getPort();
        Files.writeString(repo.resolve("api"), "/ip4/127.0.0.1/tcp/" + port);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private record Result(int code, String out, String err) {}

    private Result run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream("from stdin".getBytes(StandardCharsets.UTF_8)),
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

    /** The same words with the daemon's address given, which means that nothing is offered. */
    private Result sent(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "--api=/ip4/127.0.0.1/tcp/" + port;
        System.arraycopy(words, 0, all, 1, words.length);
        return run(all);
    }

    private Path file(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private long taken() {
        return counters.values().get("offered_files_taken");
    }

    private long declined() {
        return counters.values().get("offered_files_declined");
    }

    @Test
    void largeFile_isReadByTheDaemon_andTheOutputIsTheSame() throws IOException {
        String file = file("large", 9_000_001).toString();
        for (List<String> flags : List.of(
                List.<String>of(),
                List.of("-Q"),
                List.of("--progress"),
                List.of("--progress", "--only-hash"),
                List.of("--enc=json", "--progress"),
                List.of("--silent"),
                List.of("--cid-version=0", "--chunker=size-262144"),
                List.of("--chunker=rabin"),
                List.of("--trickle", "-w"),
                List.of("--preserve-mode", "--preserve-mtime"),
                List.of("--nocopy"))) {
            String[] words =
                    Stream.concat(Stream.of("add", file), flags.stream()).toArray(String[]::new);
            long before = taken();
            Result offered = run(words);
            assertThat(taken()).as("%s", flags).isEqualTo(before + 1);
            Result sent = sent(words);
            assertThat(taken()).as("%s", flags).isEqualTo(before + 1);
            assertThat(offered.code).isZero();
            assertThat(offered.out).as("%s", flags).isEqualTo(sent.out);
            assertThat(offered.err.replaceAll(".*\\r", "")).as("%s", flags).isEqualTo(sent.err.replaceAll(".*\\r", ""));
        }
        assertThat(declined()).isZero();
    }

    @Test
    void directory_largeFilesAreRead_smallOnesSent_linksAndEmptyOnesKept() throws IOException {
        for (String name : List.of("d/a", "d/sub/b", "d/sub/c")) {
            file(name, 1_100_000 + name.length());
        }
        file("d/small", 1000);
        file("d/zero", 0);
        Files.createSymbolicLink(home.resolve("d/link"), Path.of("a"));
        Result offered = run("add", "-r", home.resolve("d").toString());
        assertThat(offered.code).isZero();
        assertThat(taken()).isEqualTo(3);
        assertThat(offered.out).isEqualTo(sent("add", "-r", home.resolve("d").toString()).out);
        assertThat(offered.out).contains(" d/link\n", " d/small\n", " d/zero\n", " d/sub/c\n");
    }

    @Test
    void anotherSecret_orNone_theBytesAreSent() throws IOException {
        String file = file("large", 3_000_000).toString();
        String wanted = sent("add", "-Q", "-n", file).out;
        Files.writeString(repo.resolve("api.secret"), "ab".repeat(32));
        assertThat(run("add", "-Q", file, file("other", 2_000_000).toString()).code)
                .isZero();
        assertThat(declined()).isEqualTo(2);
        assertThat(run("add", "-Q", file).out).isEqualTo(wanted);
        Files.delete(repo.resolve("api.secret"));
        assertThat(run("add", "-Q", file).out).isEqualTo(wanted);
        assertThat(declined()).isEqualTo(3);
        assertThat(taken()).isZero();
    }

    @Test
    void standardInput_isSent() {
        assertThat(run("add", "-q").out).startsWith("bafkrei");
        assertThat(taken() + declined()).isZero();
    }

    /** What a browser or a remote client could send: all that may be known of a file, but not the secret. */
    @Test
    void stranger_cannotHaveAFileRead() throws Exception {
        Path secret = file("secret", 2_000_000);
        String forged = "1 " + "00".repeat(32) + " " + "00".repeat(32) + " "
                + Files.getAttribute(secret, "unix:dev") + ":" + Files.getAttribute(secret, "unix:ino") + ":2000000:"
                + Files.getLastModifiedTime(secret) + ":" + Files.getAttribute(secret, "unix:ctime") + " "
                + secret.toString().replace("/", "%2F");
        String body = "--b\r\nKafila-File-Offer: " + forged + "\r\nAbspath: " + secret
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\nhello\n\r\n--b--\r\n";
        String answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v0/add"))
                                .header("Content-Type", "multipart/form-data; boundary=b")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        assertThat(answer)
                .contains("\"OfferTaken\":false", "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am");
        assertThat(declined()).isEqualTo(1);
        assertThat(taken()).isZero();
    }
}
