package io.kafila.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A daemon with the verbs of {@code ipfs}, ours or Kubo's, in a repo of its own on loopback, driven by its own command
 * line. Closing it stops the process.
 */
final class Daemon implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);

    private final String name;
    private final List<String> program;
    private final Path repo;
    private @org.jspecify.annotations.Nullable Process process;

    private Daemon(String name, List<String> program, Path repo) {
        this.name = name;
        this.program = program;
        this.repo = repo;
    }

    /** Kafila, from the classes of this build. */
    static Daemon kafila(Path repo, String... jvmOptions) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:MaxDirectMemorySize=512m"));
        words.addAll(Arrays.asList(jvmOptions));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.kafila.daemon.Main"));
        return new Daemon("kafila", words, repo).initialise("--profile=test");
    }

    /** Kubo; skips the test where there is none. */
    static Daemon kubo(Path repo, String... initOptions) {
        return new Daemon("kubo", List.of(Foreign.kubo().toString()), repo)
                .initialise(initOptions.length == 0 ? new String[] {"--profile=test"} : initOptions);
    }

    /** This one with all its commands in a network namespace. Before its start. */
    Daemon in(String namespace) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(program);
        return new Daemon(name, words, repo);
    }

    private Daemon initialise(String... options) {
        exec(concat(new String[] {"init"}, options)).ok();
        configure(config -> {
            config.putArray("Bootstrap");
            ObjectNode addresses = (ObjectNode) config.get("Addresses");
            addresses.putArray("Swarm").add("/ip4/127.0.0.1/tcp/0");
            addresses.put("API", "/ip4/127.0.0.1/tcp/0");
            addresses.put("Gateway", "");
            ((ObjectNode) config.get("Discovery").get("MDNS")).put("Enabled", false);
            ((ObjectNode) config.get("Routing")).put("Type", "none");
            config.putObject("AutoConf").put("Enabled", false);
            config.putObject("AutoTLS").put("Enabled", false);
            ((ObjectNode) config.get("DNS")).putObject("Resolvers");
            ((ObjectNode) config.get("Routing")).putArray("DelegatedRouters");
            ((ObjectNode) config.get("Ipns")).putArray("DelegatedPublishers");
            return config;
        });
        return this;
    }

    /** Rewrites the config file, as test harnesses do. */
    Daemon configure(UnaryOperator<ObjectNode> change) {
        Path file = repo.resolve("config");
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), change.apply(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Allows one secure channel only: {@code tls} or {@code noise}. */
    Daemon onlySecurity(String channel) {
        return configure(config -> {
            ObjectNode security = config.withObject("/Swarm/Transports/Security");
            security.set("TLS", priority(channel.equals("tls")));
            security.set("Noise", priority(channel.equals("noise")));
            return config;
        });
    }

    /** Kubo's value for a channel: a priority, or {@code false} for off. */
    private static JsonNode priority(boolean on) {
        return on
                ? JSON.getNodeFactory().numberNode(100)
                : JSON.getNodeFactory().booleanNode(false);
    }

    /** Starts the process and waits until it says that it is ready. */
    Daemon start(String... options) {
        Path log = repo.resolve("daemon.log");
        try {
            List<String> words = new ArrayList<>(program);
            words.add("daemon");
            words.addAll(Arrays.asList(options));
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().put("IPFS_PATH", repo.toString());
            builder.environment().remove("KAFILA_PATH");
            process = builder.start();
            long deadline = System.nanoTime() + START.toNanos();
            while (!Files.readString(log).contains("Daemon is ready")) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                    process.destroyForcibly();
                    throw new AssertionError(name + " daemon did not become ready:\n" + Files.readString(log));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return this;
    }

    /** Kills the process at once, as {@code kill -9} does. */
    void kill() {
        if (process != null) {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }

    long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " daemon is not running");
        }
        return process.pid();
    }

    /** One command of the daemon's own command line. */
    Command command(String... arguments) {
        Command command = Command.of(program).and(arguments);
        return command.env("IPFS_PATH", repo.toString());
    }

    Command.Result exec(String... arguments) {
        return command(arguments).run();
    }

    JsonNode json(String... arguments) {
        try {
            return JSON.readTree(exec(arguments).ok().out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The RPC's multiaddr, for {@code --api} of another command line. */
    String api() {
        try {
            return Files.readString(repo.resolve("api")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A dialable address that ends in {@code /p2p/<id>}. */
    String address() {
        for (JsonNode address : json("id", "--enc=json").get("Addresses")) {
            if (address.asText().startsWith("/ip4/127.0.0.1/tcp/")) {
                return address.asText();
            }
        }
        throw new AssertionError(
                name + " has no address on loopback: " + exec("id").text());
    }

    void connect(Daemon other) {
        exec("swarm", "connect", other.address()).ok();
    }

    Path repo() {
        return repo;
    }

    String name() {
        return name;
    }

    String log() {
        try {
            return Files.readString(repo.resolve("daemon.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(name + " daemon did not stop within 20 s of SIGTERM:\n" + log());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            process = null;
        }
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
