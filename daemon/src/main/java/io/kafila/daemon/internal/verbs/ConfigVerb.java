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
import io.kafila.node.Repo;
import io.kafila.node.config.BootstrapPeers;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.ConfigFile;
import io.kafila.node.config.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code config}: reads and changes the settings in the repo. */
final class ConfigVerb {
    private static final String EXPAND_AUTO = "expand-auto";

    private ConfigVerb() {}

    static Command command() {
        return Command.named("config", "Read and change the settings.")
                .description("""
                        Reads and changes the settings in the file 'config' of the repo, one at a time. A
                        running daemon reads the file when it starts: restart it after a change.

                        Print a setting, or a whole section:

                          > kafila config Datastore.StorageMax
                          > kafila config Addresses

                        Change one; what is no text is written as JSON:

                          > kafila config Datastore.StorageMax 500GB
                          > kafila config --json Addresses.Swarm '["/ip4/0.0.0.0/tcp/4002"]'""")
                .takes(
                        Argument.text(
                                "key", "Name of the setting, with dots between its parts, such as Addresses.API."),
                        Argument.text(
                                        "value",
                                        "New value, a text unless --json or --bool is given. Without it the present value"
                                                + " is printed.")
                                .optional())
                .options(
                        Option.flag("The new value is true or false.", "bool"),
                        Option.flag("The new value is JSON: a number, a list, a section.", "json"),
                        Option.flag("Show in place of 'auto' what it stands for. Only for reading.", EXPAND_AUTO))
                .has(show(), edit(), replace(), profile())
                .does(ConfigVerb::getOrSet)
                .prints((request, value, console) -> {
                    if (request.arguments().size() < 2) {
                        JsonNode held = value.path("Value");
                        console.println(held.isTextual() ? held.textValue() : Config.pretty(held));
                    }
                })
                .build();
    }

    private static void getOrSet(Request request, Emitter emitter, Environment environment) {
        String key = request.argument(0);
        refuseSecrets(key);
        Config config = environment.config();
        if (request.arguments().size() == 2) {
            if (request.flag(EXPAND_AUTO)) {
                throw new CommandException(
                        "--expand-auto can only be used for reading config values, not for setting them");
            }
            JsonNode value = value(request, request.argument(1));
            try {
                config = config.with(key, value);
            } catch (ConfigException e) {
                throw new CommandException("failed to set config value: " + e.getMessage() + " (maybe use --json?)", e);
            }
            environment.configFile().write(config);
        }
        try {
            Config shown = request.flag(EXPAND_AUTO) ? expanded(environment, config) : config;
            emitter.emitOnce(Json.object("Key", key, "Value", shown.require(key)));
        } catch (ConfigException e) {
            throw new CommandException("failed to get config value: \"" + e.getMessage() + "\"", e);
        }
    }

    private static void refuseSecrets(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        if (folded.equals("identity") || folded.equals("identity.privkey")) {
            throw new CommandException("cannot show or change private key through API");
        }
        if (folded.matches("pinning(\\.remoteservices(\\.[^.]+(\\.api(\\.key.*)?)?)?)?")) {
            throw new CommandException("cannot show or change pinning services credentials");
        }
    }

    private static JsonNode value(Request request, String text) {
        if (request.flag("json")) {
            return Config.parseValue(text);
        }
        return request.flag("bool") ? Json.value(text.equals("true")) : Json.value(text);
    }

    /** The bootstrap peers are known; elsewhere "auto" stands for nothing as long as nobody recommends anything. */
    private static Config expanded(Environment environment, Config config) {
        Config filled = config;
        if (config.texts("Bootstrap").contains(Config.AUTO)) {
            filled = config.with(
                    "Bootstrap",
                    BootstrapPeers.of(config, Repo.isPrivate(environment.repo()))
                            .addresses());
        }
        return Config.of(withoutAuto(filled.tree()));
    }

    private static JsonNode withoutAuto(JsonNode value) {
        if (value.isArray()) {
            List<JsonNode> kept = new ArrayList<>();
            value.forEach(item -> {
                if (!item.asText().equals(Config.AUTO)) {
                    kept.add(withoutAuto(item));
                }
            });
            return Json.array(kept);
        }
        if (value.isObject()) {
            var object = Json.object();
            value.properties().forEach(field -> {
                if (!field.getValue().asText().equals(Config.AUTO)) {
                    object.set(field.getKey(), withoutAuto(field.getValue()));
                }
            });
            return object;
        }
        return value;
    }

    private static Command show() {
        return Command.named("show", "Print the config without its secrets.")
                .description("""
                        Prints the whole file without the private key and without secrets of services. To back up a
                        config with its key, copy the file.""")
                .does((request, emitter, environment) -> {
                    Config config = request.text("config-file")
                            .map(file -> new ConfigFile(Path.of(file)))
                            .orElseGet(environment::configFile)
                            .read();
                    emitter.emitOnce((request.flag(EXPAND_AUTO) ? expanded(environment, config) : config).scrubbed());
                })
                .prints((request, value, console) -> console.println(Config.pretty(value)))
                .build();
    }

