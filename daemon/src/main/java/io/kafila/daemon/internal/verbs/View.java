package io.kafila.daemon.internal.verbs;

import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.ContentPath;
import io.kafila.dag.Resolved;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.KafilaNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The blocks that one request may see: all, or with {@code --offline} those that are here. The caller closes it. */
final class View implements AutoCloseable {
    private static final int COPY_BYTES = 64 * 1024;

    private final KafilaNode node;
    private final BlockSource source;
    private final boolean offline;

    private View(KafilaNode node, BlockSource source, boolean offline) {
        this.node = node;
        this.source = source;
        this.offline = offline;
    }

    static View of(Request request, Environment environment) {
        return of(environment.node(), isOffline(request));
    }

    /** Whether the request asks for what is here alone. */
    static boolean isOffline(Request request) {
        return request.flag("offline") || request.flag("local");
    }

    static View of(KafilaNode node, boolean offline) {
        return new View(node, offline ? node.localSource() : node.source(), offline);
    }

    BlockSource source() {
        return source;
    }

    /** Where a path leads. */
    Resolved resolve(String path) throws InterruptedException {
        ContentPath immutable = Request.await(
                node.names().resolve(ContentPath.parse(path), ResolveOptions.DEFAULT.withNetwork(!offline)));
        return Request.await(node.dag().resolve(source, immutable));
    }

    /** The Cid at a path that ends at a block. */
    Cid root(String path) throws InterruptedException {
        Resolved resolved = resolve(path);
        if (!resolved.remainder().isEmpty()) {
            throw new CommandException("no link named \"" + resolved.remainder().get(0) + "\" under " + resolved.cid());
        }
        return resolved.cid();
    }

    /** The Cid at a path that ends at a file, a directory or a symlink. */
    Cid unixfs(String path) throws InterruptedException {
        Cid cid = root(path);
        if (cid.codec() != Multicodec.RAW.code() && cid.codec() != Multicodec.DAG_PB.code()) {
            throw new CommandException("unknown node type");
        }
        return cid;
    }

    /** Writes the bytes of a payload. */
    static void write(Payload payload, OutputStream out) throws IOException {
        if (out instanceof WritableByteChannel channel) {
            for (ByteBuffer buffer : payload.buffers()) {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            return;
        }
        byte[] copy = new byte[Math.min(COPY_BYTES, payload.size())];
        for (ByteBuffer buffer : payload.buffers()) {
            while (buffer.hasRemaining()) {
                int count = Math.min(copy.length, buffer.remaining());
                buffer.get(copy, 0, count);
                out.write(copy, 0, count);
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
