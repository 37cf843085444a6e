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
        return Command.named("multibase", "Encode and decode files or stdin with multibase format")
                .description(
                        "Text in multibase begins with a letter that names its base, so that it can be read without"
                                + "\nbeing told which one it is.")
                .has(encode(), decode(), transcode(), CidVerb.bases("list"))
                .build();
    }

    private static Command encode() {
        return Command.named("encode", "Encode data into multibase string")
                .description("""
                        Reads a file or standard input. The base is base64url unless -b names another:

                          > echo hello | kafila multibase encode -b base16 > output_file
                          > cat output_file
                          f68656c6c6f0a""")
                .takes(Argument.file("file", "data to encode").orStdin())
                .options(Option.text("multibase encoding", "b").withDefault("base64url"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) ->
                        write(emitter, CidEncoder.base(request.text("b", "")).encode(input(request))))
                .build();
    }

    private static Command decode() {
        return Command.named("decode", "Decode multibase string")
                .description("""
                        Reads multibase text from a file or standard input and writes the bytes:

                          > echo -n hello | kafila multibase encode -b base16 | kafila multibase decode
                          hello""")
                .takes(Argument.file("encoded_file", "encoded data to decode").orStdin())
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
        return Command.named("transcode", "Transcode multibase string between bases")
                .description("""
                        Reads multibase text from a file or standard input and writes it in another base:

                          > echo -n hello | kafila multibase encode > file
                          > kafila multibase transcode file -b base16
                          f68656c6c6f""")
                .takes(Argument.file("encoded_file", "encoded data to decode").orStdin())
                .options(Option.text("multibase encoding", "b").withDefault("base64url"))
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
