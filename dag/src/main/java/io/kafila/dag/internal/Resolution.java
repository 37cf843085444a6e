package io.kafila.dag.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.Codecs;
import io.kafila.dag.ContentPath;
import io.kafila.dag.DagException;
import io.kafila.dag.DirectoryLookup;
import io.kafila.dag.IpldNode;
import io.kafila.dag.PathException;
import io.kafila.dag.PathResolver;
import io.kafila.dag.Resolved;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One path on its way. Its steps follow one another, each in the thread that completed the last; a loop, not recursion,
 * takes those that complete at once, so that no path is too long for the stack.
 */
public final class Resolution {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final BlockSource source;
    private final Codecs codecs;
    private final DirectoryLookup directories;
    private final ContentPath.Namespace namespace;
    private final List<String> segments;
    private final CompletableFuture<Resolved> result = new CompletableFuture<>();

    private Cid current;
    private int taken;
    private int linkHops;

    private volatile @Nullable CompletableFuture<?> pending;

    private Resolution(BlockSource source, Codecs codecs, DirectoryLookup directories, ContentPath path) {
        this.source = source;
        this.codecs = codecs;
        this.directories = directories;
        this.namespace = path.namespace();
        this.segments = path.segments();
        this.current = path.cid();
    }

    public static CompletableFuture<Resolved> start(
            BlockSource source, Codecs codecs, DirectoryLookup directories, ContentPath path) {
        Resolution resolution = new Resolution(source, codecs, directories, path);
        resolution.result.whenComplete((found, error) -> {
            CompletableFuture<?> pending = resolution.pending;
            if (pending != null && resolution.result.isCancelled()) {
                pending.cancel(false);
            }
        });
        resolution.run();
        return resolution.result;
    }

    private void run() {
        while (!result.isDone()) {
            if (taken == segments.size()) {
                result.complete(new Resolved(namespace, current, List.of()));
                return;
            }
            CompletableFuture<Void> step = step();
            pending = step;
            if (!step.isDone()) {
                step.whenComplete((nothing, error) -> {
                    if (error == null) {
                        run();
                    } else {
                        result.completeExceptionally(Chain.cause(error));
                    }
                });
                if (result.isCancelled()) {
                    step.cancel(false);
                }
                return;
            }
            try {
                step.join();
            } catch (RuntimeException e) {
                result.completeExceptionally(Chain.cause(e));
            }
        }
    }

    private CompletableFuture<Void> step() {
        try {
            if (namespace == ContentPath.Namespace.IPFS && current.codec() == Multicodec.DAG_PB.code()) {
                return Chain.then(directories.lookup(source, current, segments.get(taken)), entry -> {
                    enter(entry);
                    return DONE;
                });
            }
            return Chain.then(source.get(current), block -> {
                follow(block);
                return DONE;
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void enter(Optional<Cid> entry) {
        current = entry.orElseThrow(() -> PathException.noLink(segments.get(taken), current));
        taken++;
    }

    private void follow(Block block) {
        try (block) {
            IpldNode node = codecs.decode(block);
            int at = taken;
            while (!(node instanceof IpldNode.LinkValue link)) {
                if (at == segments.size()) {
                    result.complete(new Resolved(namespace, current, segments.subList(taken, at)));
                    return;
                }
                IpldNode child = NodePaths.child(node, segments.get(at));
                if (child == null) {
                    boolean keyed = node instanceof IpldNode.MapValue || node instanceof IpldNode.ListValue;
                    throw keyed && current.codec() != Multicodec.DAG_PB.code()
                            ? PathException.noKey(segments.get(at))
                            : PathException.noLink(segments.get(at), current);
                }
                node = child;
                at++;
            }
            if (at == taken && ++linkHops > PathResolver.MAX_LINK_HOPS) {
                throw new DagException("path through " + linkHops + " blocks that are nothing but a link, want at most "
                        + PathResolver.MAX_LINK_HOPS);
            }
            current = link.cid();
            taken = at;
        }
    }
}
