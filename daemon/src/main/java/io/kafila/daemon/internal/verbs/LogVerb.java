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
import io.kafila.daemon.internal.command.Status;
import io.kafila.daemon.internal.logging.Logs;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code log}: levels and lines of a running daemon. */
final class LogVerb {
    private LogVerb() {}

    static Command command() {
        return Command.named("log", "Read and change what the daemon logs.")
                .description("""
                        Reads and changes what a running daemon logs. At its start two variables of the environment
                        decide, KAFILA_LOG or, where it is not set, GOLOG_LOG_LEVEL:

                          KAFILA_LOG=info kafila daemon
                          KAFILA_LOG=error,bitswap=debug kafila daemon""")
                .has(level(), ls(), tail())
                .build();
    }

    private static Command level() {
        return Command.named("level", "Show or change how much is logged.")
                .description("""
                        Without arguments: the default level. With a subsystem: its level; 'all' lists every one. With
                        a level: sets it; 'all' sets the default and every subsystem, 'default' takes the default level.

                        Examples:

                          > kafila log level
                          > kafila log level bitswap debug
                          > kafila log level all info""")
                .takes(
                        Argument.text(
                                        "subsystem",
                                        "Part of the program, as 'kafila log ls' names it, or 'all' or '*' for every one"
                                                + " and the default.")
                                .optional(),
                        Argument.text(
                                        "level",
                                        "Least serious lines to log: debug, info, warn, error, fatal for none; or"
                                                + " default. (dpanic and panic mean error.)")
                                .optional())
                .runs(Command.Place.DAEMON)
                .does(LogVerb::level)
                .prints(LogVerb::printLevel)
                .build();
    }

    private static void level(Request request, Emitter emitter, Environment environment) {
        List<String> arguments = request.arguments();
        String subsystem = arguments.isEmpty() ? "" : arguments.get(0);
        boolean all = subsystem.equals("*") || subsystem.equals("all");
        if (arguments.size() > 1) {
            String level = arguments.get(1).equals("default") ? Logs.defaultLevel() : arguments.get(1);
            if (all) {
                Logs.setAll(level);
            } else {
                Logs.setLevel(subsystem, level);
            }
            String name = all ? "*" : subsystem;
            emitter.emitOnce(Json.object("Message", "Changed log level of '" + name + "' to '" + level + "'\n"));
            return;
        }
        Map<String, Object> levels = new TreeMap<>();
        if (subsystem.isEmpty()) {
            levels.put("", Logs.defaultLevel());
        } else if (all) {
            levels.putAll(Logs.levels());
            levels.put("(default)", Logs.defaultLevel());
        } else {
            levels.put(subsystem, Logs.level(subsystem));
        }
        var object = Json.object();
        levels.forEach((name, level) -> object.put(name, level.toString()));
        emitter.emitOnce(Json.object("Levels", object));
    }

    private static void printLevel(Request request, JsonNode value, Console console) {
        if (value.has("Message")) {
            console.print(value.path("Message").asText());
            return;
        }
        JsonNode levels = value.path("Levels");
        levels.properties().stream()
                .map(level -> levels.size() > 1
                        ? level.getKey() + ": " + level.getValue().asText()
                        : level.getValue().asText())
                .sorted()
                .forEach(console::println);
    }

    private static Command ls() {
        return Command.named("ls", "List the parts of the program that log.")
                .description("Prints the names that 'kafila log level' takes, such as bitswap and libp2p.")
                .does((request, emitter, environment) -> emitter.emitOnce(Json.object("Strings", Logs.subsystems())))
                .prints((request, value, console) ->
                        value.path("Strings").forEach(name -> console.println(name.asText())))
                .build();
    }

    private static Command tail() {
        return Command.named("tail", "Print log lines while they are made.")
                .description("""
                        Prints log lines as JSON objects while they are made, until it is interrupted. Only lines that
                        the daemon logs at all can be seen: see 'kafila log level'.""")
                .status(Status.EXPERIMENTAL)
                .options(Option.text(
                                "Print only lines at least as serious: debug, info, warn or error. Default: all.",
                                "log-level")
                        .withDefault(""))
                .runs(Command.Place.DAEMON)
                .does((request, emitter, environment) -> {
                    try (Logs.Tail tail = Logs.tail(request.text("log-level", ""));
                            OutputStream out = emitter.bytes()) {
                        while (!Thread.currentThread().isInterrupted()) {
                            out.write((tail.take() + "\n").getBytes(StandardCharsets.UTF_8));
                            out.flush();
                        }
                    }
                })
                .build();
    }
}
