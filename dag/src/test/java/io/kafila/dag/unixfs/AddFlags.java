package io.kafila.dag.unixfs;

import io.kafila.multiformats.HashFunction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Flags as {@code ipfs add} has them, and some that Kubo takes from its configuration. */
record AddFlags(ImportOptions options, PathSourceOptions source, List<Path> paths) {

    /** What the name of a profile and the words after it mean; words that are no flags are paths. */
    static AddFlags parse(String profile, List<String> words) {
        ImportOptions options = ImportOptions.of(ImportProfile.byName(profile).orElseThrow());
        PathSourceOptions source = PathSourceOptions.DEFAULT;
        List<Path> paths = new ArrayList<>();
        long mtime = 0;
        int nanos = 0;
        for (String word : words) {
            String value = word.substring(word.indexOf('=') + 1);
            boolean on = !value.equals("false");
            switch (word.startsWith("--") ? word.replaceFirst("=.*", "") : "") {
                case "--cid-version" -> options = options.withCidVersion(Integer.parseInt(value));
                case "--raw-leaves" -> options = options.withRawLeaves(on);
                case "--chunker" -> options = options.withChunker(value);
                case "--hash" ->
                    options = options.withHash(HashFunction.byName(value).orElseThrow());
                case "--inline" -> options = options.withInline(on);
                case "--inline-limit" -> options = options.withInlineLimit(Integer.parseInt(value));
                case "--trickle" -> options = options.withTrickle(on);
                case "--max-file-links" -> options = options.withMaxFileLinks(Integer.parseInt(value));
                case "--max-directory-links" -> options = options.withMaxDirectoryLinks(Integer.parseInt(value));
                case "--max-hamt-fanout" -> options = options.withMaxHamtFanout(Integer.parseInt(value));
                case "--threshold" -> options = options.withHamtThresholdBytes(Long.parseLong(value));
                case "--estimation" ->
                    options = options.withSizeEstimation(
                            DirectorySizeEstimation.byName(value).orElseThrow());
                case "--preserve-mode" -> options = options.withPreserveMode(on);
                case "--preserve-mtime" -> options = options.withPreserveMtime(on);
                case "--mode" -> options = options.withMode(Integer.parseInt(value, 8));
                case "--mtime" -> mtime = Long.parseLong(value);
                case "--mtime-nsecs" -> nanos = Integer.parseInt(value);
                case "--empty-dirs" -> options = options.withEmptyDirs(on);
                case "--wrap-with-directory" -> options = options.withWrap(on);
                case "--nocopy" -> options = options.withNoCopy(on);
                case "--hidden" -> source = source.withHidden(on);
                case "--dereference-symlinks" -> source = source.withDereferenceSymlinks(on);
                case "--ignore" -> {
                    List<String> rules = new ArrayList<>(source.ignoreRules());
                    rules.add(value);
                    source = source.withIgnoreRules(rules);
                }
                case "--ignore-rules-path" -> source = source.withIgnoreRulesPath(Path.of(value));
                default -> paths.add(Path.of(word));
            }
        }
        if (mtime != 0) {
            options = options.withMtime(Instant.ofEpochSecond(mtime, nanos));
        }
        return new AddFlags(options, source, paths);
    }
}
