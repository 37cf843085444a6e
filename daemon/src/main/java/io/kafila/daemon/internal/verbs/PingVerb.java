package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.libp2p.Host;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code ping}: round trips to a peer. */
final class PingVerb {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    private PingVerb() {}

    static Command command() {
        return Command.named("ping", "Send echo request packets to IPFS hosts.")
                .description("Sends pings to a peer, one per second, and prints how long each round trip took. The peer"
                        + "\nis an id, or an address that ends in one.")
                .takes(Argument.text("peer ID", "ID of peer to be pinged.")
                        .many()
                        .orStdin())
                .options(Option.integer("Number of ping messages to send.", "count", "n")
                        .withDefault(10))
                .does(PingVerb::ping)
                .prints((request, value, console) -> {
                    String text = value.path("Text").asText();
                    if (!text.isEmpty()) {
                        console.println(text);
                    } else if (value.path("Success").asBoolean()) {
                        double millis = value.path("Time").asLong() / 1e6;
                        console.println(String.format(Locale.ROOT, "Pong received: time=%.2f ms", millis));
                    } else {
                        console.println("Pong failed");
                    }
                })
                .build();
    }

    private static void ping(Request request, Emitter emitter, Environment environment) throws Exception {
        Host host = environment.node().swarm().host();
        String text = request.argument(0);
        List<Multiaddr> addresses = List.of();
        PeerId peer;
        try {
            if (text.startsWith("/")) {
                Multiaddr address = Multiaddr.parse(text);
                peer = address.peerId().orElseThrow(() -> new IllegalArgumentException("invalid p2p multiaddr"));
                addresses = address.withoutPeerId().isEmpty() ? List.of() : List.of(address.withoutPeerId());
            } else {
                peer = PeerId.parse(text);
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException("failed to parse peer address '" + text + "': " + e.getMessage(), e);
        }
        if (peer.equals(host.peerId())) {
            throw new CommandException("error: can't ping self");
        }
        long count = request.number("count", 10);
        if (count <= 0) {
            throw new CommandException("ping count must be greater than 0, was " + count);
        }
        emitter.emit(pong(true, 0, "PING " + peer + "."));
        Request.await(host.connect(peer, addresses).orTimeout(CONNECT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        long answered = 0;
        long nanos = 0;
        for (long i = 0; i < count; i++) {
            try {
                long time = Request.await(host.ping(peer)).toNanos();
                answered++;
                nanos += time;
                emitter.emit(pong(true, time, ""));
            } catch (RuntimeException e) {
                emitter.emit(
                        pong(false, 0, "Ping error: " + CommandException.of(e).getMessage()));
            }
            if (i < count - 1) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
        if (answered == 0) {
            throw new CommandException("ping failed");
        }
        double average = nanos / 1e6 / answered;
        emitter.emit(pong(true, 0, String.format(Locale.ROOT, "Average latency: %.2fms", average)));
    }

    private static JsonNode pong(boolean success, long nanos, String text) {
        return Json.object("Success", success, "Time", nanos, "Text", text);
    }
}
