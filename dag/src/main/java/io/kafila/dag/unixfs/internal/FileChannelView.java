package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.DirectReads.Patience;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A file as a blocking channel that can be positioned. Guarded by itself. */
public final class FileChannelView implements SeekableByteChannel {
    /** Opens a cursor on a range, with a budget for what is asked for ahead at first. */
    @FunctionalInterface
    public interface Opener {
        Cursor<Payload> open(long from, long to, long firstAheadBytes);
    }

    /**
     * What is asked for beyond a read that went on where the last one ended, in bytes: it doubles as long as reads do so. A
     * read at a new place asks for what it needs, all at once, and for nothing else.
     */
    private static final long FIRST_AHEAD_BYTES = 256 * 1024;

    /** Reads in order of less than this are served from the block that the cursor has. */
    private static final int LEAST_DIRECT_BYTES = 64 * 1024;

    /** From here on what is on disk is asked for all at once, not one leaf after the other. */
    private static final int LONG_READ_BYTES = 4 * 1024 * 1024;

    private final long sizeBytes;
    private final Opener opener;
    private final DirectFile direct;
    private long position;
    /** Where the last read ended; none did at first. */
    private long lastEnd = -1;

    private boolean open = true;

    private @Nullable Cursor<Payload> cursor;
    private long cursorAt;
    private long cursorTo;
    private final Deque<ByteBuffer> views = new ArrayDeque<>();
    private @Nullable Payload held;

    public FileChannelView(long sizeBytes, Opener opener, DirectFile direct) {
        this.sizeBytes = sizeBytes;
        this.opener = opener;
        this.direct = direct;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (position >= sizeBytes) {
            return -1;
        }
        int before = target.remaining();
        boolean inOrder = position == lastEnd;
        while (target.hasRemaining() && position < sizeBytes) {
            if (readDirectly(target, inOrder, before)) {
                continue;
            }
            ByteBuffer view = currentView(target.remaining(), inOrder);
            int length = Math.min(view.remaining(), target.remaining());
            target.put(view.slice(view.position(), length));
            view.position(view.position() + length);
            position += length;
            cursorAt += length;
        }
        lastEnd = position;
        return before - target.remaining();
    }

    /** Copies what is at hand, unless it is on its way already. A short read at a new place may wait for the disk. */
    private boolean readDirectly(ByteBuffer target, boolean inOrder, int wanted) throws IOException {
        if (cursor != null && cursorAt == position && position < cursorTo) {
            return false;
        }
        if (inOrder && wanted < LEAST_DIRECT_BYTES) {
            return false;
        }
        int length;
        try {
            length = direct.read(
                    position, target, inOrder || wanted > LONG_READ_BYTES ? Patience.MEMORY : Patience.DISK);
        } catch (BlockstoreException e) {
            if (e.getCause() instanceof ClosedByInterruptException interrupted) {
                close();
                throw interrupted;
            }
            throw new IOException(e.getMessage(), e);
        }
        if (length == 0) {
            return false;
        }
        giveUp();
        position += length;
        return true;
    }

    private ByteBuffer currentView(int wantedBytes, boolean inOrder) throws IOException {
        Cursor<Payload> current = cursor;
        if (current == null || cursorAt != position) {
            current = inOrder
                    ? openAhead(wantedBytes)
                    : open(Math.min(sizeBytes, position + wantedBytes), Long.MAX_VALUE);
        } else if (position == cursorTo) {
            current = openAhead(wantedBytes);
        }
        while (true) {
            ByteBuffer view = views.peek();
            if (view != null && view.hasRemaining()) {
                return view;
            }
            if (view != null) {
                views.remove();
                continue;
            }
            letGo();
            List<Payload> next = await(current);
            if (next.isEmpty()) {
                throw new IOException("file ends at " + cursorAt + ", want " + sizeBytes + " bytes");
            }
            held = next.get(0);
            views.addAll(held.buffers());
        }
    }

    private Cursor<Payload> openAhead(int wantedBytes) {
        return open(sizeBytes, Math.max(FIRST_AHEAD_BYTES, wantedBytes));
    }

    private Cursor<Payload> open(long to, long firstAheadBytes) {
        giveUp();
        Cursor<Payload> opened = opener.open(position, to, firstAheadBytes);
        cursor = opened;
        cursorAt = position;
        cursorTo = to;
        return opened;
    }

    private List<Payload> await(Cursor<Payload> from) throws IOException {
        try {
            return from.next(1).get();
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            ClosedByInterruptException closed = new ClosedByInterruptException();
            closed.initCause(e);
            throw closed;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()), cause);
        }
    }

    private void letGo() {
        views.clear();
        if (held != null) {
            held.close();
            held = null;
        }
    }

    private void giveUp() {
        letGo();
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public synchronized long position() throws IOException {
        requireOpen();
        return position;
    }

    /** Costs nothing; a read elsewhere withdraws what was asked for ahead. */
    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition + ", want at least 0");
        }
        position = newPosition;
        return this;
    }

    @Override
    public synchronized long size() throws IOException {
        requireOpen();
        return sizeBytes;
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
        giveUp();
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
