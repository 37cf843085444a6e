package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** {@code commands}: the table itself, and completions for shells made from it. */
final class CommandsVerb {
    private CommandsVerb() {}

    static Command command() {
        return Command.named("commands", "List all commands.")
                .description("Prints every command and subcommand, one per line, with --flags also their options.")
                .options(Option.flag("Print options, too.", "flags", "f"))
                .has(completion())
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> emitter.emitOnce(tree("ipfs", request.root())))
                .prints(CommandsVerb::print)
                .build();
    }

    private static JsonNode tree(String name, Command command) {
        List<JsonNode> children = new ArrayList<>();
        for (Command child : command.subcommands()) {
            if (child.status() != Status.ABSENT) {
                children.add(tree(child.name(), child));
            }
        }
        List<JsonNode> options = new ArrayList<>();
        command.options().forEach(option -> options.add(Json.object("Names", option.names())));
        return Json.object("Name", name, "Subcommands", children, "Options", options);
    }

    private static void print(Request request, JsonNode value, Console console) {
        List<String> lines = new ArrayList<>();
        collect("", value, request.flag("flags"), lines);
        lines.sort(null);
        lines.forEach(console::println);
    }

    private static void collect(String prefix, JsonNode command, boolean flags, List<String> lines) {
        String path = prefix + command.path("Name").asText();
        lines.add(path);
        if (flags && !prefix.isEmpty()) {
            for (JsonNode option : command.path("Options")) {
                List<String> names = new ArrayList<>();
                option.path("Names").forEach(name -> names.add(path + " " + Option.dashed(name.asText())));
                lines.add(String.join(" / ", names));
            }
        }
        command.path("Subcommands").forEach(child -> collect(path + " ", child, flags, lines));
    }

    private static Command completion() {
        return Command.named("completion", "Scripts by which a shell completes commands.")
                .description("With such a script the Tab key completes the names of commands and options.")
                .runs(Command.Place.LOCAL)
                .has(
                        shell("bash", "~/.bashrc", Completions::bash),
                        shell("zsh", "~/.zshrc", Completions::zsh),
                        shell("fish", "~/.config/fish/config.fish", Completions::fish))
                .build();
    }

    private static Command shell(String name, String file, Function<Command, String> script) {
        return Command.named(name, "Print a script for completion in " + name + ".")
                .description("Writes a script that completes commands and options in " + name
                        + ". Try it:\n\n  > kafila commands completion " + name + " > kafila-completion." + name
                        + "\n  > source ./kafila-completion." + name + "\n\nTo keep it, source it from " + file + ".")
                .runs(Command.Place.LOCAL)
                .does((request, emitter, environment) -> {
                    byte[] bytes = script.apply(request.root()).getBytes(StandardCharsets.UTF_8);
                    emitter.length(bytes.length);
                    try (OutputStream out = emitter.bytes()) {
                        out.write(bytes);
                    }
                })
                .build();
    }
}
