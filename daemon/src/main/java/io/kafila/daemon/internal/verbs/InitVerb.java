package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.ConfigFile;
import io.kafila.node.config.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

/** {@code init}: makes a repo. */
public final class InitVerb {
    private InitVerb() {}

    static Command command() {
        return Command.named("init", "Make a repo: settings, an identity and an empty store.")
                .description("""
                        Makes a repo: a folder with settings, a new identity and an empty store.

                        The folder is ~/.kafila unless KAFILA_PATH or IPFS_PATH names another:

                            export KAFILA_PATH=/path/to/repo

                        Profiles set several values at once; 'kafila config profile --help' lists them. On a machine
                        with a public address:

                            kafila init --profile=server""")
                .takes(Argument.file(
                                "default-config",
                                "Config file to start from, in place of the standard settings and a new identity.")
                        .optional())
                .options(
                        Option.text(
                                        "Kind of the key that becomes the node's identity: ed25519, rsa, secp256k1 or ecdsa.",
                                        "algorithm",
                                        "a")
                                .withDefault("ed25519"),
                        Option.integer(
                                "Length of an RSA key in bits. Only with --algorithm=rsa; 2048 where it is not given.",
                                "bits",
                                "b"),
                        Option.flag("Accepted without effect: a new repo is always empty.", "empty-repo", "e")
                                .withDefault(true),
                        Option.text(
                                "Profiles to apply to the new config, with commas between, such as server,randomports.",
                                "profile",
                                "p"))
                .runs(Command.Place.LOCAL)
                .does(InitVerb::init)
                .build();
    }

    private static void init(Request request, Emitter emitter, Environment environment) throws IOException {
        NodeIdentity.requireNoDaemon(environment);
        try (OutputStream out = emitter.bytes()) {
            Config config;
            if (request.files().isPresent()) {
                try (InputStream in = Request.content(request.file())) {
                    config = Config.parse(new String(in.readNBytes(ConfigFile.MAX_SIZE_BYTES), StandardCharsets.UTF_8));
                }
                create(environment.repo(), config, request.text("profile", ""), out);
            } else {
                String algorithm = request.text("algorithm", "ed25519");
                initialise(environment.repo(), algorithm, request.number("bits"), request.text("profile", ""), out);
            }
        }
    }

    /** Makes a repo with a new identity, and says so on {@code out}. */
    public static void initialise(Path repo, String algorithm, OptionalLong bits, String profiles, OutputStream out)
            throws IOException {
        PrivateKey key = NodeIdentity.generate(algorithm, bits, out);
        create(
                repo,
                Config.initial(key.peerId().toString(), Base64.getEncoder().encodeToString(key.protobuf())),
                profiles,
                out);
    }

    /** Makes a repo that starts from a config. */
    public static void create(Path repo, Config initial, String profiles, OutputStream out) throws IOException {
        NodeIdentity.say(out, "initializing IPFS node at " + repo + "\n");
        Config config = initial;
        for (String profile : profiles.isEmpty() ? List.<String>of() : List.of(profiles.split(",", -1))) {
            config = Profiles.apply(profile, config);
        }
        if (ConfigFile.in(repo).exists() && Repo.exists(repo)) {
            throw new CommandException(
                    "ipfs configuration file already exists!\nReinitializing would overwrite your keys\n");
        }
        try {
            Repo.initialise(repo, config);
        } catch (ConfigException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
