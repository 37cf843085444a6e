package io.kafila.dag.unixfs.internal;

import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.Imported;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The directories of an import, from entries in depth-first order; each is made when it is left. Tells the listener in
 * Kubo's order: a directory when the topmost one is complete. Confined to one thread.
 */
final class TreeBuilder {
    /** How deep entries may lie. */
    static final int MAX_DEPTH = 1024;

    /** How many directories wait to be told of; beyond that they are told of at once, out of Kubo's order. */
    private static final int MAX_UNTOLD = 100_000;

    private final ImportPlan plan;
    private final NodeSink sink;
    private final DirectoryNodes directories;
    private final ImportListener listener;
    private final int maxOpenEntries;
    private final Deque<OpenDirectory> open = new ArrayDeque<>();
    private final List<Imported> roots = new ArrayList<>();
    private int openEntries;
    private int untold;

    TreeBuilder(ImportPlan plan, NodeSink sink, ImportListener listener, int maxOpenEntries) {
        this.plan = plan;
        this.sink = sink;
        this.directories = new DirectoryNodes(plan, sink);
        this.listener = listener;
        this.maxOpenEntries = maxOpenEntries;
        if (plan.wrap()) {
            open.push(new OpenDirectory(List.of(), plan.mode(), plan.mtime()));
        }
    }

    void directory(ImportEntry entry) {
        List<String> path = split(entry);
        if (path.isEmpty()) {
            throw new ImportException("import: a directory without a name, want one");
        }
        enter(path, plan.modeOf(entry), plan.mtimeOf(entry));
    }

    void symlink(ImportEntry.Symlink entry) {
        UnixfsData data = UnixfsData.of(UnixfsType.SYMLINK)
                .withData(ByteBuffer.wrap(entry.target().getBytes(StandardCharsets.UTF_8)))
                .withMetadata(OptionalInt.empty(), plan.mtimeOf(entry));
        file(entry, sink.node(List.of(), data));
    }

    /** A file or symlink whose node is made. */
    void file(ImportEntry entry, Child node) {
        List<String> path = split(entry);
        String told = entry.path().isEmpty() ? node.cid().toString() : entry.path();
        Imported imported = new Imported(
                told,
                entry.kind(),
                node.cid(),
                node.tsize(),
                node.fileBytes(),
                plan.modeOf(entry),
                plan.mtimeOf(entry));
        int names = path.size();
        enter(path.subList(0, Math.max(0, names - 1)), OptionalInt.empty(), Optional.empty());
        listener.imported(imported);
        OpenDirectory parent = open.peek();
        if (parent == null) {
            roots.add(imported);
        } else {
            add(parent, names == 0 ? told : path.get(names - 1), node);
        }
    }

    /** The topmost entries, after the last entry. */
    List<Imported> finish() {
        while (!open.isEmpty()) {
            leave();
        }
        return roots;
    }

    private void add(OpenDirectory directory, String name, Child node) {
        if (++openEntries > maxOpenEntries) {
            throw new ImportException("import: more than " + maxOpenEntries
                    + " entries in the directories open at one time, at \"" + directory.text() + "\", want fewer");
        }
        directory.entries.add(new PbLink(node.cid(), name, node.tsize()));
        directory.fileBytes += node.fileBytes();
    }

    /** Leaves what is not on {@code path} and opens what is missing; mode and time are those of the last one. */
    private void enter(List<String> path, OptionalInt mode, Optional<Instant> mtime) {
        while (!open.isEmpty() && !isPrefix(open.element().path, path)) {
            leave();
        }
        int from = open.isEmpty() ? 0 : open.element().path.size();
        for (int names = from + 1; names <= path.size(); names++) {
            OpenDirectory parent = open.peek();
            if (parent != null) {
                parent.hasChild = true;
            }
            boolean last = names == path.size();
            open.push(new OpenDirectory(
                    path.subList(0, names), last ? mode : OptionalInt.empty(), last ? mtime : Optional.empty()));
        }
    }

    private static boolean isPrefix(List<String> prefix, List<String> path) {
        return prefix.size() <= path.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    private void leave() {
        OpenDirectory left = open.pop();
        OpenDirectory parent = open.peek();
        if (parent != null && left.isEmpty() && !plan.emptyDirs()) {
            return;
        }
        DirectoryNodes.Made made = directories.make(left.text(), left.entries, left.mode, left.mtime);
        openEntries -= left.entries.size();
        Child node = new Child(made.node().cid(), made.node().tsize(), left.fileBytes);
        Imported imported = new Imported(
                left.text(),
                ImportEntry.Kind.DIRECTORY,
                node.cid(),
                node.tsize(),
                node.fileBytes(),
                left.mode,
                left.mtime);
        Report report = new Report(imported, left.reports(made.names()));
        if (parent == null) {
            untold -= tell(report);
            roots.add(imported);
            return;
        }
        String name = left.path.get(left.path.size() - 1);
        add(parent, name, node);
        if (untold >= MAX_UNTOLD) {
            untold -= tell(report);
        } else {
            untold++;
            parent.reports.put(name, report);
        }
    }

    /** Tells of what lies within, then of itself; answers how many were waiting. */
    private int tell(Report report) {
        int told = 0;
        for (Report within : report.within()) {
            told += 1 + tell(within);
        }
        listener.imported(report.imported());
        return told;
    }

    private static List<String> split(ImportEntry entry) {
        if (entry.path().isEmpty()) {
            return List.of();
        }
        List<String> names = List.of(entry.path().split("/", -1));
        if (names.size() > MAX_DEPTH) {
            throw new ImportException("import: an entry " + names.size() + " names deep, want at most " + MAX_DEPTH);
        }
        for (String name : names) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw new ImportException("import: entry \"" + entry.path() + "\": name \"" + name
                        + "\", want one that is not empty, . or .., without NUL");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new ImportException("import: entry \"" + entry.path() + "\": a name that is not Unicode");
            }
        }
        return names;
    }

    /** A directory that was made and is not yet told of. */
    private record Report(Imported imported, List<Report> within) {}

    /** A directory whose entries are still coming. */
    private static final class OpenDirectory {
        final List<String> path;
        final OptionalInt mode;
        final Optional<Instant> mtime;
        final List<PbLink> entries = new ArrayList<>();
        final Map<String, Report> reports = new HashMap<>();
        long fileBytes;
        boolean hasChild;

        OpenDirectory(List<String> path, OptionalInt mode, Optional<Instant> mtime) {
            this.path = List.copyOf(path);
            this.mode = mode;
            this.mtime = mtime;
        }

        boolean isEmpty() {
            return entries.isEmpty() && !hasChild;
        }

        String text() {
            return String.join("/", path);
        }

        List<Report> reports(List<String> names) {
            if (reports.isEmpty()) {
                return List.of();
            }
            List<Report> ordered = new ArrayList<>(reports.size());
            for (String name : names) {
                Report report = reports.get(name);
                if (report != null) {
                    ordered.add(report);
                }
            }
            return ordered;
        }
    }
}
