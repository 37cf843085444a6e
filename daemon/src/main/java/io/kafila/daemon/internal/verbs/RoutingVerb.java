package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.dag.DagWalk;
import io.kafila.dag.WalkOptions;
import io.kafila.dht.QueryEvent;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.node.KafilaNode;
import io.kafila.node.Names;
import io.kafila.node.Routing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code routing}: who has what, who is where, and which value a key has. */
final class RoutingVerb {
    private static final int DEFAULT_PROVIDERS = 20;

    /** More than is read of what should be a record of 10 KiB. */
    private static final int MAX_VALUE_BYTES = 64 * 1024;

    private RoutingVerb() {}

    static Command command() {
        return Command.named("routing", "Find peers and content through routing.")
                .description(
                        "Asks the routing of this node, the DHT above all, who provides content and where peers are.")
                .has(findProviders(), findPeer(), get(), put(), provide(), reprovide())
                .build();
    }

    private static Option verbose() {
        return Option.flag("Print what happens on the way.", "verbose", "v");
    }

    private static Command findProviders() {
        return Command.named("findprovs", "Find peers that provide content.")
                .description("""
                        Prints the ids of peers that say they have a block, one per line, as they are found; with -v
                        their addresses, too.

                          > kafila routing findprovs -n 5 bafybei...""")
                .takes(Argument.text("key", "Cid of the block.").many())
                .options(
                        verbose(),
                        Option.integer("How many providers to find.", "num-providers", "n")
                                .withDefault(DEFAULT_PROVIDERS))
                .does(RoutingVerb::findProviders)
                .prints((request, event, console) -> QueryEvents.print(
                        request,
                        event,
                        console,
                        Map.of(
                                QueryEvent.Kind.FINAL_PEER,
                                RoutingVerb::printClosest,
                                QueryEvent.Kind.PROVIDER,
                                RoutingVerb::printProvider)))
                .build();
    }

    private static void findProviders(Request request, Emitter emitter, Environment environment)
            throws InterruptedException {
        Routing routing = Peers.online(environment).routing();
        long count = request.number("num-providers", DEFAULT_PROVIDERS);
        if (count < 1) {
            throw new CommandException("number of providers must be greater than 0");
        }
        Cid cid = cid(request.argument(0));
        QueryEvents events = new QueryEvents();
        events.emitUntil(
                routing.findProviders(
                        cid,
                        (int) Math.min(count, Integer.MAX_VALUE),
                        provider -> events.add(QueryEvent.of(QueryEvent.Kind.PROVIDER, null, List.of(provider))),
                        event -> {
                            if (event.kind() != QueryEvent.Kind.PROVIDER) {
                                events.add(event);
                            }
                        }),
                emitter);
    }

    private static void printClosest(JsonNode event, boolean verbose, Console console) {
        if (verbose) {
            console.println("* closest peer " + event.path("ID").asText());
        }
    }

    private static void printProvider(JsonNode event, boolean verbose, Console console) {
        JsonNode provider = event.path("Responses").path(0);
        console.println((verbose ? "provider: " : "") + provider.path("ID").asText());
        if (verbose) {
            provider.path("Addrs").forEach(address -> console.println("\t" + address.asText()));
        }
    }

    private static Command findPeer() {
        return Command.named("findpeer", "Find the addresses of a peer.")
                .description("Prints the addresses of a peer, one per line, as the first who knows them says.")
                .takes(Argument.text("peerID", "Id of the peer.").many())
                .options(verbose())
                .does(RoutingVerb::findPeer)
                .prints((request, event, console) -> QueryEvents.print(
                        request,
                        event,
                        console,
                        Map.of(
                                QueryEvent.Kind.FINAL_PEER,
                                (found, verbose, to) -> found.path("Responses")
                                        .path(0)
                                        .path("Addrs")
                                        .forEach(address -> to.println(address.asText())))))
                .build();
    }

    private static void findPeer(Request request, Emitter emitter, Environment environment)
            throws InterruptedException {
        KafilaNode node = Peers.online(environment);
        PeerId peer = Peers.parse(request.argument(0));
        if (peer.equals(node.peerId())) {
            throw new CommandException("finding your own node in the DHT is currently not supported");
        }
        QueryEvents events = new QueryEvents();
        CompletableFuture<Optional<Provider>> search = node.routing().findPeer(peer, event -> {
            if (event.kind() != QueryEvent.Kind.FINAL_PEER) {
                events.add(event);
            }
        });
        CompletableFuture<Provider> found = search.handle((answer, error) -> {
            if (error != null || answer.isEmpty()) {
                CommandException fault =
                        error == null ? new CommandException("routing: not found") : CommandException.of(error);
                events.add(QueryEvent.error(null, String.valueOf(fault.getMessage())));
                throw fault;
            }
            events.add(QueryEvent.of(QueryEvent.Kind.FINAL_PEER, null, List.of(answer.get())));
            return answer.get();
        });
        found.whenComplete((provider, error) -> search.cancel(true));
        events.emitUntil(found, emitter);
    }

