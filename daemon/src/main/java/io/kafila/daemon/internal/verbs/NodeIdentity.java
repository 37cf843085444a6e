package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.cli.RpcClient;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.multiformats.PrivateKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The key that a node is known by, as {@code init} and {@code key rotate} make it. */
final class NodeIdentity {
    private NodeIdentity() {}

    /** Makes a key and says so on {@code out}. */
    static PrivateKey generate(String kind, OptionalLong bits, OutputStream out) throws IOException {
        boolean rsa = kind.equals("rsa");
        String length = rsa ? bits.orElse(KeyNames.RSA_DEFAULT_BITS) + "-bit " : "";
        say(out, "generating " + length + kind.toUpperCase(Locale.ROOT) + " keypair...");
        if (!rsa && bits.isPresent()) {
            throw new CommandException("number of key bits can only be set for RSA keys");
        }
        PrivateKey key = KeyNames.generate(kind, bits);
        say(out, "done\npeer identity: " + key.peerId() + "\n");
        return key;
    }

    /** Refuses where a daemon of the repo answers; a dead one may have left its address. */
    static void requireNoDaemon(Environment environment) throws IOException {
        Optional<RpcAddress> address = RpcAddress.ofRepo(environment.repo());
        if (address.isPresent()) {
            try (RpcClient daemon = new RpcClient(address.get(), "")) {
                if (daemon.connect()) {
                    throw CommandException.client("ipfs daemon is running. please stop it to run this command");
                }
            }
        }
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
