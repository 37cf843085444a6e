package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.multiformats.MultiformatException;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.IpnsRecordException;
import io.kafila.naming.NamingException;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.KafilaNode;
import io.kafila.node.Names;
import io.kafila.node.config.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code name inspect}, {@code name get} and {@code name put}: signed records as they are. */
final class NameRecords {
    /** The most bytes that are read of what is said to be a record, before its own limit is looked at. */
    private static final int MAX_FILE_BYTES = 1024 * 1024;

    private NameRecords() {}

    static Command inspect() {
        return Command.named("inspect", "Take a record apart.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Prints the fields of a signed record. With --verify its signature is checked.

                          > kafila name get k51qzi5uqu5d... > record
                          > kafila name inspect --verify=k51qzi5uqu5d... record""")
                .takes(Argument.file("record", "File with the record. Default: standard input.")
                        .orStdin())
                .options(
                        Option.text("Name that the record should be of.", "verify"),
                        Option.flag("Print the bytes of the record as well.", "dump")
                                .withDefault(true))
                .does(NameRecords::inspect)
                .prints(NameRecords::print)
                .build();
    }

    private static void inspect(Request request, Emitter emitter, Environment environment) throws IOException {
        byte[] bytes = read(request);
        IpnsRecord record = IpnsRecord.decode(bytes);
        JsonNode entry = Json.object(
                "Value",
                orNothing(() -> record.value().toString()).orElse(""),
                "ValidityType",
                orNothing(record::validityType).orElse(null),
                "Validity",
                orNothing(() -> record.validity().toString())
                        .map(NameRecords::goTime)
                        .orElse(null),
                "Sequence",
                orNothing(record::sequence).orElse(null),
                "TTL",
                orNothing(() -> record.ttl().toNanos()).orElse(null));
        emitter.emitOnce(Json.object(
                "Entry",
                entry,
                "PbSize",
                record.sizeBytes(),
                "SignatureType",
                record.hasV1() ? "V1+V2" : "V2",
                "HexDump",
                request.flag("dump") ? HexDump.text(bytes) : "",
                "Validation",
                validation(request, record)));
    }

    private static <T> Optional<T> orNothing(Supplier<T> field) {
        try {
            return Optional.of(field.get());
        } catch (IpnsRecordException e) {
            return Optional.empty();
        }
    }

    /** An instant has its digits in threes; Go leaves zeros at the end out. */
    private static String goTime(String instant) {
        return instant.contains(".") ? instant.replaceFirst("0*Z$", "Z") : instant;
    }

    private static @Nullable JsonNode validation(Request request, IpnsRecord record) {
        Optional<String> wanted = request.text("verify");
        if (wanted.isEmpty()) {
            return null;
        }
        IpnsName name = IpnsName.parse(wanted.get());
        String reason = "";
        try {
            record.verify(name, Instant.now());
        } catch (NamingException e) {
            reason = String.valueOf(e.getMessage());
        }
        return Json.object("Valid", reason.isEmpty(), "Reason", reason, "Name", name.toString());
    }

    private static void print(Request request, JsonNode value, Console console) {
        JsonNode entry = value.path("Entry");
        List<List<String>> rows = new ArrayList<>();
        if (!entry.path("Value").asText().isEmpty()) {
            rows.add(List.of("Value:", Json.write(entry.path("Value"))));
        }
        row(rows, "Validity Type:", entry.path("ValidityType").asText(), entry.path("ValidityType"));
        row(rows, "Validity:", Json.write(entry.path("Validity")), entry.path("Validity"));
        row(rows, "Sequence:", entry.path("Sequence").asText(), entry.path("Sequence"));
        row(rows, "TTL:", Units.text(Duration.ofNanos(entry.path("TTL").asLong())), entry.path("TTL"));
        rows.add(List.of("Protobuf Size:", value.path("PbSize").asText()));
        rows.add(List.of("Signature Type:", value.path("SignatureType").asText()));
        console.print(Table.text(rows, 0));
        JsonNode validation = value.path("Validation");
        if (validation.isObject()) {
            console.print("\nValidation results:\n");
            List<List<String>> results = new ArrayList<>();
            results.add(List.of("", "Valid:", validation.path("Valid").asText()));
            if (!validation.path("Reason").asText().isEmpty()) {
                results.add(List.of("", "Reason:", validation.path("Reason").asText()));
            }
            results.add(List.of("", "Name:", validation.path("Name").asText()));
            console.print(Table.text(results, 0));
        } else {
            console.print("\nThis record was not verified. Pass '--verify k51...' to verify.\n");
        }
        if (!value.path("HexDump").asText().isEmpty()) {
            console.print("\nHex Dump:\n" + value.path("HexDump").asText());
        }
    }

    private static void row(List<List<String>> rows, String label, String text, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            rows.add(List.of(label, text));
        }
    }

    static Command get() {
        return Command.named("get", "Fetch the signed record of a name.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Writes the newest record that can be found to standard output, as it was signed.

                          > kafila name get k51qzi5uqu5d... | kafila name inspect""")
                .takes(Argument.text("name", "The name."))
                .does(NameRecords::get)
                .build();
    }

