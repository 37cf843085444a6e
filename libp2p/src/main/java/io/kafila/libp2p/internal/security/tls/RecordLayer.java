package io.kafila.libp2p.internal.security.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * The record protocol (RFC 8446, section 5) of a connection whose handshake is over, by BoringSSL itself: seals and opens as
 * many records as there are in one go.
 *
 * <p>It takes the connection over from the engine that shook hands, which may not wrap or unwrap any more and is kept only
 * for what it owns. Confined to the channel's event loop; whoever makes one closes it, and uses it no more then: what it
 * points to is gone.
 */
final class RecordLayer implements AutoCloseable {
    /** The most plaintext of one record. */
    static final int RECORD_BYTES = 16 * 1024;

    /** The largest piece in which plaintext is handed out. */
    static final int PIECE_BYTES = 256 * 1024;

    private static final int LEAST_PIECE_BYTES = 256;

    /** Room for what BoringSSL has to say of its own while it reads: alerts and answers to updates of keys. */
    private static final int ASIDE_BYTES = 2048;

    private final ReferenceCountedOpenSslEngine engine;
    private final long ssl;
    private final long bio;
    private final int overheadBytes;
    private boolean closed;

    /** @param engine one whose handshake is over and that has nothing left to wrap; it stays the caller's */
    RecordLayer(ReferenceCountedOpenSslEngine engine) {
        this.ssl = engine.sslPointer();
        this.overheadBytes = SSL.getMaxWrapOverhead(ssl);
        this.bio = SSL.bioNewByteBuffer(ssl, ASIDE_BYTES);
        engine.retain();
        this.engine = engine;
    }

    /**
     * The records of {@code plain}, which is borrowed; the caller owns the answer. After a failure of any kind nothing more may
     * be sealed: records may be missing.
     */
    ByteBuf seal(ByteBuf plain, ByteBufAllocator allocator) throws SSLException {
        int length = plain.readableBytes();
        int pieces = Math.max(1, plain.nioBufferCount());
        int records = length / RECORD_BYTES + pieces;
        ByteBuf sealed = allocator.directBuffer(length + records * overheadBytes + aside());
        boolean done = false;
        try {
            drainAside(sealed);
            if (pieces == 1) {
                seal(plain.internalNioBuffer(plain.readerIndex(), length), sealed, allocator);
            } else {
                for (ByteBuffer piece : plain.nioBuffers()) {
                    seal(piece, sealed, allocator);
                }
            }
            done = true;
            return sealed;
        } finally {
            if (!done) {
                sealed.release();
            }
        }
    }

    /**
     * Opens records, which may begin and end anywhere in {@code sealed}; borrows it and reads all of it.
     *
     * @param plain gets the plaintext, also what came before a failure; the caller owns it
     * @return whether the peer goes on; {@code false} once it has said that it sends no more
     * @throws SSLException if the bytes are not those of the peer; after a failure of any kind nothing more may be opened
     */
    boolean open(ByteBuf sealed, ByteBufAllocator allocator, List<ByteBuf> plain) throws SSLException {
        ByteBuf direct = direct(sealed, allocator);
        ByteBuf piece = null;
        try {
            int length = direct.readableBytes();
            SSL.bioSetByteBuffer(bio, address(direct, direct.readerIndex(), length), length, false);
            piece = allocator.directBuffer(Math.min(Math.max(length, LEAST_PIECE_BYTES), PIECE_BYTES));
            int read = read(piece);
            while (read > 0) {
                if (!piece.isWritable()) {
                    plain.add(piece);
                    piece = null;
                    // What was whole before and lies within BoringSSL, be it the rest of a record or all of it.
                    piece = allocator.directBuffer(RECORD_BYTES);
                }
                read = read(piece);
            }
            if (piece.isReadable()) {
                plain.add(piece);
                piece = null;
            }
            return goesOn(read);
        } finally {
            SSL.bioClearByteBuffer(bio);
            if (piece != null) {
                piece.release();
            }
            direct.release();
            sealed.skipBytes(sealed.readableBytes());
        }
    }

    /** What BoringSSL wants to say of its own: alerts, answers to updates of keys. Mostly empty; the caller owns it. */
    ByteBuf aside(ByteBufAllocator allocator) {
        ByteBuf aside = allocator.directBuffer(Math.max(1, aside()));
        drainAside(aside);
        return aside;
    }