    private static Command edit() {
        return Command.named("edit", "Open the config in an editor.")
                .description("Opens the config file with the editor that the variable EDITOR names.")
                .runs(Command.Place.LOCAL)
                .does((request, emitter, environment) -> {
                    String editor = environment.variables().getOrDefault("EDITOR", "");
                    if (editor.isBlank()) {
                        throw new CommandException("ENV variable $EDITOR not set");
                    }
                    List<String> words = new ArrayList<>(List.of(editor.strip().split("\\s+")));
                    words.add(environment.configFile().path().toString());
                    int code = new ProcessBuilder(words).inheritIO().start().waitFor();
                    if (code != 0) {
                        throw new CommandException("exit status " + code);
                    }
                    environment.configFile().read();
                })
                .build();
    }

    private static Command replace() {
        return Command.named("replace", "Put a whole new config in place of the old one.")
                .description("""
                        Takes a whole new config. It cannot hold a private key: the present one is kept. Make a copy of
                        the old file first if you may want it back.""")
                .takes(Argument.file("file", "The new config, as JSON."))
                .does((request, emitter, environment) -> replace(request, environment))
                .build();
    }

    private static void replace(Request request, Environment environment) throws IOException {
        Config old = environment.config();
        Config replacement;
        try (InputStream in = Request.content(request.file())) {
            byte[] bytes = in.readNBytes(ConfigFile.MAX_SIZE_BYTES + 1);
            if (bytes.length > ConfigFile.MAX_SIZE_BYTES) {
                throw new CommandException("config of more than " + ConfigFile.MAX_SIZE_BYTES + " bytes");
            }
            replacement = Config.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (ConfigException e) {
            throw new CommandException("failed to decode file as config: " + e.getMessage(), e);
        }
        if (holdsPrivateKey(replacement)) {
            throw new CommandException("setting private key with API is not supported");
        }
        replacement = replacement.with("Identity.PrivKey", Json.value(old.privateKeyBase64()));
        for (String secret : List.of("API.Authorizations", "Pinning.RemoteServices")) {
            if (old.value(secret).isPresent()) {
                replacement = replacement.with(secret, old.require(secret));
            }
        }
        environment.configFile().write(replacement);
    }

    /** Whether there is one, however the name is spelt: only the right spelling is kept out of what is shown. */
    private static boolean holdsPrivateKey(Config config) {
        return config.names("Identity").stream()
                .anyMatch(name -> name.equalsIgnoreCase("PrivKey")
                        && !config.text("Identity." + name, "").isEmpty());
    }

    private static Command profile() {
        StringBuilder profiles =
                new StringBuilder("A profile is a named set of settings; 'kafila config profile apply <name>'"
                        + " writes them into the config.\n\n");
        Profiles.list()
                .forEach(profile -> profiles.append("  '")
                        .append(profile.name())
                        .append("':\n")
                        .append(profile.description().indent(4)));
        return Command.named("profile", "Change several settings at once.")
                .description(profiles.toString())
                .has(Command.named("apply", "Apply a profile.")
                        .description("""
                                Changes the settings that a profile names and keeps a copy of the old file beside it.
                                'kafila config profile --help' lists the profiles.

                                  > kafila config profile apply unixfs-v0-2015""")
                        .takes(Argument.text("profile", "Name of the profile."))
                        .options(Option.flag("Show what would change, change nothing.", "dry-run"))
                        .does(ConfigVerb::applyProfile)
                        .prints((request, value, console) -> printDifference(value, console))
                        .build())
                .build();
    }

    private static void applyProfile(Request request, Emitter emitter, Environment environment) {
        String name = request.argument(0);
        if (Profiles.byName(name).isEmpty()) {
            throw new CommandException(name + " is not a profile");
        }
        Config old = environment.config();
        Config changed = Profiles.apply(name, old);
        if (!request.flag("dry-run")) {
            environment.configFile().backup("pre-" + name + "-");
            environment.configFile().write(changed);
        }
        emitter.emitOnce(Json.object("OldCfg", old.scrubbed(), "NewCfg", changed.scrubbed()));
    }

    private static void printDifference(JsonNode value, Console console) {
        Map<String, JsonNode> before = new TreeMap<>();
        Map<String, JsonNode> after = new TreeMap<>();
        flatten("", value.path("OldCfg"), before);
        flatten("", value.path("NewCfg"), after);
        Map<String, JsonNode> all = new TreeMap<>(before);
        all.putAll(after);
        for (String key : all.keySet()) {
            JsonNode old = before.get(key);
            JsonNode changed = after.get(key);
            if (old != null && !old.equals(changed)) {
                console.println("- " + key + ": " + Json.write(old));
            }
            if (changed != null && !changed.equals(old)) {
                console.println("+ " + key + ": " + Json.write(changed));
            }
        }
    }

    private static void flatten(String prefix, JsonNode tree, Map<String, JsonNode> leaves) {
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            String key = prefix + field.getKey();
            if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                flatten(key + ".", field.getValue(), leaves);
            } else {
                leaves.put(key, field.getValue());
            }
        }
    }
}