    private static void get(Request request, Emitter emitter, Environment environment) throws Exception {
        IpnsName name = name(request);
        KafilaNode node = Peers.online(environment);
        IpnsRecord record = Request.await(node.names().record(name, ResolveOptions.DEFAULT))
                .orElseThrow(() -> new CommandException("routing: not found"));
        emitter.contentType(IpnsRecord.MEDIA_TYPE);
        try (OutputStream out = emitter.bytes()) {
            out.write(record.bytes());
        }
    }

    private static IpnsName name(Request request) {
        try {
            return IpnsName.parse(request.argument(0));
        } catch (MultiformatException e) {
            throw new CommandException("invalid IPNS name: " + e.getMessage(), e);
        }
    }

    static Command put() {
        return Command.named("put", "Publish a record that is signed already.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Hands a record to the network that somebody signed, somewhere: to refresh it, or to pass it on.
                        It must be valid, and newer than the one that the network has, or the same.

                          > kafila name get k51qzi5uqu5d... > record
                          > kafila name put k51qzi5uqu5d... record

                        With --force the command does not look whether it is newer; the network still refuses what is
                        not valid, and prefers the newest.""")
                .takes(
                        Argument.text("name", "The name."),
                        Argument.file("record", "File with the record. Default: standard input.")
                                .orStdin())
                .options(
                        Option.flag("Do not look whether it is newer.", "force", "f"),
                        NameVerb.allowOffline(),
                        NameVerb.allowDelegated(),
                        Option.flag("Print nothing.", "quiet", "q"))
                .does(NameRecords::put)
                .prints((request, value, console) -> {
                    if (!request.flag("quiet")) {
                        console.println(value.path("Name").asText());
                    }
                })
                .build();
    }

    private static void put(Request request, Emitter emitter, Environment environment) throws Exception {
        Names.Reach asked = NameVerb.reach(request, environment);
        IpnsName name = name(request);
        byte[] bytes = read(request);
        if (bytes.length == 0) {
            throw new CommandException("record is empty");
        }
        boolean force = request.flag("force");
        if (!force && bytes.length > IpnsRecord.MAX_BYTES) {
            throw new CommandException("record exceeds maximum size of " + IpnsRecord.MAX_BYTES
                    + " bytes, use --force to skip size check");
        }
        IpnsRecord record = checked("invalid IPNS record: ", () -> IpnsRecord.decode(bytes));
        checked("record validation failed: ", () -> {
            record.verify(name, Instant.now());
            return record;
        });
        KafilaNode node = environment.node();
        Names.Reach reach = NameVerb.reached(
                asked,
                node,
                "can't put while offline: pass `--allow-offline` to store locally or `--allow-delegated` if"
                        + " Ipns.DelegatedPublishers are set up");
        if (!force) {
            requireNewer(record, Request.await(node.names().record(name, ResolveOptions.DEFAULT)));
        }
        Request.await(node.names().put(name, record, reach));
        emitter.emitOnce(Json.object(
                "Name",
                name.toString(),
                "Value",
                orNothing(() -> record.value().toString()).orElse("")));
    }

    private static <T> T checked(String context, Supplier<T> check) {
        try {
            return check.get();
        } catch (NamingException e) {
            throw new CommandException(context + e.getMessage(), e);
        }
    }

    private static void requireNewer(IpnsRecord record, Optional<IpnsRecord> existing) {
        if (existing.isPresent()
                && !existing.get().equals(record)
                && Long.compareUnsigned(existing.get().sequence(), record.sequence()) >= 0) {
            throw new CommandException("existing IPNS record has sequence "
                    + Long.toUnsignedString(existing.get().sequence()) + " >= new record sequence "
                    + Long.toUnsignedString(record.sequence())
                    + ", use 'ipfs name put --force' to skip this check");
        }
    }

    private static byte[] read(Request request) throws IOException {
        try (InputStream in = Request.content(request.file())) {
            return in.readNBytes(MAX_FILE_BYTES);
        }
    }
}
