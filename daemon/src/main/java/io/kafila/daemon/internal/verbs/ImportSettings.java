package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.unixfs.DirectorySizeEstimation;
import io.kafila.dag.unixfs.ImportOptions;
import io.kafila.multiformats.HashFunction;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** How a request imports files: its flags, else the section {@code Import} of the config, else the standard profile. */
final class ImportSettings {
    private ImportSettings() {}

    /** The flags of {@code add} that change the Cid. */
    static Option[] options() {
        return new Option[] {
            Option.integer(
                    "Version of the CIDs: 1, or 0 for the old form Qm.... Default: Import.CidVersion, else 1.",
                    "cid-version"),
            Option.text(
                    "Hash function, as 'kafila cid hashes' names it; one other than sha2-256 needs"
                            + " CIDv1. Default: Import.HashFunction, else sha2-256.",
                    "hash"),
            Option.flag(
                    "Store chunks as they are, not wrapped into UnixFS nodes. Default:"
                            + " Import.UnixFSRawLeaves, else true.",
                    "raw-leaves"),
            Option.text(
                    "How files are cut: size-<bytes>, or at places that the content chooses:"
                            + " rabin-<min>-<avg>-<max> (bytes) or buzhash. Default: Import.UnixFSChunker, else"
                            + " size-1048576.",
                    "chunker",
                    "s"),
            Option.flag(
                    "Lay the graph of a file out for reading from front to back (trickle), not"
                            + " balanced. Default: Import.UnixFSDAGLayout.",
                    "trickle",
                    "t"),
            Option.integer(
                    "Most links in a node of a file. Default: Import.UnixFSFileMaxLinks, else 1024.", "max-file-links"),
            Option.integer(
                    "Most entries of a directory that is one node; a larger one is sharded. 0 is no"
                            + " such limit. Default: Import.UnixFSDirectoryMaxLinks, else 0.",
                    "max-directory-links"),
            Option.integer(
                    "Most links in a node of a sharded directory: a power of 2 from 8 to 1024."
                            + " Default: Import.UnixFSHAMTDirectoryMaxFanout, else 256.",
                    "max-hamt-fanout"),
            Option.flag("Write small blocks into their CIDs in place of hashes.", "inline"),
            Option.integer("With --inline: the largest such block in bytes, at most 128.", "inline-limit")
                    .withDefault(32),
            Option.flag(
                    "Store where the files are, not a copy of their bytes. The files must stay where"
                            + " and as they are. Implies --raw-leaves.",
                    "nocopy"),
            Option.flag("Accepted without effect: a block that is here is never stored twice.", "fscache"),
            Option.flag("Store the permissions of the files, too. Turns raw leaves off.", "preserve-mode"),
            Option.flag("Store the modification times of the files, too. Turns raw leaves off.", "preserve-mtime"),
            Option.unsigned("Permissions to store for all files, such as 0644. Turns raw leaves off.", "mode"),
            Option.integer64(
                    "Modification time to store for all files, in seconds since 1970. Turns raw leaves off.", "mtime"),
            Option.unsigned("Nanoseconds to add to --mtime, 0 to 999999999.", "mtime-nsecs"),
        };
    }

    static ImportOptions of(Request request, Config config) {
        ImportOptions options = fromConfig(config);
        OptionalLong version = request.number("cid-version");
        if (version.isPresent() && version.getAsLong() >= 0) {
            options = options.withCidVersion((int) version.getAsLong());
        }
        if (request.text("hash").filter(name -> !name.isEmpty()).isPresent()) {
            options = options.withHash(hash(request.text("hash", "")));
        }
        if (request.text("chunker").filter(spec -> !spec.isEmpty()).isPresent()) {
            options = options.withChunker(request.text("chunker", ""));
        }
        if (request.given("trickle")) {
            options = options.withTrickle(request.flag("trickle"));
        }
        if (request.number("max-file-links").isPresent()) {
            options = options.withMaxFileLinks((int) request.number("max-file-links", 0));
        }
        if (request.number("max-directory-links").isPresent()) {
            options = options.withMaxDirectoryLinks((int) Math.max(0, request.number("max-directory-links", 0)));
        }
        if (request.number("max-hamt-fanout").isPresent()) {
            options = options.withMaxHamtFanout((int) request.number("max-hamt-fanout", 0));
        }
        int inlineLimit = (int) request.number("inline-limit", 32);
        if (request.flag("inline") && inlineLimit > ImportOptions.MAX_INLINE_BYTES) {
            throw new CommandException("inline-limit " + inlineLimit + " exceeds maximum allowed size of "
                    + ImportOptions.MAX_INLINE_BYTES + " bytes");
        }
        return metadata(request, options)
                .withInline(request.flag("inline") && inlineLimit >= 0)
                .withInlineLimit(inlineLimit)
                .withNoCopy(request.flag("nocopy"))
                .withOnlyHash(request.flag("only-hash"))
                .withWrap(request.flag("wrap-with-directory"))
                .withEmptyDirs(request.flag("empty-dirs"));
    }

