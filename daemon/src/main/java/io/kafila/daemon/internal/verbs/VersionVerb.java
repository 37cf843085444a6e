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
        return Command.named("version", "Show IPFS version information.")
                .description("""
                        Prints the version of Kubo whose commands and RPC this program follows, which is what other
                        programs ask for. With --all also the version of the program itself and of its repo.""")
                .options(
                        Option.flag("Only show the version number.", "number", "n"),
                        Option.flag("Show the commit hash.", "commit"),
                        Option.flag("Show repo version.", "repo"),
                        Option.flag("Show all version information", "all"))
                .has(deps(), Absent.command("check", "Compare versions with connected peers."))
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
        return Command.named("deps", "Shows information about dependencies used for build.")
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
