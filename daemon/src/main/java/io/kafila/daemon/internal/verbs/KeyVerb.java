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
import io.kafila.daemon.internal.command.Status;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.FileKeystore;
import io.kafila.node.Keys;
import io.kafila.node.Repo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code key}: the keys that names are published with. */
final class KeyVerb {
    private KeyVerb() {}

    static Command command() {
        return Command.named("key", "The keys that names are published with.")
                .description("""
                        A name is the hash of a public key; whoever has the private key says what the name stands for.
                        The node's own key is called 'self'. More keys make more names:

                          > kafila key gen mymodel
                          > kafila name publish --key=mymodel /ipfs/<cid>

                        Keys lie in the folder 'keystore' of the repo, which only its owner can read.""")
                .has(
                        gen(),
                        export(),
                        importKey(),
                        list("ls", Status.ACTIVE),
                        list("list", Status.DEPRECATED),
                        rename(),
                        rm(),
                        KeyRotation.command(),
                        KeySignatures.sign(),
                        KeySignatures.verify())
                .build();
    }

    static Option typeOption() {
        return Option.text(
                        "Kind of the key: ed25519, rsa, secp256k1 or ecdsa. Other peers may not know the last two.",
                        "type",
                        "t")
                .withDefault("ed25519");
    }

    static Option sizeOption() {
        return Option.integer("Length of an RSA key in bits, 2048 or more. Default: 2048.", "size", "s");
    }

    private static Command gen() {
        return Command.named("gen", "Make a key.")
                .description("Makes a key, keeps it in the keystore and prints its name.\n\n  > kafila key gen mymodel")
                .takes(Argument.text("name", "What the key is called on this node."))
                .options(typeOption(), sizeOption(), KeyNames.option())
                .does((request, emitter, environment) -> {
                    String name = request.argument(0);
                    KeyNames names = KeyNames.of(request);
                    Keys keys = environment.node().keys();
                    if (name.equals(Keys.SELF)) {
                        throw new CommandException("cannot create key with name 'self'");
                    }
                    requireFree(keys, name);
                    Keys.Entry made =
                            keys.add(name, KeyNames.generate(request.text("type", "ed25519"), request.number("size")));
                    emitter.emitOnce(names.value(name, made.id()));
                })
                .prints(KeyVerb::printId)
                .build();
    }

    private static void requireFree(Keys keys, String name) {
        if (keys.contains(name)) {
            throw new CommandException("key with name '" + name + "' already exists");
        }
    }

    private static void printId(Request request, JsonNode value, Console console) {
        console.println(value.path("Id").asText());
    }

    private static Command list(String name, Status status) {
        return Command.named(
                        name, status == Status.ACTIVE ? "List the keys." : "Deprecated: use 'kafila key ls' instead.")
                .description("Prints what the keys are called, with -l also their names in the network.")
                .status(status)
                .options(Option.flag("Print the name in the network before each.", "l"), KeyNames.option())
                .does((request, emitter, environment) -> {
                    KeyNames names = KeyNames.of(request);
                    List<JsonNode> list = new ArrayList<>();
                    for (Keys.Entry entry : environment.node().keys().list()) {
                        list.add(names.value(entry.name(), entry.id()));
                    }
                    emitter.emitOnce(Json.object("Keys", list));
                })
                .prints(KeyVerb::printList)
                .build();
    }

