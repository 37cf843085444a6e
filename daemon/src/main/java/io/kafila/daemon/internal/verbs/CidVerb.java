package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.Codecs;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cid}: converts and explains Cids. */
final class CidVerb {
    private CidVerb() {}

    static Command command() {
        return Command.named("cid", "Take CIDs apart and convert them.")
                .description(
                        "A CID names content by its hash. These commands take one apart and write it in other ways;"
                                + "\nthey need neither a repo nor a daemon.")
                .has(inspect(), format(), base32(), bases("bases"), codecs(), hashes())
                .build();
    }

    private static Command inspect() {
        return Command.named("inspect", "Show the parts of a CID.")
                .description("""
                        Prints what a CID is made of:
                        - the version (0 or 1)
                        - the multibase, which a CIDv0 has not written out
                        - the multicodec: how the block is to be read
                        - the multihash: function, length and digest
                        - the same CID as version 0, where there is one, and as version 1

                        For a peer id it tells the CID that stands for the same key.

                        Example:

                          > kafila cid inspect QmS4ustL54uo8FzR9455qaxZwuMiUhyvMcX9Ba8nUH4uVv""")
                .takes(Argument.text("cid", "The CID.").orStdin())
                .runs(Command.Place.WITHOUT_REPO)
                .does(CidVerb::inspect)
                .prints((request, value, console) -> printInspected(value, console))
                .build();
    }

    private static void inspect(Request request, Emitter emitter, Environment environment) {
        String text = request.argument(0);
        Cid cid;
        try {
            cid = Cid.parse(text);
        } catch (MultiformatException e) {
            String message = "invalid CID: " + e.getMessage() + peerHint(text);
            emitter.emitOnce(inspected(text, 0, Json.object("prefix", "", "name", ""), null, message));
            return;
        }
        Multibase base = cid.version() == 0 ? Multibase.BASE58BTC : Multibase.of(text);
        ObjectNode names = Json.object("prefix", base.prefix(), "name", base.specName());
        emitter.emitOnce(inspected(text, cid.version(), names, cid, ""));
    }

    private static String peerHint(String text) {
        try {
            return "\nNote: the value is a PeerID; inspect its CID representation instead:\n  "
                    + PeerId.parse(text).toCid().toString(Multibase.BASE36);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static ObjectNode inspected(String text, int version, ObjectNode base, @Nullable Cid cid, String error) {
        ObjectNode value = Json.object("cid", text, "version", version, "multibase", base);
        if (cid == null) {
            value.set("multicodec", Json.object("code", 0, "name", ""));
            value.set("multihash", Json.object("code", 0, "name", "", "length", 0, "digest", ""));
            return value.put("cidV1", "").put("errorMsg", error);
        }
        long hash = cid.multihash().code();
        String codec = Multicodec.byCode(cid.codec()).map(Multicodec::name).orElse("unknown");
        value.set("multicodec", Json.object("code", cid.codec(), "name", codec));
        value.set(
                "multihash",
                Json.object(
                        "code",
                        hash,
                        "name",
                        HashFunction.byCode(hash)
                                .map(HashFunction::specName)
                                .or(() -> Multicodec.byCode(hash).map(Multicodec::name))
                                .orElse("unknown"),
                        "length",
                        cid.multihash().length(),
                        "digest",
                        cid.multihash()
                                .toHex()
                                .substring(cid.multihash().toHex().length()
                                        - 2 * cid.multihash().length())));
        if (canBeV0(cid)) {
            value.put("cidV0", Cid.v0(cid.multihash()).toString());
        }
        Multibase base1 = cid.codec() == Multicodec.LIBP2P_KEY.code() ? Multibase.BASE36 : Multibase.BASE32;
        return value.put("cidV1", cid.asV1().toString(base1));
    }

    private static boolean canBeV0(Cid cid) {
        return cid.codec() == Multicodec.DAG_PB.code()
                && cid.multihash().code() == HashFunction.SHA2_256.code()
                && cid.multihash().length() == 32;
    }

    private static void printInspected(JsonNode value, Console console) {
        String error = value.path("errorMsg").asText();
        if (!error.isEmpty()) {
            throw new CommandException(error);
        }
        boolean v0 = value.path("version").asInt() == 0;
        String implicit = v0 ? ", implicit" : "";
        JsonNode codec = value.path("multicodec");
        JsonNode hash = value.path("multihash");
        JsonNode base = value.path("multibase");
        console.println("CID:        " + value.path("cid").asText());
        console.println("Version:    " + value.path("version").asInt());
        console.println("Multibase:  " + base.path("name").asText() + " ("
                + (v0 ? "implicit" : base.path("prefix").asText()) + ")");
        console.println("Multicodec: " + named(codec, implicit));
        console.println("Multihash:  " + named(hash, implicit));
        console.println("  Length:   " + hash.path("length").asInt() + " bytes");
        console.println("  Digest:   " + hash.path("digest").asText());
        console.println("CIDv0:      " + v0Text(value, codec, hash));
        console.println("CIDv1:      " + value.path("cidV1").asText());
    }

    private static String named(JsonNode coded, String implicit) {
        return coded.path("name").asText() + " (0x"
                + Long.toHexString(coded.path("code").asLong()) + implicit + ")";
    }

    private static String v0Text(JsonNode value, JsonNode codec, JsonNode hash) {
        if (value.has("cidV0")) {
            return value.path("cidV0").asText();
        } else if (codec.path("code").asLong() != Multicodec.DAG_PB.code()) {
            return "not possible, requires dag-pb (0x70), got " + named(codec, "");
        } else if (hash.path("code").asLong() != HashFunction.SHA2_256.code()) {
            return "not possible, requires sha2-256 (0x12), got " + named(hash, "");
        }
        return "not possible, requires 32-byte digest, got "
                + hash.path("length").asInt();
    }

    private static Command format() {
        return Command.named("format", "Write CIDs in other forms.")
                .description(
                        "Writes CIDs in other versions, codecs and bases, or by a format:\n\n" + CidFormat.REFERENCE)
                .takes(Argument.text("cid", "CIDs to write.").many().orStdin())
                .options(
                        Option.text("What to print for each CID, with the letters below.", "f")
                                .withDefault("%s"),
                        Option.text("Version to convert to: 0 or 1.", "v"),
                        Option.text(
                                "Codec to put into the CID, such as raw or dag-pb. The block stays the same.", "mc"),
                        Option.text("Base to write the CID in, such as base32 or z.", "b"))
                .runs(Command.Place.WITHOUT_REPO)
                .does(CidVerb::format)
                .terminal(request -> formatted())
                .build();
    }

    private static Command base32() {
        return Command.named("base32", "Write CIDs as CIDv1 in base32.")
                .description(
                        "Writes CIDs in their usual form: version 1 in base32, which does not mind upper or lower case.")
                .takes(Argument.text("cid", "CIDs to write.").many().orStdin())
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) ->
                        convert(request, emitter, "%s", Optional.of(Multibase.BASE32), Cid::asV1, 0))
                .terminal(request -> formatted())
                .build();
    }

