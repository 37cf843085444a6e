package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** {@code multibase}: bytes as text and back. */
final class MultibaseVerb {
    /** The longest input in bytes: bases that are no power of two take time that grows with its square. */
    static final int MAX_INPUT_BYTES = 16 * 1024 * 1024;

    private MultibaseVerb() {}

    static Command command() {
        return Command.named("multibase", "Write bytes as text and read them back.")
                .description(
                        "Text in multibase begins with a letter that names its base, so that it can be read without"
                                + "\nbeing told which one it is.")
                .has(encode(), decode(), transcode(), CidVerb.bases("list"))
                .build();
    }

    private static Command encode() {
        return Command.named("encode", "Write bytes as text.")
                .description("""
                        Reads a file or standard input. The base is base64url unless -b names another:

                          > echo -n caravan | kafila multibase encode -b base16
                          f6361726176616e""")
                .takes(Argument.file("file", "File with the bytes. Default: standard input.")
                        .orStdin())
                .options(Option.text("Base to write in, by its name or letter; 'kafila multibase list' has them.", "b")
                        .withDefault("base64url"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) ->
                        write(emitter, CidEncoder.base(request.text("b", "")).encode(input(request))))
                .build();
    }

    private static Command decode() {
        return Command.named("decode", "Read the bytes that a text stands for.")
                .description("""
                        Reads multibase text from a file or standard input and writes the bytes:

                          > echo -n f6361726176616e | kafila multibase decode
                          caravan""")
                .takes(Argument.file("encoded_file", "File with the text. Default: standard input.")
                        .orStdin())
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    byte[] decoded = decoded(request);
                    try (OutputStream out = emitter.bytes()) {
                        out.write(decoded);
                    }
                })
                .build();
    }

    private static Command transcode() {
        return Command.named("transcode", "Write a text in another base.")
                .description("""
                        Reads multibase text from a file or standard input and writes it in another base:

                          > echo -n f6361726176616e | kafila multibase transcode -b base32
                          bmnqxeylwmfxa""")
                .takes(Argument.file("encoded_file", "File with the text. Default: standard input.")
                        .orStdin())
                .options(Option.text("Base to write in, by its name or letter; 'kafila multibase list' has them.", "b")
                        .withDefault("base64url"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    Multibase base = CidEncoder.base(request.text("b", ""));
                    write(emitter, base.encode(decoded(request)));
                })
                .build();
    }

    private static byte[] input(Request request) throws IOException {
        try (InputStream in = Request.content(request.file())) {
            byte[] bytes = in.readNBytes(MAX_INPUT_BYTES + 1);
            if (bytes.length > MAX_INPUT_BYTES) {
                throw new CommandException("multibase: more than " + MAX_INPUT_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private static byte[] decoded(Request request) throws IOException {
        try {
            return Multibase.decode(new String(input(request), StandardCharsets.UTF_8));
        } catch (MultiformatException e) {
            throw new CommandException("failed to decode multibase: " + e.getMessage(), e);
        }
    }

    private static void write(Emitter emitter, String text) throws IOException {
        try (OutputStream out = emitter.bytes()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