    private static void printList(Request request, JsonNode value, Console console) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode key : value.path("Keys")) {
            String name = Human.printable(key.path("Name").asText());
            rows.add(request.flag("l") ? List.of(key.path("Id").asText(), name, "") : List.of(name));
        }
        console.print(Table.text(rows, 1));
    }

    private static Command rename() {
        return Command.named("rename", "Call a key something else.")
                .description("Its name in the network stays the same.")
                .takes(
                        Argument.text("name", "What the key is called."),
                        Argument.text("newName", "What it is to be called."))
                .options(Option.flag("Lose another key that is called so already.", "force", "f"), KeyNames.option())
                .does((request, emitter, environment) -> {
                    KeyNames names = KeyNames.of(request);
                    Keys.Renamed renamed = environment
                            .node()
                            .keys()
                            .rename(request.argument(0), request.argument(1), request.flag("force"));
                    emitter.emitOnce(Json.object(
                            "Was",
                            request.argument(0),
                            "Now",
                            request.argument(1),
                            "Id",
                            names.text(renamed.entry().id()),
                            "Overwrite",
                            renamed.overwritten()));
                })
                .prints((request, value, console) -> console.println("Key "
                        + value.path("Id").asText() + " renamed to "
                        + Human.printable(value.path("Now").asText())
                        + (value.path("Overwrite").asBoolean() ? " with overwriting" : "")))
                .build();
    }

    private static Command rm() {
        return Command.named("rm", "Remove keys.")
                .description("A key that is removed and was not exported is lost, and its name with it.")
                .takes(Argument.text("name", "What the keys are called.").many().orStdin())
                .options(Option.flag("Print the name in the network before each.", "l"), KeyNames.option())
                .does((request, emitter, environment) -> {
                    KeyNames names = KeyNames.of(request);
                    List<JsonNode> list = new ArrayList<>();
                    for (String name : request.allArguments()) {
                        list.add(names.value(
                                name, environment.node().keys().remove(name).id()));
                    }
                    emitter.emitOnce(Json.object("Keys", list));
                })
                .prints(KeyVerb::printList)
                .build();
    }

    private static Option formatOption(String what) {
        return Option.text("Form of the " + what + ": libp2p-protobuf-cleartext or pem-pkcs8-cleartext.", "format", "f")
                .withDefault(KeyFile.PROTOBUF.option);
    }

    private static Command importKey() {
        return Command.named("import", "Take a key from a file.")
                .description("""
                        Keeps the key in a file under a name of its own, and prints its name in the network. Keys of
                        other programs come as PEM:

                          > openssl genpkey -algorithm ED25519 > ed25519.pem
                          > kafila key import mymodel -f pem-pkcs8-cleartext ed25519.pem""")
                .takes(
                        Argument.text("name", "What the key is to be called."),
                        Argument.file("key", "File with the key, as 'kafila key export' writes it."))
                .options(
                        KeyNames.option(),
                        formatOption("file"),
                        Option.flag("Take keys of other kinds than RSA and Ed25519, too.", "allow-any-key-type")
                                .withDefault(false))
                .does(KeyVerb::importKey)
                .prints(KeyVerb::printId)
                .build();
    }

    private static void importKey(Request request, Emitter emitter, Environment environment) throws IOException {
        String name = request.argument(0);
        if (name.equals(Keys.SELF)) {
            throw new CommandException("cannot import key with name 'self'");
        }
        KeyNames names = KeyNames.of(request);
        KeyFile form = KeyFile.of(request.text("format", KeyFile.PROTOBUF.option), "unrecognized import format");
        PrivateKey key = form.read(read(request));
        boolean usual = key.type() == KeyType.ED25519 || key.type() == KeyType.RSA;
        if (!usual && !request.flag("allow-any-key-type")) {
            throw new CommandException("key type " + key.type() + " is not allowed to be imported, only RSA or Ed25519;"
                    + " use flag --allow-any-key-type if you are sure of what you're doing");
        }
        Keys keys = environment.node().keys();
        requireFree(keys, name);
        emitter.emitOnce(names.value(name, keys.add(name, key).id()));
    }

    private static byte[] read(Request request) throws IOException {
        try (InputStream in = Request.content(request.file())) {
            byte[] content = in.readNBytes(KeyFile.MAX_BYTES + 1);
            if (content.length > KeyFile.MAX_BYTES) {
                throw new CommandException("key file of more than " + KeyFile.MAX_BYTES + " bytes, which no key has");
            }
            return content;
        }
    }

    private static Command export() {
        return Command.named("export", "Save a key to a file.")
                .description("""
                        Saves a key as <name>.key, or where -o says; only its owner can read the file. Whoever has it
                        can publish the name. For OpenSSL and others:

                          > kafila key export mymodel --format=pem-pkcs8-cleartext -o mymodel.pem""")
                .takes(Argument.text("name", "What the key is called.").orStdin())
                .options(Option.text("File to write. Default: <name>.key.", "output", "o"), formatOption("file"))
                .runs(Command.Place.LOCAL)
                .does(KeyVerb::export)
                .build();
    }

    private static void export(Request request, Emitter emitter, Environment environment) throws IOException {
        String name = request.argument(0);
        if (name.equals(Keys.SELF)) {
            throw new CommandException("cannot export key with name 'self'");
        }
        KeyFile form = KeyFile.of(request.text("format", KeyFile.PROTOBUF.option), "unrecognized export format");
        // Reading needs no lock, so this works beside a daemon.
        PrivateKey key = new FileKeystore(Repo.read(environment.repo()).keystore())
                .get(name)
                .orElseThrow(() -> new CommandException("key with name '" + name + "' doesn't exist"));
        String output = request.text("output", "");
        if (output.isEmpty()) {
            output = (name + form.extension).replaceFirst(".*/", "");
        }
        Path file = Path.of(output);
        try (OutputStream out = privately(file)) {
            out.write(form.write(key));
        }
    }

    /** Opens a file that its owner alone can read; one that is there is replaced. */
    private static OutputStream privately(Path file) throws IOException {
        Set<StandardOpenOption> how =
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.newOutputStream(file, how.toArray(new StandardOpenOption[0]));
        }
        return Channels.newOutputStream(Files.newByteChannel(
                file, how, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
    }
}
