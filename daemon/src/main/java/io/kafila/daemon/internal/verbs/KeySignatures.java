package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.PublicKey;
import io.kafila.naming.IpnsName;
import io.kafila.node.Keys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** {@code key sign} and {@code key verify}. */
final class KeySignatures {
    /** What is signed begins so, lest a signature is one of something else as well. */
    private static final byte[] PREFIX = "libp2p-key signed message:".getBytes(StandardCharsets.US_ASCII);

    /** The most bytes that are signed: they are held in memory. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private KeySignatures() {}

    static Command sign() {
        return Command.named("sign", "Sign bytes with a key.")
                .status(Status.EXPERIMENTAL)
                .description("""
                        Signs bytes, for example to show that a key is yours. "libp2p-key signed message:" is put before
                        them, lest the signature is one of something else as well.""")
                .takes(Argument.file("data", "What to sign, at most 64 MiB.").orStdin())
                .options(Option.text("What the key is called. Default: self.", "key", "k"), KeyNames.option())
                .does(KeySignatures::sign)
                .build();
    }

    private static void sign(Request request, Emitter emitter, Environment environment) throws IOException {
        KeyNames names = KeyNames.of(request);
        String name = name(request);
        PrivateKey key = environment.node().keys().get(name);
        byte[] signature = key.sign(message(request));
        emitter.emitOnce(Json.object(
                "Key",
                names.value(name, IpnsName.of(key.publicKey())),
                "Signature",
                Multibase.BASE64URL.encode(signature)));
    }

    static Command verify() {
        return Command.named("verify", "Check a signature of 'key sign'.")
                .status(Status.EXPERIMENTAL)
                .description("Tells whether a signature is one of a key for these bytes.")
                .takes(Argument.file("data", "What was signed, at most 64 MiB.").orStdin())
                .options(
                        Option.text("What the key is called, or its name in the network. Default: self.", "key", "k"),
                        Option.text("The signature in any base, with its prefix.", "signature", "s"),
                        KeyNames.option())
                .does(KeySignatures::verify)
                .build();
    }

    private static void verify(Request request, Emitter emitter, Environment environment) throws IOException {
        KeyNames names = KeyNames.of(request);
        String given = name(request);
        byte[] signature = Multibase.decode(request.text("signature", ""));
        Keys keys = environment.node().keys();
        boolean own = keys.contains(given);
        PublicKey key = own ? keys.get(given).publicKey() : foreign(given);
        emitter.emitOnce(Json.object(
                "Key",
                names.value(own ? given : "", IpnsName.of(key)),
                "SignatureValid",
                key.verify(message(request), signature)));
    }

    private static PublicKey foreign(String name) {
        return IpnsName.tryParse(name)
                .orElseThrow(() ->
                        new CommandException("'\"" + name + "\"' is not a known key, an IPNS Name, or a valid PeerID"))
                .peer()
                .inlinedKey()
                .orElseThrow(() -> new CommandException("public key is not embedded in peer ID"));
    }

    private static String name(Request request) {
        String name = request.text("key", "");
        return name.isEmpty() ? Keys.SELF : name;
    }

    private static byte[] message(Request request) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(PREFIX);
        try (InputStream in = Request.content(request.file())) {
            byte[] data = in.readNBytes(MAX_BYTES + 1);
            if (data.length > MAX_BYTES) {
                throw new CommandException("more than " + MAX_BYTES + " bytes to sign, which is the most");
            }
            message.writeBytes(data);
        }
        return message.toByteArray();
    }
}
