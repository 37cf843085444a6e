package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.Base64;

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
        NodeIdentity.requireNoDaemon(environment);
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
            PrivateKey key = NodeIdentity.generate(kind, request.number("size"), out);
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
}
