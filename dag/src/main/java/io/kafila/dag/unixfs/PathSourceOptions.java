package io.kafila.dag.unixfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which files below a path are imported.
 *
 * @param recursive whether directories are; otherwise a directory is an error
 * @param hidden whether names that begin with a dot are; the paths that were named always are
 * @param ignoreRules patterns of .gitignore, matched against each name as Kubo does
 * @param ignoreRulesPath a file with such patterns, one per line
 * @param dereferenceSymlinks whether a symlink stands for what it points to
 */
public record PathSourceOptions(
        boolean recursive,
        boolean hidden,
        List<String> ignoreRules,
        Optional<Path> ignoreRulesPath,
        boolean dereferenceSymlinks) {
    /** Whole directories, without hidden files, symlinks as symlinks. */
    public static final PathSourceOptions DEFAULT =
            new PathSourceOptions(true, false, List.of(), Optional.empty(), false);

    public PathSourceOptions {
        ignoreRules = List.copyOf(ignoreRules);
    }

    public PathSourceOptions withRecursive(boolean value) {
        return new PathSourceOptions(value, hidden, ignoreRules, ignoreRulesPath, dereferenceSymlinks);
    }

    public PathSourceOptions withHidden(boolean value) {
        return new PathSourceOptions(recursive, value, ignoreRules, ignoreRulesPath, dereferenceSymlinks);
    }

    public PathSourceOptions withIgnoreRules(List<String> value) {
        return new PathSourceOptions(recursive, hidden, value, ignoreRulesPath, dereferenceSymlinks);
    }

    public PathSourceOptions withIgnoreRulesPath(Path value) {
        return new PathSourceOptions(recursive, hidden, ignoreRules, Optional.of(value), dereferenceSymlinks);
    }

    public PathSourceOptions withDereferenceSymlinks(boolean value) {
        return new PathSourceOptions(recursive, hidden, ignoreRules, ignoreRulesPath, value);
    }
}
