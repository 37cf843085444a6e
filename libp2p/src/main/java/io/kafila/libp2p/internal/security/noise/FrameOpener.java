package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.kafila.libp2p.internal.security.aead.AeadException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the frames in bytes that arrive in any pieces: all frames that end in one piece go, decrypted, into one buffer.
 * Between pieces it keeps at most one unfinished frame. Confined to one thread.
 */
final class FrameOpener {
    private final AeadCipher cipher;
    private long nonce;
    private @Nullable ByteBuf unfinished;

    FrameOpener(AeadCipher cipher) {
        this.cipher = cipher;
    }

    /**
     * Reads all of {@code in}, which it borrows, and answers the plaintext of what is whole now: an owned buffer with at
     * least one byte, or {@code null}.
     *
     * @throws ConnectionException if a frame is too short or forged; nothing after it may be opened
     */
    @Nullable
    ByteBuf open(ByteBuf in, ByteBufAllocator allocator) {
        ByteBuf first = completeUnfinished(in, allocator);
        if (first == null && unfinished != null) {
            return null;
        }
        ByteBuf out = null;
        boolean done = false;
        try {
            int plainBytes = (first == null ? 0 : plainBytes(first)) + plainBytes(in);
            if (plainBytes > 0) {
                out = allocator.directBuffer(plainBytes);
            }
            if (first != null) {
                openFrames(first, out);
            }
            openFrames(in, out);
            keepUnfinished(in, allocator);
            done = true;
            return out;
        } finally {
            if (first != null) {
                first.release();
            }
            if (!done && out != null) {
                out.release();
            }
        }
    }

    void release() {
        ByteBuf kept = unfinished;
        unfinished = null;
        if (kept != null) {
            kept.release();
        }
    }

    /** Moves bytes to the unfinished frame; answers it, owned, once it is whole. */
    private @Nullable ByteBuf completeUnfinished(ByteBuf in, ByteBufAllocator allocator) {
        ByteBuf kept = unfinished;
        if (kept == null) {
            return null;
        }
        if (kept.readableBytes() < NoiseFrames.LENGTH_BYTES) {
            int missing = NoiseFrames.LENGTH_BYTES - kept.readableBytes();
            kept.writeBytes(in, Math.min(missing, in.readableBytes()));
            if (kept.readableBytes() < NoiseFrames.LENGTH_BYTES) {
                return null;
            }
            kept = grown(kept, frameBytes(kept), allocator);
            unfinished = kept;
        }
        int missing = frameBytes(kept) - kept.readableBytes();
        kept.writeBytes(in, Math.min(missing, in.readableBytes()));
        if (kept.readableBytes() < frameBytes(kept)) {
            return null;
        }
        unfinished = null;
        return kept;
    }

    private void keepUnfinished(ByteBuf in, ByteBufAllocator allocator) {
        if (in.isReadable()) {
            boolean lengthKnown = in.readableBytes() >= NoiseFrames.LENGTH_BYTES;
            ByteBuf kept = allocator.directBuffer(lengthKnown ? frameBytes(in) : NoiseFrames.LENGTH_BYTES);
            kept.writeBytes(in);
            unfinished = kept;
        }
    }

    private static ByteBuf grown(ByteBuf buffer, int capacity, ByteBufAllocator allocator) {
        ByteBuf larger = allocator.directBuffer(capacity);
        larger.writeBytes(buffer);
        buffer.release();
        return larger;
    }

    /** The size of the frame that begins at the reader index. */
    private static int frameBytes(ByteBuf in) {
        return NoiseFrames.LENGTH_BYTES + in.getUnsignedShort(in.readerIndex());
    }

    /** The plaintext in all whole frames of {@code in}. */
    private int plainBytes(ByteBuf in) {
        int total = 0;
        int index = in.readerIndex();
        while (in.writerIndex() - index >= NoiseFrames.LENGTH_BYTES) {
            int length = in.getUnsignedShort(index);
            if (length < AeadCipher.TAG_BYTES) {
                throw new ConnectionException(
                        "noise: frame of " + length + " bytes, want at least " + AeadCipher.TAG_BYTES);
            }
            index += NoiseFrames.LENGTH_BYTES + length;
            if (index > in.writerIndex()) {
                break;
            }
            total += length - AeadCipher.TAG_BYTES;
        }
        return total;
    }

    private void openFrames(ByteBuf in, @Nullable ByteBuf out) {
        while (in.readableBytes() >= NoiseFrames.LENGTH_BYTES && in.readableBytes() >= frameBytes(in)) {
            int length = in.readUnsignedShort();
            openFrame(in, length, out);
            in.skipBytes(length);
        }
    }

    private void openFrame(ByteBuf in, int length, @Nullable ByteBuf out) {
        if (nonce < 0) {
            throw new ConnectionException("noise: no nonce is left");
        }
        int plain = length - AeadCipher.TAG_BYTES;
        ByteBuffer target = out == null ? ByteBuffer.allocate(0) : out.nioBuffer(out.writerIndex(), plain);
        try {
            cipher.open(nonce++, NoiseFrames.NO_ASSOCIATED_DATA, in.nioBuffer(in.readerIndex(), length), target);
            if (out != null) {
                out.writerIndex(out.writerIndex() + plain);
            }
        } catch (AeadException e) {
            throw new ConnectionException("noise: frame does not decrypt: " + e.getMessage(), e);
        }
    }
}
