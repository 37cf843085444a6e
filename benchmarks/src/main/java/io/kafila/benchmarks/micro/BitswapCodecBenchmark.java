package io.kafila.benchmarks.micro;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageDecoder;
import io.kafila.bitswap.internal.wire.MessageEncoder;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Messages of 1.2.0: written, and put together from the pieces of a stream and read. Their blocks are not hashed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BitswapCodecBenchmark {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int WANTS = 100;

    /** What a message holds. */
    public enum Shape {
        ONE_BLOCK_OF_1_MIB(1, 1 << 20, 0),
        HUNDRED_BLOCKS_OF_10_KIB(100, 10 << 10, 0),
        HUNDRED_WANTS(0, 0, WANTS);

        private final int blocks;
        private final int blockBytes;
        private final int wants;

        Shape(int blocks, int blockBytes, int wants) {
            this.blocks = blocks;
            this.blockBytes = blockBytes;
            this.wants = wants;
        }
    }

    @Param({"ONE_BLOCK_OF_1_MIB", "HUNDRED_BLOCKS_OF_10_KIB", "HUNDRED_WANTS"})
    public Shape shape = Shape.HUNDRED_WANTS;

    private final List<ByteBuffer> contents = new ArrayList<>();
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private List<WantEntry> wants = new ArrayList<>();
    private Cid.Prefix prefix;

    @Setup(Level.Trial)
    public void prepare() {
        byte[] random = Contents.random(Math.max(1, shape.blocks * shape.blockBytes));
        prefix = Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(random)).prefix();
        for (int i = 0; i < shape.blocks; i++) {
            contents.add(direct(random, i * shape.blockBytes, shape.blockBytes));
        }
        for (int i = 0; i < shape.wants; i++) {
            wants.add(WantEntry.block(
                    Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(new byte[] {(byte) i})), shape.wants - i));
        }
        try (Payload encoded = MessageEncoder.encode(message(), ProtocolVersion.V1_2)) {
            byte[] bytes = encoded.toByteArray();
            for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
                pieces.add(direct(bytes, from, Math.min(PIECE_BYTES, bytes.length - from)));
            }
        }
    }

    @Benchmark
    public int encode() {
        try (Payload encoded = MessageEncoder.encode(message(), ProtocolVersion.V1_2)) {
            return encoded.buffers().size();
        }
    }

    @Benchmark
    public int decode() {
        try (MessageAssembler assembler = new MessageAssembler()) {
            for (ByteBuffer piece : pieces) {
                assembler.take(Payload.of(piece.duplicate()));
            }
            Payload body = assembler.poll();
            if (body == null) {
                throw new IllegalStateException("bitswap message: incomplete, want it whole");
            }
            try (body;
                    Message message = MessageDecoder.decode(body)) {
                return message.blocks().size() + message.wants().size();
            }
        }
    }

    private Message message() {
        List<WireBlock> blocks = new ArrayList<>(contents.size());
        for (ByteBuffer content : contents) {
            blocks.add(new WireBlock(prefix, Payload.of(content.duplicate())));
        }
        return new Message(false, wants, blocks, List.of(), 0);
    }

    private static ByteBuffer direct(byte[] bytes, int from, int length) {
        return ByteBuffer.allocateDirect(length).put(bytes, from, length).flip();
    }
}
