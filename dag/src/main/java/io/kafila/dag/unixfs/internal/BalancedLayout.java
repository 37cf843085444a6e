package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tree with all leaves at one depth: a node is closed when it is full and another child comes, and a level is added when
 * the topmost node is closed (as boxo ipld/unixfs/importer/balanced).
 */
final class BalancedLayout implements FileLayout {
    private final int maxLinks;
    private final NodeSink sink;
    private final List<OpenNode> levels = new ArrayList<>();
    private Optional<Child> lone = Optional.empty();

    BalancedLayout(int maxLinks, NodeSink sink) {
        this.maxLinks = maxLinks;
        this.sink = sink;
    }

    @Override
    public UnixfsType leafType() {
        return UnixfsType.FILE;
    }

    @Override
    public boolean loneLeafIsRoot() {
        return true;
    }

    @Override
    public void add(Child leaf) {
        if (levels.isEmpty() && lone.isEmpty()) {
            lone = Optional.of(leaf);
            return;
        }
        lone.ifPresent(first -> addAt(0, first));
        lone = Optional.empty();
        addAt(0, leaf);
    }

    private void addAt(int level, Child child) {
        if (level == levels.size()) {
            levels.add(new OpenNode());
        }
        OpenNode node = levels.get(level);
        if (node.size() == maxLinks) {
            addAt(level + 1, node.close(sink));
            node = new OpenNode();
            levels.set(level, node);
        }
        node.add(child);
    }

    @Override
    public Child finish(OptionalInt mode, Optional<Instant> mtime) {
        if (levels.isEmpty()) {
            return lone.orElseThrow(() -> new IllegalStateException("a file without leaves, want at least one"));
        }
        for (int level = 0; level < levels.size() - 1; level++) {
            addAt(level + 1, levels.get(level).close(sink));
        }
        return levels.get(levels.size() - 1).close(sink, mode, mtime);
    }
}
