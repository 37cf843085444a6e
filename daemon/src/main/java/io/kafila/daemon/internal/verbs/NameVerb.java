package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.ContentPath;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsPublication;
import io.kafila.naming.IpnsRecordDraft;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.KafilaNode;
import io.kafila.node.Keys;
import io.kafila.node.Names;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.Units;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** {@code name}: names that can point to new content. */
final class NameVerb {
    private NameVerb() {}

    static Command command() {
        return Command.named("name", "Names that can point to new content (IPNS).")
                .description("""
                        A name is the hash of a public key; the holder of the private key signs what it stands for, and
                        can sign something else later. Without --key it is the node's own name:

                          > kafila name publish /ipfs/<cid>
                          Published to k51qzi5uqu5d...: /ipfs/<cid>
                          > kafila name resolve k51qzi5uqu5d...
                          /ipfs/<cid>
                          > kafila get /ipns/k51qzi5uqu5d.../config.json

                        A domain is a name, too: its TXT record at _dnslink.<domain> says dnslink=/ipfs/<cid>.""")
                .has(
                        publish(),
                        resolve(),
                        NameRecords.inspect(),
                        NameRecords.get(),
                        NameRecords.put(),
                        Absent.command("pubsub", "Names that are passed on by publish-subscribe."))
                .build();
    }

    static Option allowOffline() {
        return Option.flag(
                "Be content with this node: the network is told where there is one, and need not answer.",
                "allow-offline");
    }

    static Option allowDelegated() {
        return Option.flag(
                "Be content with Ipns.DelegatedPublishers, which are told over HTTP: no DHT is needed.",
                "allow-delegated");
    }

    /** How far a record must get, as these two options say. */
    static Names.Reach reach(Request request, Environment environment) {
        boolean offline = request.flag("allow-offline");
        boolean delegated = request.flag("allow-delegated");
        if (offline && delegated) {
            throw new CommandException("cannot use both --allow-offline and --allow-delegated flags");
        }
        if (delegated && environment.node().names().delegatedPublisherCount() == 0) {
            throw new CommandException("no delegated publishers configured: add Ipns.DelegatedPublishers or use"
                    + " --allow-offline for local-only publishing");
        }
        return offline ? Names.Reach.LOCAL : delegated ? Names.Reach.DELEGATED : Names.Reach.NETWORK;
    }

    /** Refuses where there is no network. In one, a record that nobody takes now is kept here and published again. */
    static Names.Reach reached(Names.Reach reach, KafilaNode node, String offline) {
        if (reach != Names.Reach.NETWORK) {
            return reach;
        }
        if (!node.swarm().isOnline()) {
            throw new CommandException(offline);
        }
        return Names.Reach.LOCAL;
    }

    private static Command publish() {
        return Command.named("publish", "Make a name stand for content.")
                .description("""
                        Signs that the name of a key stands for a path, and hands the signed record to the network,
                        which keeps it for --lifetime. A daemon publishes it again every few hours
                        (Ipns.RepublishPeriod), as long as it runs.

                          > kafila name publish --key=mymodel /ipfs/<cid>
                          Published to k51qzi5uqu5d...: /ipfs/<cid>

                        Others may believe a record for --ttl before they look for a newer one: what is published
                        often wants a short time.""")
                .takes(Argument.text("ipfs-path", "Path to publish.").orStdin())
                .options(
                        Option.text(
                                        "Name of the key, or the name that it publishes; see 'kafila key ls -l'.",
                                        "key",
                                        "k")
                                .withDefault(Keys.SELF),
                        Option.flag("See first whether the path leads anywhere.", "resolve")
                                .withDefault(true),
                        Option.text("How long the record is valid, such as 300s, 1.5h or 48h.", "lifetime", "t")
                                .withDefault(Units.text(IpnsRecordDraft.DEFAULT_LIFETIME)),
                        Option.text("How long others may keep it before they look again.", "ttl")
                                .withDefault(Units.text(IpnsRecordDraft.DEFAULT_TTL)),
                        Option.flag("Print only the name, as a CID for /ipns/ paths.", "quieter", "Q"),
                        Option.flag("Let the record be read by programs from before 2021 as well.", "v1compat")
                                .withDefault(true),
                        allowOffline(),
                        allowDelegated(),
                        Option.unsigned64(
                                "Sequence number of the record, larger than the one before. Default: the next one where"
                                        + " the path is another one.",
                                "sequence"),
                        KeyNames.option())
                .does(NameVerb::publish)
                .prints((request, value, console) -> {
                    String name = value.path("Name").asText();
                    console.println(
                            request.flag("quieter")
                                    ? name
                                    : "Published to " + name + ": "
                                            + Human.printable(
                                                    value.path("Value").asText()));
                })
                .build();
    }

