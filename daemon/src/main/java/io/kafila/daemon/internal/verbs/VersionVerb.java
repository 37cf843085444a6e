package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import java.io.File;

/** {@code version}: which RPC this program speaks, and which program it is. */
final class VersionVerb {
    private VersionVerb() {}

    static Command command() {
        return Command.named("version", "Show the versions of the program, of the RPC and of the repo.")
                .description("""
                        Prints the version of Kubo whose commands and RPC this program follows, which is what other
                        programs ask for. With --all also the version of the program itself and of its repo.""")
                .options(
                        Option.flag("Print the number alone.", "number", "n"),
                        Option.flag("Print the commit, too, where it is known.", "commit"),
                        Option.flag("Print the version of the repo alone.", "repo"),
                        Option.flag("Print all of it, one per line.", "all"))
                .has(deps(), Absent.command("check", "Whether other peers run newer versions."))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> emitter.emitOnce(info()))
                .prints(VersionVerb::print)
                .build();
    }

    /** The answer to {@code version}; {@code Golang} names what runs the program, in the field that clients know. */
    static JsonNode info() {
        return Json.object(
                "Version",
                Versions.RPC,
                "Commit",
                "",
                "Repo",
                Versions.REPO,
                "System",
                Versions.system(),
                "Golang",
                "java" + System.getProperty("java.version"),
                "Kafila",
                Versions.program());
    }

    private static void print(Request request, JsonNode value, Console console) {
        String version = value.path("Version").asText();
        String commit = value.path("Commit").asText();
        String behind = request.flag("commit") && !commit.isEmpty() ? "-" + commit : "";
        if (request.flag("all")) {
            console.println("Kubo version: " + version + (commit.isEmpty() ? "" : "-" + commit));
            console.println("Repo version: " + value.path("Repo").asText());
            console.println("System version: " + value.path("System").asText());
            console.println("Golang version: " + value.path("Golang").asText());
            if (value.has("Kafila")) {
                console.println("Kafila version: " + value.path("Kafila").asText());
            }
        } else if (request.flag("repo")) {
            console.println(value.path("Repo").asText());
        } else if (request.flag("number")) {
            console.println(version + behind);
        } else {
            console.println("ipfs version " + version + behind);
        }
    }

    private static Command deps() {
        return Command.named("deps", "List the libraries of the program.")
                .description("Prints the libraries that this program runs with, as the names of their archives.")
                .status(Status.ACTIVE)
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    for (String path : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
                        String name = new File(path).getName();
                        if (name.endsWith(".jar")) {
                            int dash = name.replaceFirst("-\\d.*", "").length();
                            String version = name.substring(Math.min(dash + 1, name.length()))
                                    .replaceFirst("\\.jar$", "");
                            emitter.emit(Json.object(
                                    "Path",
                                    name.substring(0, dash).replaceFirst("\\.jar$", ""),
                                    "Version",
                                    dash < name.length() - 4 ? version : "",
                                    "ReplacedBy",
                                    "",
                                    "Sum",
                                    ""));
                        }
                    }
                })
                .prints((request, value, console) -> console.println(value.path("Path")
                                .asText() + "@" + value.path("Version").asText()))
                .build();
    }
}