    private static TextFormat formatted() {
        return new NonFatal(
                value -> {
                    String error = value.path("ErrorMsg").asText();
                    return error.isEmpty() ? "" : value.path("CidStr").asText() + ": " + error;
                },
                value -> value.path("Formatted").asText() + "\n");
    }

    private interface Conversion {
        Cid apply(Cid cid);
    }

    private static void format(Request request, Emitter emitter, Environment environment) throws IOException {
        String format = request.text("f", "%s");
        if (format.indexOf('%') < 0) {
            throw new CommandException("invalid format string: \"" + format + "\"");
        }
        Optional<String> base = request.text("b").filter(text -> !text.isEmpty());
        long codec = request.text("mc")
                .filter(text -> !text.isEmpty())
                .map(CidVerb::codec)
                .orElse(0L);
        Conversion conversion = switch (request.text("v", "")) {
            case "" -> base.isPresent() ? Cid::asV1 : cid -> cid;
            case "0" -> {
                if (codec != 0 && codec != Multicodec.DAG_PB.code()) {
                    throw new CommandException("cannot convert to CIDv0 with any codec other than dag-pb");
                }
                if (base.isPresent() && !base.get().equals("base58btc")) {
                    throw new CommandException(
                            "cannot convert to CIDv0 with any multibase other than the implicit base58btc");
                }
                yield CidVerb::toV0;
            }
            case "1" -> Cid::asV1;
            default -> throw new CommandException("invalid cid version: \"" + request.text("v", "") + "\"");
        };
        convert(request, emitter, format, base.map(CidEncoder::base), conversion, codec);
    }

    private static Cid toV0(Cid cid) {
        if (cid.codec() != Multicodec.DAG_PB.code()) {
            throw new IllegalArgumentException("can't convert non-dag-pb nodes to cidv0");
        }
        return Cid.v0(cid.multihash());
    }

    private static long codec(String text) {
        try {
            return Multicodec.byName(text).map(Multicodec::code).orElseGet(() -> Long.decode(text));
        } catch (NumberFormatException e) {
            throw new CommandException("unknown multicodec: \"" + text + "\"", e);
        }
    }

    private static void convert(
            Request request,
            Emitter emitter,
            String format,
            Optional<Multibase> base,
            Conversion conversion,
            long codec)
            throws IOException {
        for (int i = 0; ; i++) {
            String text = request.argumentAfter(i);
            if (text == null) {
                return;
            }
            emitter.emit(converted(text.strip(), format, base, conversion, codec));
        }
    }

