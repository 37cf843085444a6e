package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.libp2p.BandwidthCounter;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import io.kafila.node.config.Units;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code stats}: figures of the node. */
final class StatsVerb {
    private StatsVerb() {}

    static Command command() {
        return Command.named("stats", "Bandwidth and other figures.")
                .description("Figures of the node: what crosses the wire, what the repo holds, what is exchanged.")
                .has(
                        bandwidth(),
                        RepoVerb.stat("repo"),
                        BitswapVerb.stat("bitswap"),
                        DhtVerb.stat(),
                        ProvideVerb.stat("provide"),
                        ProvideVerb.stat("reprovide"))
                .build();
    }

    private static Command bandwidth() {
        return Command.named("bw", "Print how many bytes come in and go out.")
                .description("""
                        Prints how many bytes came in and went out, and how fast they do now: in all, or with --peer or
                        --proto for one peer or protocol. With --poll again and again.

                          > kafila stats bw --poll -i 5s
                          > kafila stats bw --proto=/ipfs/bitswap/1.2.0""")
                .options(
                        Option.text("Count only this peer, by its id.", "peer", "p"),
                        Option.text("Count only this protocol, such as /ipfs/bitswap/1.2.0.", "proto", "t"),
                        Option.flag("Print again and again, until interrupted.", "poll"),
                        Option.text("With --poll: time between two lines, such as 500ms or 5s.", "interval", "i")
                                .withDefault("1s"))
                .does(StatsVerb::bandwidth)
                .terminal(Format::new)
                .build();
    }

    private static void bandwidth(Request request, Emitter emitter, Environment environment)
            throws InterruptedException {
        KafilaNode node = Peers.onlineForFigures(environment);
        Optional<String> protocol = request.text("proto");
        if (request.text("peer").isPresent() && protocol.isPresent()) {
            throw CommandException.client("please only specify peer OR protocol");
        }
        Optional<PeerId> peer = request.text("peer").map(Peers::parse);
        long millis = Units.duration(request.text("interval", "1s")).toMillis();
        BandwidthCounter counter = node.swarm().host().bandwidth();
        while (true) {
            BandwidthCounter.Bandwidth now = peer.map(counter::peer)
                    .or(() -> protocol.map(counter::protocol))
                    .orElseGet(counter::total);
            emitter.emit(Json.object(
                    "TotalIn", now.totalIn(),
                    "TotalOut", now.totalOut(),
                    "RateIn", now.rateIn(),
                    "RateOut", now.rateOut()));
            if (!request.flag("poll")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(Math.max(1, millis));
        }
    }

    private static final class Format implements TextFormat {
        private final boolean poll;
        private boolean begun;

        Format(Request request) {
            poll = request.flag("poll");
        }

        @Override
        public void value(JsonNode stats, Console console) {
            String in = Human.bytes(stats.path("TotalIn").asLong());
            String out = Human.bytes(stats.path("TotalOut").asLong());
            String rateIn = Human.bytes(stats.path("RateIn").asLong()) + "/s";
            String rateOut = Human.bytes(stats.path("RateOut").asLong()) + "/s";
            if (!poll) {
                console.print("Bandwidth\nTotalIn: " + in + "\nTotalOut: " + out + "\nRateIn: " + rateIn + "\nRateOut: "
                        + rateOut + "\n");
                return;
            }
            if (!begun) {
                begun = true;
                console.println("Total Up    Total Down  Rate Up     Rate Down");
            }
            console.print(String.format("%8s    %8s    %10s  %10s      \r", out, in, rateOut, rateIn));
        }
    }
}
