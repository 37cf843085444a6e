package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.dag.unixfs.ImportSource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns path and query of a request into a call of a command. Immutable. */
final class RpcParser {
    private final Command root;

    RpcParser(Command root) {
        this.root = root;
    }

    /** A command and the argument that the path may hold behind its name. */
    record Target(List<Command> chain, List<String> path, List<String> arguments) {
        Command command() {
            return chain.get(chain.size() - 1);
        }
    }

    /** The command at a path such as {@code pin/ls}; empty where the RPC has none there. */
    Optional<Target> target(String path) {
        List<String> names = List.of(path.split("/", -1));
        Optional<Target> exact = remote(names, List.of());
        if (exact.isPresent()) {
            return exact;
        }
        // A last name that is no command is the first argument of the one before.
        int last = names.size() - 1;
        return remote(names.subList(0, last), List.of(names.get(last)))
                .filter(target -> last > 0 && target.command().isCallable());
    }

    /** Whether a path names what Kubo has and this program has not yet. */
    boolean isAbsent(String path) {
        Command at = root;
        for (String name : path.split("/", -1)) {
            Optional<Command> next = at.subcommand(name);
            if (next.isEmpty()) {
                return false;
            }
            at = next.get();
            if (at.status() == Status.ABSENT) {
                return true;
            }
        }
        return false;
    }

    private Optional<Target> remote(List<String> names, List<String> arguments) {
        return root.resolve(names)
                .filter(chain -> chain.stream()
                        .noneMatch(
                                command -> command.place() == Command.Place.LOCAL || command.status() == Status.ABSENT))
                .map(chain -> new Target(chain, names, arguments));
    }

    Request request(Target target, @Nullable String query, @Nullable ImportSource files) {
        List<String> arguments = new ArrayList<>();
        target.arguments.stream().map(RpcParser::decode).forEach(arguments::add);
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (name.equals("arg")) {
                arguments.add(value);
            } else if (!name.isEmpty()) {
                options.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
            }
        }
        Command command = target.command();
        for (Argument argument : command.arguments()) {
            if (argument.file() && argument.required() && files == null) {
                throw CommandException.client("file argument '" + argument.name() + "' is required");
            }
        }
        // The command line asks for text unless told otherwise, programs for JSON.
        options.putIfAbsent(options.containsKey("enc") ? "enc" : "encoding", List.of("json"));
        OptionValues values = OptionValues.of(Request.optionsOf(target.chain), options);
        return new Request(root, target.path, command, arguments, values, files);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw CommandException.client("malformed escape in the request: " + text);
        }
    }
}
