package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.RequestLog;
import io.kafila.daemon.internal.command.Status;
import io.kafila.node.KafilaNode;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server with commands of all kinds, on a port of loopback, from before each test to after it. */
abstract class RpcServerSetup {
    final Vertx vertx = Vertx.vertx();
    final CountDownLatch interrupted = new CountDownLatch(1);
    final CountDownLatch waiting = new CountDownLatch(1);
    final RpcCounters counters = new RpcCounters();
    RpcServer server;
    int port;

    final Command root = Command.named("root", "")
            .options(Option.text("", "timeout"), Option.text("", "encoding", "enc"))
            .has(
                    Command.named("once", "One value.")
                            .options(Option.integer("", "count", "n"))
                            .does((request, emitter, environment) ->
                                    emitter.emitOnce(Json.object("Count", request.number("count", 0), "Text", "<&>")))
                            .prints((request, value, console) -> console.println("count " + value.path("Count")))
                            .build(),
                    Command.named("many", "Values, then a failure.")
                            .does((request, emitter, environment) -> {
                                emitter.emit(Json.value(1));
                                emitter.emit(Json.value(2));
                                throw new CommandException("broke\noff");
                            })
                            .build(),
                    Command.named("bytes", "A megabyte.")
                            .does((request, emitter, environment) -> {
                                emitter.length(1 << 20);
                                try (OutputStream out = emitter.bytes()) {
                                    out.write(new byte[1 << 20]);
                                }
                            })
                            .build(),
                    Command.named("buffers", "Byte buffers of a stated length after a few bytes.")
                            .options(Option.integer("", "length"))
                            .does((request, emitter, environment) -> {
                                try (OutputStream out = emitter.bytes()) {
                                    out.write(pattern(3));
                                    ByteBuffer rest = ByteBuffer.wrap(pattern((int) request.number("length", 0)));
                                    assertThat(((WritableByteChannel) out).write(rest.position(3)))
                                            .isEqualTo(rest.limit() - 3);
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("args", "Its arguments.")
                            .takes(Argument.text("word", "").many().orStdin())
                            .does((request, emitter, environment) ->
                                    emitter.emitOnce(Json.object("Args", request.allArguments())))
                            .build(),
                    Command.named("size", "The size of a file.")
                            .takes(Argument.file("file", ""))
                            .does((request, emitter, environment) -> {
                                try (InputStream in = Request.content(request.file())) {
                                    emitter.emitOnce(Json.value(in.transferTo(OutputStream.nullOutputStream())));
                                }
                            })
                            .build(),
                    Command.named("wait", "Until it is interrupted.")
                            .does((request, emitter, environment) -> {
                                waiting.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("endless", "Bytes without end.")
                            .does((request, emitter, environment) -> {
                                waiting.countDown();
                                // A channel, since an interrupt closes those, in the thread that interrupts.
                                try (WritableByteChannel out = Channels.newChannel(emitter.bytes())) {
                                    while (true) {
                                        out.write(ByteBuffer.allocate(1000));
                                    }
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("bug", "A fault.")
                            .does((request, emitter, environment) -> {
                                throw new IllegalStateException();
                            })
                            .build(),
                    Command.named("later", "What Kubo has and this has not.")
                            .status(Status.ABSENT)
                            .build(),
                    Command.named("local", "Not for clients.")
                            .runs(Command.Place.LOCAL)
                            .does((request, emitter, environment) -> {})
                            .build())
            .build();

    final void start(String config, RpcLimits limits) throws Exception {
        server = new RpcServer(
                vertx,
                root,
                new NoEnvironment(),
                Config.parse(config),
                limits,
                counters,
                () -> "metric 1\n",
                Optional.empty());
        port = server.listen(new InetSocketAddress("127.0.0.1", 0))
                .get(10, TimeUnit.SECONDS)
                .getPort();
    }

    @BeforeEach
    void start() throws Exception {
        start("{}", RpcLimits.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sends a request line with headers, and reads to the end of the connection. */
    final String send(String line, String headers, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + length + "\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    final String post(String path) throws IOException {
        return send("POST /api/v0/" + path, "", "");
    }

    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 1000);
        }
        return bytes;
    }

    /** An environment of commands that need none. */
    private static final class NoEnvironment implements Environment {
        private final RequestLog requests = new RequestLog(Clock.systemUTC());

        @Override
        public Path repo() {
            throw new CommandException("no repo");
        }

        @Override
        public ConfigFile configFile() {
            throw new CommandException("no config");
        }

        @Override
        public Config config() {
            throw new CommandException("no config");
        }

        @Override
        public KafilaNode node() {
            throw new CommandException("no node");
        }

        @Override
        public boolean isDaemon() {
            return true;
        }

        @Override
        public void shutdown() {}

        @Override
        public RequestLog requests() {
            return requests;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }
    }
}