    private static void publish(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        Names.Reach asked = reach(request, environment);
        Duration lifetime;
        try {
            lifetime = Units.duration(request.text("lifetime", ""));
        } catch (ConfigException e) {
            throw new CommandException("error parsing lifetime option: " + e.getMessage(), e);
        }
        Duration ttl = Units.duration(request.text("ttl", ""));
        OptionalLong sequence = request.number("sequence");
        ContentPath path = ContentPath.parse(request.argument(0));
        KafilaNode node = environment.node();
        if (request.flag("resolve")) {
            try (View view = View.of(request, environment)) {
                Request.await(view.source()
                                .get(view.resolve(request.argument(0)).cid()))
                        .close();
            }
        }
        Names.Reach reach = reached(
                asked,
                node,
                "can't publish while offline: pass `--allow-offline` to override or `--allow-delegated` if"
                        + " Ipns.DelegatedPublishers are set up");
        PrivateKey key = node.keys().find(request.text("key", Keys.SELF));
        IpnsPublication publication =
                new IpnsPublication(path, lifetime, ttl, sequence, Map.of(), request.flag("v1compat"));
        Request.await(node.names().publish(key, publication, reach));
        emitter.emitOnce(Json.object("Name", IpnsName.of(key.publicKey()).toString(), "Value", path.toString()));
    }

    private static Command resolve() {
        return Command.named("resolve", "Print what a name stands for.")
                .description("""
                        Looks for the newest record of a name, or for the DNSLink of a domain, and prints the path. A
                        path that begins with a name again is followed, unless --recursive=false is given.

                          > kafila name resolve k51qzi5uqu5d...
                          /ipfs/<cid>
                          > kafila name resolve docs.example.com
                          /ipfs/<cid>""")
                .takes(Argument.text("name", "Name or domain. Default: the node's own name.")
                        .optional())
                .options(
                        Option.flag("Go on until the path begins with no name.", "recursive", "r")
                                .withDefault(true),
                        Option.flag("Look again even if the answer is still fresh.", "nocache", "n"),
                        Option.unsigned(
                                        "How many records to gather before the newest is chosen.",
                                        "dht-record-count",
                                        "dhtrc")
                                .withDefault(ResolveOptions.DEFAULT.quorum()),
                        Option.text(
                                        "How long to gather records, such as 30s; 0 for as long as it takes.",
                                        "dht-timeout",
                                        "dhtt")
                                .withDefault(Units.text(ResolveOptions.DEFAULT.timeout())),
                        Option.flag("Print every path that is newer than those before, as it is found.", "stream", "s"))
                .does(NameVerb::resolve)
                .prints((request, value, console) ->
                        console.println(value.path("Path").asText()))
                .build();
    }

    /** What the options about looking up say. */
    static ResolveOptions how(Request request) {
        ResolveOptions how = ResolveOptions.DEFAULT
                .withNetwork(!View.isOffline(request))
                .withCached(!request.flag("nocache"))
                .withQuorum((int) Math.min(
                        Integer.MAX_VALUE, request.number("dht-record-count", ResolveOptions.DEFAULT.quorum())));
        Optional<String> timeout = request.text("dht-timeout");
        return timeout.isEmpty() ? how : how.withTimeout(Units.duration(timeout.get()));
    }

    private static void resolve(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        ResolveOptions how = how(request);
        KafilaNode node = environment.node();
        String name = request.arguments().isEmpty()
                ? IpnsName.of(node.options().identity().publicKey()).toString()
                : request.argument(0);
        ContentPath path = ContentPath.parseStrict(name.startsWith(IpnsName.PREFIX) ? name : IpnsName.PREFIX + name);
        if (request.flag("stream")) {
            stream(node, path, how, request.flag("recursive"), emitter);
        } else {
            emitter.emitOnce(Json.object("Path", resolved(node, path, how, request.flag("recursive"))));
        }
    }

    /** The path at the end, or what the first name stands for. */
    static ContentPath resolved(KafilaNode node, ContentPath path, ResolveOptions how, boolean recursive)
            throws InterruptedException {
        return recursive
                ? Request.await(node.names().resolve(path, how))
                : Request.await(node.names().resolveOnce(path.root(), how, better -> {}))
                        .join(path.segments());
    }

    private static void stream(
            KafilaNode node, ContentPath path, ResolveOptions how, boolean recursive, Emitter emitter)
            throws InterruptedException {
        BlockingQueue<Optional<ContentPath>> found = new LinkedBlockingQueue<>();
        CompletableFuture<ContentPath> resolving =
                node.names().resolveOnce(path.root(), how, better -> found.add(Optional.of(better)));
        resolving.whenComplete((last, fault) -> found.add(Optional.empty()));
        try {
            for (Optional<ContentPath> next = found.take(); next.isPresent(); next = found.take()) {
                ContentPath whole = next.get().join(path.segments());
                emitter.emit(Json.object("Path", recursive ? resolved(node, whole, how, true) : whole));
            }
            Request.await(resolving);
        } finally {
            resolving.cancel(false);
        }
    }
}