    private static Command get() {
        return Command.named("get", "Find the best value of a key.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Writes the best value of a key, such as the IPNS record of a name, to standard output.

                          > kafila routing get /ipns/k51qzi5uqu5d... > record""")
                .takes(Argument.text("key", "Key, such as /ipns/<name>.").many())
                .does((request, emitter, environment) -> {
                    byte[] key = key(request.argument(0));
                    byte[] value = Request.await(
                                    environment.node().routing().values().getValue(key, 0))
                            .orElseThrow(() -> new CommandException("routing: not found"));
                    emitter.emitOnce(QueryEvents.json(new QueryEvent(
                            QueryEvent.Kind.VALUE,
                            null,
                            List.of(),
                            Base64.getEncoder().encodeToString(value))));
                })
                .text(request -> RoutingVerb::writeValue)
                .build();
    }

    private static void writeValue(JsonNode event, Console console) {
        try (OutputStream out = console.rawOut()) {
            out.write(Base64.getDecoder().decode(event.path("Extra").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command put() {
        return Command.named("put", "Store a value under a key.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Stores an IPNS record with the peers that are responsible for its name, here as well. 'kafila
                        name publish' makes records and does this.

                          > kafila routing put /ipns/k51qzi5uqu5d... record""")
                .takes(
                        Argument.text("key", "Key, such as /ipns/<name>."),
                        Argument.file("value-file", "File with the value. Default: standard input.")
                                .orStdin())
                .options(Option.flag("Without a network keep the record here, in place of failing.", "allow-offline"))
                .does(RoutingVerb::put)
                .prints((request, event, console) ->
                        console.println(event.path("ID").asText()))
                .build();
    }

    private static void put(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        KafilaNode node = environment.node();
        byte[] value;
        try (var in = Request.content(request.file())) {
            value = in.readNBytes(MAX_VALUE_BYTES);
        }
        IpnsName name = IpnsName.parse(request.argument(0));
        key(request.argument(0));
        Names.Reach reach = NameVerb.reached(
                request.flag("allow-offline") ? Names.Reach.LOCAL : Names.Reach.NETWORK,
                node,
                "can't put while offline: pass `--allow-offline` to override");
        Request.await(node.names().put(name, IpnsRecord.decode(value), reach));
        emitter.emitOnce(QueryEvents.json(QueryEvent.of(QueryEvent.Kind.VALUE, name.peer())));
    }

    private static Command provide() {
        return Command.named("provide", "Say to the network that content is here.")
                .status(Status.DEPRECATED)
                .description("""
                        Tells the DHT that this node has blocks, one after the other, and ends when it is told. The node
                        tells of what it holds by itself, so this is for those who cannot wait.

                          > kafila routing provide bafybei...""")
                .takes(Argument.text("key", "Cid of the block.").many().orStdin())
                .options(
                        verbose(),
                        Option.flag("Tell of all blocks that the given ones link to as well.", "recursive", "r"))
                .does(RoutingVerb::provide)
                .prints((request, event, console) -> QueryEvents.print(
                        request, event, console, Map.of(QueryEvent.Kind.FINAL_PEER, (peer, verbose, to) -> {
                            if (verbose) {
                                to.println("sending provider record to peer "
                                        + peer.path("ID").asText());
                            }
                        })))
                .build();
    }

    private static void provide(Request request, Emitter emitter, Environment environment) throws Exception {
        KafilaNode node = Peers.online(environment);
        if (!environment.config().flag("Provide.Enabled", true)) {
            throw new CommandException("invalid configuration: Provide.Enabled is set to 'false'");
        }
        if (node.swarm().host().connections().isEmpty()) {
            throw new CommandException("cannot provide, no connected peers");
        }
        List<Cid> roots = new ArrayList<>();
        for (String text : request.allArguments()) {
            Cid cid = cid(text);
            if (!Request.await(node.repository().has(cid))) {
                throw new CommandException("block " + cid + " not found locally, cannot provide");
            }
            roots.add(cid);
        }
        if (!request.flag("recursive")) {
            for (Cid root : roots) {
                provide(node, root, emitter);
            }
            return;
        }
        try (View view = View.of(node, true)) {
            Pulls.forEach(
                    DagWalk.start(view.source(), node.dag().codecs(), roots, WalkOptions.DEFAULT.withUnique(true)),
                    step -> provide(node, step.cid(), emitter));
        }
    }

    private static void provide(KafilaNode node, Cid cid, Emitter emitter) throws InterruptedException {
        QueryEvents events = new QueryEvents();
        events.emitUntil(node.routing().provide(cid, events::add), emitter);
    }

    private static Command reprovide() {
        return Command.named("reprovide", "Say all again to the network.")
                .status(Status.DEPRECATED)
                .description(
                        "Providing is swept over time here, as by Kubo's default, so there is no cycle to begin and this"
                                + " command only says so.")
                .does((request, emitter, environment) -> {
                    Peers.online(environment);
                    throw new CommandException("manual reprovide is not available with the sweep provider; run"
                            + " 'kafila provide stat --all' to monitor the sweep schedule");
                })
                .build();
    }

    private static Cid cid(String text) {
        try {
            return Cid.parse(text);
        } catch (MultiformatException e) {
            throw new CommandException("invalid cid: " + e.getMessage(), e);
        }
    }

    /** {@code /ipns/<name>} or {@code /pk/<id>} with the name in bytes, as keys of values are. */
    private static byte[] key(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3 || !parts[0].isEmpty() || !(parts[1].equals("ipns") || parts[1].equals("pk"))) {
            throw new CommandException("invalid key");
        }
        byte[] name = Peers.parse(parts[2]).bytes();
        byte[] prefix = ("/" + parts[1] + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[prefix.length + name.length];
        System.arraycopy(prefix, 0, key, 0, prefix.length);
        System.arraycopy(name, 0, key, prefix.length, name.length);
        return key;
    }
}
