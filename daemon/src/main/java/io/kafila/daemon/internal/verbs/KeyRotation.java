package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.cli.RpcClient;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.FileKeystore;
import io.kafila.node.Keys;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** {@code key rotate}: a new identity for the node. */
final class KeyRotation {
    private KeyRotation() {}

    static Command command() {
        return Command.named("rotate", "Give the node a new identity.")
                .description("""
                        Makes a new key, which becomes the node's own; the old one stays in the keystore under the name
                        that --oldkey gives. The daemon must not be running.""")
                .options(
                        Option.text("What the old key is to be called.", "oldkey", "o"),
                        KeyVerb.typeOption(),
                        KeyVerb.sizeOption())
                .runs(Command.Place.LOCAL)
                .does(KeyRotation::rotate)
                .build();
    }

    private static void rotate(Request request, Emitter emitter, Environment environment) throws IOException {
        if (isDaemonRunning(environment)) {
            throw CommandException.client("ipfs daemon is running. please stop it to run this command");
        }
        String oldName = request.text("oldkey", "");
        if (oldName.isEmpty()) {
            throw new CommandException("keystore name for backing up old key must be provided");
        }
        if (oldName.equals(Keys.SELF)) {
            throw new CommandException("keystore name for back up cannot be named 'self'");
        }
        String kind = request.text("type", "ed25519");
        Repo repo = Repo.read(environment.repo());
        Config config = environment.config();
        PrivateKey former = repo.options().identity();
        try (OutputStream out = emitter.bytes()) {
            say(out, "generating " + kind.toUpperCase(Locale.ROOT) + " keypair...");
            PrivateKey key = KeyNames.generate(kind, request.number("size"));
            say(out, "done\npeer identity: " + key.peerId() + "\n");
            // First the old one is safe, then the new one counts.
            new FileKeystore(repo.keystore()).put(oldName, former);
            JsonNodeFactory json = JsonNodeFactory.instance;
            environment
                    .configFile()
                    .write(config.with(
                                    "Identity.PeerID",
                                    json.textNode(key.peerId().toString()))
                            .with(
                                    "Identity.PrivKey",
                                    json.textNode(Base64.getEncoder().encodeToString(key.protobuf()))));
        }
    }

    /** Whether somebody answers at the address in the repo; a dead daemon may have left one. */
    private static boolean isDaemonRunning(Environment environment) throws IOException {
        Optional<RpcAddress> address = RpcAddress.ofRepo(environment.repo());
        if (address.isEmpty()) {
            return false;
        }
        try (RpcClient daemon = new RpcClient(address.get(), "")) {
            return daemon.connect();
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