    private static ImportOptions metadata(Request request, ImportOptions given) {
        ImportOptions options = given;
        long mode = request.number("mode", 0);
        long mtime = request.number("mtime", 0);
        long nanos = request.number("mtime-nsecs", 0);
        boolean any = request.flag("preserve-mode") || request.flag("preserve-mtime") || mode != 0 || mtime != 0;
        if (request.given("raw-leaves")) {
            if (any && request.flag("raw-leaves")) {
                throw new CommandException(
                        "raw-leaves can't be used with UnixFS metadata like mode or modification time");
            }
            options = options.withRawLeaves(request.flag("raw-leaves"));
        } else if (any) {
            options = options.withRawLeaves(false);
        }
        if (mtime == 0 && nanos != 0) {
            throw new CommandException("option \"mtime-nsecs\" requires \"mtime\" to be provided as well");
        }
        if (mtime != 0) {
            options = options.withMtime(Instant.ofEpochSecond(mtime, nanos));
        }
        return options.withMode((int) mode)
                .withPreserveMode(request.flag("preserve-mode"))
                .withPreserveMtime(request.flag("preserve-mtime"));
    }

    static HashFunction hash(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return HashFunction.byName(folded)
                .orElseThrow(() -> new CommandException("unrecognized hash function: \"" + folded + "\""));
    }

    private static ImportOptions fromConfig(Config config) {
        ImportOptions options = ImportOptions.defaults();
        OptionalLong version = config.integer("Import.CidVersion");
        if (version.isPresent()) {
            options = options.withCidVersion((int) version.getAsLong());
        }
        if (present(config, "UnixFSRawLeaves")) {
            options = options.withRawLeaves(config.flag("Import.UnixFSRawLeaves", true));
        }
        if (present(config, "UnixFSChunker")) {
            options = options.withChunker(config.text("Import.UnixFSChunker", ""));
        }
        if (present(config, "HashFunction")) {
            options = options.withHash(hash(config.text("Import.HashFunction", "")));
        }
        if (present(config, "UnixFSFileMaxLinks")) {
            options = options.withMaxFileLinks((int) config.integer("Import.UnixFSFileMaxLinks", 0));
        }
        if (present(config, "UnixFSDirectoryMaxLinks")) {
            options = options.withMaxDirectoryLinks((int) config.integer("Import.UnixFSDirectoryMaxLinks", 0));
        }
        if (present(config, "UnixFSHAMTDirectoryMaxFanout")) {
            options = options.withMaxHamtFanout((int) config.integer("Import.UnixFSHAMTDirectoryMaxFanout", 0));
        }
        options = options.withHamtThresholdBytes(
                config.bytes("Import.UnixFSHAMTDirectorySizeThreshold", options.hamtThresholdBytes()));
        Optional<String> estimation = Optional.of(config.text("Import.UnixFSHAMTDirectorySizeEstimation", ""))
                .filter(name -> !name.isEmpty());
        if (estimation.isPresent()) {
            options = options.withSizeEstimation(DirectorySizeEstimation.byName(estimation.get())
                    .orElseThrow(() -> new ConfigException("Import.UnixFSHAMTDirectorySizeEstimation: \""
                            + estimation.get() + "\", want \"links\", \"block\" or \"disabled\"")));
        }
        return options.withTrickle(
                config.text("Import.UnixFSDAGLayout", "balanced").equals("trickle"));
    }

    private static boolean present(Config config, String name) {
        return config.value("Import." + name).filter(value -> !value.isNull()).isPresent();
    }
}
