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
import io.kafila.libp2p.DialException;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code ping}: round trips to a peer. */
final class PingVerb {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PingVerb() {}

    static Command command() {
        return Command.named("ping", "Measure the round trip to a peer.")
                .description("""
                        Sends pings to a peer, one per second, and prints how long each round trip took. An id is enough for a
                        peer that is connected or known; another one needs its address.

                          > kafila ping -n 3 /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...""")
                .takes(Argument.text("peer ID", "Id of a peer, or an address that ends in it.")
                        .many()
                        .orStdin())
                .options(Option.integer("How many pings to send, one per second.", "count", "n")
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

    private static void ping(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        KafilaNode node = Peers.online(environment);
        Host host = node.swarm().host();
        Multiaddr target = target(request.argument(0));
        PeerId peer = target.peerId().orElseThrow();
        if (peer.equals(host.peerId())) {
            throw new CommandException("error: can't ping self");
        }
        long count = request.number("count", 10);
        if (count <= 0) {
            throw new CommandException("ping count must be greater than 0, was " + count);
        }
        List<Multiaddr> addresses = Peers.transports(List.of(target.withoutPeerId()));
        boolean known = !addresses.isEmpty()
                || !host.connections(peer).isEmpty()
                || !host.peerstore().addresses(peer).isEmpty();
        if (!known) {
            emitter.emit(pong(true, 0, "Looking up peer " + peer));
            addresses = Request.await(node.routing().findPeer(peer, event -> {}))
                    .map(Provider::addresses)
                    .orElseThrow(() -> new CommandException("peer lookup failed: routing: not found"));
        }
        emitter.emit(pong(true, 0, "PING " + peer + "."));
        long answered = 0;
        long nanos = 0;
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                TimeUnit.SECONDS.sleep(1);
            }
            try {
                long time = ping(host, peer, addresses);
                answered++;
                nanos += time;
                emitter.emit(pong(true, time, ""));
            } catch (DialException e) {
                emitter.emit(pong(false, 0, "Ping error: failed to dial: " + e.getMessage()));
            } catch (Libp2pException e) {
                emitter.emit(pong(false, 0, "Ping error: " + e.getMessage()));
            }
        }
        if (answered == 0) {
            throw new CommandException("ping failed");
        }
        double average = nanos / 1e6 / answered;
        emitter.emit(pong(true, 0, String.format(Locale.ROOT, "Average latency: %.2fms", average)));
    }

    /** {@code /p2p/<id>}, after an address where one is given. */
    private static Multiaddr target(String text) {
        try {
            if (!text.startsWith("/")) {
                return Multiaddr.parse("/p2p/" + Peers.parse(text));
            }
            Multiaddr address = Peers.address(text);
            if (address.peerId().isEmpty()) {
                throw new CommandException("invalid p2p multiaddr");
            }
            return address;
        } catch (MultiformatException | CommandException e) {
            throw new CommandException("failed to parse peer address '" + text + "': " + e.getMessage(), e);
        }
    }

    /** One round trip in nanoseconds. */
    private static long ping(Host host, PeerId peer, List<Multiaddr> addresses) throws InterruptedException {
        CompletableFuture<Duration> pong = host.connect(peer, addresses).thenCompose(connection -> host.ping(peer));
        try {
            return Request.await(pong.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .toNanos();
        } catch (CommandException e) {
            if (e.getCause() instanceof ExecutionException wrapped
                    && wrapped.getCause() instanceof TimeoutException late) {
                throw new Libp2pException("no answer within " + PATIENCE.toSeconds() + " s", late);
            }
            throw e;
        }
    }

    private static JsonNode pong(boolean success, long nanos, String text) {
        return Json.object("Success", success, "Time", nanos, "Text", text);
    }
}