    private static JsonNode converted(
            String text, String format, Optional<Multibase> base, Conversion conversion, long codec) {
        try {
            Cid cid = parsed(text);
            if (codec != 0 && codec != cid.codec()) {
                cid = Cid.v1(codec, cid.multihash());
            }
            cid = conversion.apply(cid);
            Multibase used = base.orElse(cid.version() == 0 ? Multibase.BASE58BTC : baseOf(text));
            return Json.object("CidStr", text, "Formatted", CidFormat.format(format, used, cid), "ErrorMsg", "");
        } catch (IllegalArgumentException e) {
            return Json.object("CidStr", text, "Formatted", "", "ErrorMsg", e.getMessage());
        }
    }

    private static Cid parsed(String text) {
        try {
            return Cid.parse(text);
        } catch (MultiformatException e) {
            throw new MultiformatException("invalid cid: " + e.getMessage(), e);
        }
    }

    private static Multibase baseOf(String text) {
        return text.length() == 46 && text.startsWith("Qm") ? Multibase.BASE58BTC : Multibase.of(text);
    }

    static Command bases(String name) {
        return Command.named(name, "List the bases.")
                .description("Every base in which text stands for bytes, with its name in the multibase table.")
                .options(
                        Option.flag("Print the character that begins a text in the base, too.", "prefix"),
                        Option.flag("Print the codes as numbers, too.", "numeric"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    List<JsonNode> bases = new ArrayList<>();
                    for (Multibase base : Multibase.values()) {
                        bases.add(Json.object("Code", base.prefix().codePointAt(0), "Name", base.specName()));
                    }
                    emitter.emitOnce(Json.array(bases));
                })
                .prints(CidVerb::printBases)
                .build();
    }

    private static void printBases(Request request, JsonNode value, Console console) {
        List<JsonNode> bases = new ArrayList<>();
        value.forEach(bases::add);
        bases.sort(Comparator.<JsonNode>comparingInt(
                        base -> Character.toLowerCase(base.path("Code").asInt()))
                .thenComparing(base -> -base.path("Code").asInt()));
        for (JsonNode base : bases) {
            int code = base.path("Code").asInt();
            StringBuilder line = new StringBuilder();
            if (request.flag("prefix")) {
                line.appendCodePoint(code < 0x20 ? ' ' : code).append(request.flag("numeric") ? " " : "  ");
            }
            if (request.flag("numeric")) {
                line.append(String.format("%7d  ", code));
            }
            console.println(line + base.path("Name").asText());
        }
    }

    private static Command codecs() {
        return Command.named("codecs", "List the codecs of CIDs.")
                .description(
                        "Every codec that a CID can name; with --supported those that this program reads and writes.")
                .options(
                        Option.flag("Print the codes as numbers, too.", "numeric", "n"),
                        Option.flag("Only those that this program reads and writes.", "supported", "s"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    Codecs known = Codecs.standard();
                    emitter.emitOnce(codesAndNames(Multicodec.all().stream()
                            .filter(codec -> codec.tag().equals("ipld"))
                            .filter(codec -> !request.flag("supported")
                                    || known.byCode(codec.code()).isPresent())
                            .toList()));
                })
                .prints(CidVerb::printCodes)
                .build();
    }

    private static Command hashes() {
        return Command.named("hashes", "List the hash functions of CIDs.")
                .description(
                        "Every hash function that a CID may use here: those that are safe and that this program has.")
                .options(
                        Option.flag("Print the codes as numbers, too.", "numeric", "n"),
                        Option.flag("Only those that this program has, which is all of the list.", "supported", "s"))
                .runs(Command.Place.WITHOUT_REPO)
                .does((request, emitter, environment) -> {
                    List<JsonNode> hashes = new ArrayList<>();
                    hashes.add(Json.object("Code", 0, "Name", "identity"));
                    for (HashFunction function : HashFunction.all()) {
                        if (function.code() != 0 && DigestPolicy.isAllowed(function.code())) {
                            hashes.add(Json.object("Code", function.code(), "Name", function.specName()));
                        }
                    }
                    emitter.emitOnce(Json.array(hashes));
                })
                .prints(CidVerb::printCodes)
                .build();
    }

    private static JsonNode codesAndNames(List<Multicodec> codecs) {
        List<JsonNode> list = new ArrayList<>();
        codecs.forEach(codec -> list.add(Json.object("Code", codec.code(), "Name", codec.name())));
        return Json.array(list);
    }

    private static void printCodes(Request request, JsonNode value, Console console) {
        List<JsonNode> codes = new ArrayList<>();
        value.forEach(codes::add);
        codes.sort(Comparator.comparingLong(code -> code.path("Code").asLong()));
        for (JsonNode code : codes) {
            String number = request.flag("numeric")
                    ? String.format("%5d  ", code.path("Code").asLong())
                    : "";
            console.println(number + code.path("Name").asText());
        }
    }
}