    /** Whether {@link #aside(ByteBufAllocator)} would have something. */
    boolean hasAside() {
        return aside() > 0;
    }

    /** The record that tells the peer that nothing follows; the caller owns it. */
    ByteBuf closeNotify(ByteBufAllocator allocator) {
        ByteBuf sealed = allocator.directBuffer(aside() + LEAST_PIECE_BYTES);
        boolean done = false;
        try {
            drainAside(sealed);
            while (!saidClose(sealed)) {
                // Tickets, which a server sends with its first words, even if these are its last ones.
                sealed.ensureWritable(ASIDE_BYTES);
            }
            done = true;
            return sealed;
        } finally {
            SSL.clearError();
            if (!done) {
                sealed.release();
            }
        }
    }

    /** Says what fits; answers whether that was all. What the peer says to it is the peer's affair. */
    private boolean saidClose(ByteBuf sealed) {
        sink(sealed);
        int answer = SSL.shutdownSSL(ssl);
        boolean wantsRoom = answer < 0 && SSL.getError(ssl, answer) == SSL.SSL_ERROR_WANT_WRITE;
        produced(sealed);
        return !wantsRoom;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            engine.release();
        }
    }

    private void seal(ByteBuffer plain, ByteBuf sealed, ByteBufAllocator allocator) throws SSLException {
        if (!plain.isDirect()) {
            ByteBuf copy = allocator.directBuffer(plain.remaining()).writeBytes(plain);
            try {
                seal(copy.internalNioBuffer(0, copy.readableBytes()), sealed, allocator);
            } finally {
                copy.release();
            }
            return;
        }
        long address = Buffer.address(plain) + plain.position();
        int left = plain.remaining();
        while (left > 0) {
            sink(sealed);
            int written = SSL.writeToSSL(ssl, address, left);
            produced(sealed);
            if (written > 0) {
                address += written;
                left -= written;
            } else if (SSL.getError(ssl, written) == SSL.SSL_ERROR_WANT_WRITE) {
                // More was to be said than the caller's bytes; BoringSSL goes on where it was, with the same bytes.
                sealed.ensureWritable(left + left / RECORD_BYTES * overheadBytes + ASIDE_BYTES);
            } else {
                throw failure("write");
            }
        }
    }

    private int read(ByteBuf piece) {
        int room = piece.writableBytes();
        int read = SSL.readFromSSL(ssl, address(piece, piece.writerIndex(), room), room);
        if (read > 0) {
            piece.writerIndex(piece.writerIndex() + read);
        }
        return read;
    }

    private boolean goesOn(int read) throws SSLException {
        int error = SSL.getError(ssl, read);
        if (error == SSL.SSL_ERROR_WANT_READ) {
            return true;
        }
        if (error == SSL.SSL_ERROR_ZERO_RETURN) {
            return false;
        }
        throw failure("read");
    }

    private static SSLException failure(String what) {
        int error = SSL.getLastErrorNumber();
        SSL.clearError();
        return new SSLException(what + " failed: " + SSL.getErrorString(error));
    }

    private int aside() {
        return closed ? 0 : SSL.bioLengthNonApplication(bio);
    }

    private void drainAside(ByteBuf into) {
        if (aside() > 0) {
            sink(into);
            SSL.bioFlushByteBuffer(bio);
            produced(into);
        }
    }

    /** Lets BoringSSL write behind what {@code into} holds, until {@link #produced}. */
    private void sink(ByteBuf into) {
        int room = into.writableBytes();
        SSL.bioSetByteBuffer(bio, address(into, into.writerIndex(), room), room, true);
    }

    private void produced(ByteBuf into) {
        into.writerIndex(into.writerIndex() + into.writableBytes() - SSL.bioLengthByteBuffer(bio));
        SSL.bioClearByteBuffer(bio);
    }

    private static ByteBuf direct(ByteBuf bytes, ByteBufAllocator allocator) {
        if (bytes.isDirect() && bytes.nioBufferCount() == 1) {
            return bytes.retain();
        }
        return allocator
                .directBuffer(bytes.readableBytes())
                .writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    private static long address(ByteBuf bytes, int index, int length) {
        if (bytes.hasMemoryAddress()) {
            return bytes.memoryAddress() + index;
        }
        ByteBuffer view = bytes.internalNioBuffer(index, length);
        return Buffer.address(view) + view.position();
    }
}
