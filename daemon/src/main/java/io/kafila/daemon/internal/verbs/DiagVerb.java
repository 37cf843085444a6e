package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.RequestLog;
import io.kafila.node.config.Units;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/** {@code diag}: what helps to find out what is wrong. */
final class DiagVerb {
    private DiagVerb() {}

    static Command command() {
        return Command.named("diag", "Reports for finding out what is wrong.")
                .description("Reports on the machine, the process and what it does.")
                .has(
                        sys(),
                        cmds(),
                        healthy(),
                        Absent.command(
                                "profile",
                                "Where time goes. Use jcmd and Java Flight Recorder on the daemon's process instead."),
                        Absent.command("datastore", "Keys of the store behind the repo."))
                .build();
    }

    private static Command sys() {
        return Command.named("sys", "Describe the machine and the process.")
                .description("Prints what the node sees of the machine and of its own process, as JSON.")
                .does((request, emitter, environment) -> emitter.emitOnce(info(environment)))
                .build();
    }

    private static JsonNode info(Environment environment) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        FileStore disk = Files.getFileStore(environment.repo());
        return Json.object(
                "diskinfo",
                Json.object(
                        "free_space",
                        disk.getUsableSpace(),
                        "fstype",
                        disk.type(),
                        "total_space",
                        disk.getTotalSpace()),
                "environment",
                Json.object(
                        "IPFS_PATH", environment.variables().getOrDefault("IPFS_PATH", ""),
                        "KAFILA_PATH", environment.variables().getOrDefault("KAFILA_PATH", "")),
                "ipfs_commit",
                "",
                "ipfs_version",
                Versions.RPC,
                "kafila_version",
                Versions.program(),
                "memory",
                Json.object(
                        "heap_used",
                        runtime.totalMemory() - runtime.freeMemory(),
                        "heap_max",
                        runtime.maxMemory(),
                        "virt",
                        ManagementFactory.getMemoryMXBean()
                                .getNonHeapMemoryUsage()
                                .getUsed(),
                        "swap",
                        0),
                "net",
                Json.object(
                        "interface_addresses", Interfaces.addresses(),
                        "online", environment.node().swarm().isOnline()),
                "runtime",
                Json.object(
                        "arch", Versions.architecture(),
                        "compiler", System.getProperty("java.vm.name"),
                        "numcpu", runtime.availableProcessors(),
                        "threads", ManagementFactory.getThreadMXBean().getThreadCount(),
                        "os", System.getProperty("os.name").toLowerCase(Locale.ROOT),
                        "version", "java" + System.getProperty("java.version")));
    }

    private static Command cmds() {
        return Command.named("cmds", "List the commands that the daemon runs and ran.")
                .description(
                        "For each command whether it still runs, when it began and how long it took. Ended ones are forgotten after a while: see set-time.")
                .options(Option.flag("Print ids, arguments and options, too.", "verbose", "v"))
                .has(
                        Command.named("clear", "Forget the commands that have ended.")
                                .description("Only those that still run stay in the list.")
                                .runs(Command.Place.DAEMON)
                                .does((request, emitter, environment) ->
                                        environment.requests().clear())
                                .build(),
                        Command.named("set-time", "Say how long to remember ended commands.")
                                .description(
                                        "Sets it for the running daemon; the next start begins with the default again.")
                                .takes(Argument.text("time", "A time, such as 30s or 10m."))
                                .runs(Command.Place.DAEMON)
                                .does((request, emitter, environment) ->
                                        environment.requests().keep(Units.duration(request.argument(0))))
                                .build())
                .runs(Command.Place.DAEMON)
                .does(DiagVerb::listCommands)
                .prints(DiagVerb::printCommands)
                .build();
    }

    private static void listCommands(Request request, Emitter emitter, Environment environment) {
        List<JsonNode> entries = new ArrayList<>();
        for (RequestLog.Entry entry : environment.requests().list()) {
            var options = Json.object();
            entry.options().forEach((name, value) -> options.set(name, Json.value(value)));
            entries.add(Json.object(
                    "StartTime", entry.started(),
                    "EndTime",
                            Optional.ofNullable(entry.ended()).map(Human::time).orElse("0001-01-01T00:00:00Z"),
                    "Active", entry.ended() == null,
                    "Command", entry.command(),
                    "Options", options,
                    "Args", entry.arguments(),
                    "ID", entry.id()));
        }
        emitter.emitOnce(Json.array(entries));
    }

    private static void printCommands(Request request, JsonNode entries, Console console) {
        boolean verbose = request.flag("verbose");
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>();
        if (verbose) {
            head.addAll(List.of("ID", "Command", "Arguments", "Options"));
        } else {
            head.add("Command");
        }
        head.addAll(List.of("Active", "StartTime", "RunTime"));
        rows.add(head);
        for (JsonNode entry : entries) {
            List<String> row = new ArrayList<>();
            if (verbose) {
                row.add(entry.path("ID").asText());
            }
            row.add(entry.path("Command").asText());
            if (verbose) {
                row.add(words(entry.path("Args")));
                row.add(options(entry.path("Options")));
            }
            boolean active = entry.path("Active").asBoolean();
            Instant started = Instant.parse(entry.path("StartTime").asText());
            Instant ended =
                    active ? Instant.now() : Instant.parse(entry.path("EndTime").asText());
            row.addAll(List.of(Boolean.toString(active), stamp(started), Units.text(Duration.between(started, ended))));
            rows.add(row);
        }
        console.print(Table.text(rows, 4));
    }

    /** As Go prints a list: {@code [a b]}. */
    private static String words(JsonNode list) {
        StringJoiner words = new StringJoiner(" ", "[", "]");
        list.forEach(word -> words.add(word.asText()));
        return words.toString();
    }

    private static String options(JsonNode options) {
        StringBuilder text = new StringBuilder("[");
        Map<String, JsonNode> sorted = new TreeMap<>();
        options.properties().forEach(option -> sorted.put(option.getKey(), option.getValue()));
        sorted.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.isArray() ? words(value) : value.asText())
                .append(','));
        return text.append(']').toString();
    }

    private static Command healthy() {
        return Command.named("healthy", "Tell whether the daemon works.")
                .description("Ends well where the node runs and its store answers; for health checks of containers.")
                .does((request, emitter, environment) -> {
                    Request.await(environment.node().storage().stat());
                    emitter.emitOnce(Json.value("ok"));
                })
                .build();
    }

    /** Made when it is needed: to find out the zone takes longer than most commands. */
    private static String stamp(Instant time) {
        return new DateTimeFormatterBuilder()
                .appendPattern("MMM ")
                .padNext(2)
                .appendPattern("d HH:mm:ss")
                .toFormatter(Locale.ROOT)
                .withZone(ZoneId.systemDefault())
                .format(time);
    }
}
