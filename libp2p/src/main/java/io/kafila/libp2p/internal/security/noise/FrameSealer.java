package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Seals plaintext into frames, many to a buffer.
 *
 * <p>A large piece is sealed from where it lies; small pieces, such as the headers of a muxer, are gathered in the output and
 * sealed there, because a frame costs more than the copy of a few bytes. Confined to one thread.
 */
final class FrameSealer {
    /** Pieces from this size on are sealed without copying. */
    static final int GATHER_BELOW_BYTES = 4096;

    /** One output buffer holds at most this much: 15 full frames, what the pooled allocator still pools. */
    static final int MAX_OUTPUT_BYTES = 15 * (NoiseFrames.LENGTH_BYTES + NoiseFrames.MAX_MESSAGE_BYTES);

    private final AeadCipher cipher;
    private long nonce;

    FrameSealer(AeadCipher cipher) {
        this.cipher = cipher;
    }

    /** Seals {@code plain}, which it borrows and reads to the end, and hands the frames over in one or more owned buffers. */
    void seal(Collection<ByteBuf> plain, ByteBufAllocator allocator, Consumer<ByteBuf> output) {
        Run run = new Run(plain, allocator, output);
        boolean done = false;
        try {
            for (ByteBuf buffer : plain) {
                run.add(buffer);
            }
            run.finish();
            done = true;
        } finally {
            if (!done) {
                run.release();
            }
        }
    }

    /** One call of {@link #seal}. */
    private final class Run {
        private final ByteBufAllocator allocator;
        private final Consumer<ByteBuf> output;
        private long leftBytes;
        private int leftPieces;
        private @Nullable ByteBuf out;
        private int gathered;

        Run(Collection<ByteBuf> plain, ByteBufAllocator allocator, Consumer<ByteBuf> output) {
            this.allocator = allocator;
            this.output = output;
            for (ByteBuf buffer : plain) {
                leftBytes += buffer.readableBytes();
                leftPieces += buffer.nioBufferCount();
            }
        }

        void add(ByteBuf buffer) {
            int length = buffer.readableBytes();
            if (buffer.nioBufferCount() == 1) {
                add(buffer.nioBuffer());
            } else {
                for (ByteBuffer piece : buffer.nioBuffers()) {
                    add(piece);
                }
            }
            buffer.skipBytes(length);
        }

        private void add(ByteBuffer piece) {
            leftPieces--;
            while (piece.hasRemaining()) {
                boolean large = piece.remaining() >= GATHER_BELOW_BYTES;
                if (gathered == NoiseFrames.MAX_PLAINTEXT_BYTES || (large && gathered > 0)) {
                    sealGathered();
                } else if (large) {
                    sealFrom(piece);
                } else {
                    gather(piece);
                }
            }
        }

        private void sealFrom(ByteBuffer piece) {
            int length = Math.min(piece.remaining(), NoiseFrames.MAX_PLAINTEXT_BYTES);
            ByteBuf target = room(length);
            ByteBuffer part = piece.duplicate().limit(piece.position() + length);
            sealInto(target, part, length);
            piece.position(piece.position() + length);
            leftBytes -= length;
        }

        private void gather(ByteBuffer piece) {
            int length = Math.min(piece.remaining(), NoiseFrames.MAX_PLAINTEXT_BYTES - gathered);
            ByteBuf target = room(length);
            ByteBuffer part = piece.duplicate().limit(piece.position() + length);
            target.setBytes(target.writerIndex() + NoiseFrames.LENGTH_BYTES + gathered, part);
            piece.position(piece.position() + length);
            gathered += length;
            leftBytes -= length;
        }

        private void sealGathered() {
            ByteBuf target = out;
            if (gathered == 0 || target == null) {
                return;
            }
            int length = gathered;
            gathered = 0;
            sealInto(target, target.nioBuffer(target.writerIndex() + NoiseFrames.LENGTH_BYTES, length), length);
        }

        private void sealInto(ByteBuf target, ByteBuffer plain, int length) {
            if (nonce < 0) {
                throw new IllegalStateException("noise: no nonce is left");
            }
            int sealed = length + AeadCipher.TAG_BYTES;
            int start = target.writerIndex();
            target.setShort(start, sealed);
            cipher.seal(
                    nonce++,
                    NoiseFrames.NO_ASSOCIATED_DATA,
                    plain,
                    target.nioBuffer(start + NoiseFrames.LENGTH_BYTES, sealed));
            target.writerIndex(start + NoiseFrames.LENGTH_BYTES + sealed);
        }

        /** The output, with room for {@code length} more bytes of plaintext in the current frame. */
        private ByteBuf room(int length) {
            ByteBuf target = out;
            if (target != null && target.writableBytes() < NoiseFrames.OVERHEAD_BYTES + gathered + length) {
                finish();
                target = null;
            }
            if (target == null) {
                long frames = leftBytes / NoiseFrames.MAX_PLAINTEXT_BYTES + 2L * leftPieces + 2;
                long estimate = leftBytes + NoiseFrames.OVERHEAD_BYTES * frames;
                target = allocator.directBuffer((int)
                        Math.max(Math.min(estimate, MAX_OUTPUT_BYTES), NoiseFrames.OVERHEAD_BYTES + (long) length));
                out = target;
            }
            return target;
        }

        void finish() {
            sealGathered();
            ByteBuf target = out;
            out = null;
            if (target != null) {
                output.accept(target);
            }
        }

        void release() {
            ByteBuf target = out;
            out = null;
            if (target != null) {
                target.release();
            }
        }
    }
}
