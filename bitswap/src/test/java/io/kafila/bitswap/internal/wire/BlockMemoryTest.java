package io.kafila.bitswap.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kafila.blockstore.WriteBuffer;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks that are received into memory of the store. */
class BlockMemoryTest {
    private static final int LEAST_BYTES = 70_000;

    /** Lends buffers for blocks from a size on, and counts those that are out. */
    private static final class Lender implements BlockMemory {
        int lent;
        int out;
        boolean exhausted;

        @Override
        public WriteBuffer forBlock(int sizeBytes) {
            if (sizeBytes < LEAST_BYTES || exhausted) {
                return null;
            }
            lent++;
            out++;
            ByteBuffer bytes = ByteBuffer.allocateDirect(sizeBytes);
            return new WriteBuffer() {
                private boolean ended;

                @Override
                public ByteBuffer bytes() {
                    return bytes;
                }

                @Override
                public Payload filled() {
                    assertThat(ended).isFalse();
                    assertThat(bytes.hasRemaining()).as("room left in it").isFalse();
                    ended = true;
                    return Payload.of(List.of(bytes.flip()), () -> out--);
                }

                @Override
                public void close() {
                    if (!ended) {
                        ended = true;
                        out--;
                    }
                }
            };
        }
    }

    private final Lender lender = new Lender();

    private static Message message(Random random) {
        List<WireBlock> blocks = new ArrayList<>();
        List<WantEntry> wants = new ArrayList<>();
        List<Presence> presences = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            byte[] data = new byte[random.nextInt(random.nextBoolean() ? 600 : 200_000)];
            random.nextBytes(data);
            Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
            switch (random.nextInt(5)) {
                case 0 -> wants.add(WantEntry.block(cid, 1));
                case 1 -> presences.add(new Presence(cid, true));
                default -> blocks.add(new WireBlock(cid.prefix(), Payload.of(data)));
            }
        }
        return new Message(random.nextBoolean(), wants, blocks, presences, random.nextInt(1000));
    }

    private static byte[] wire(Message message, Random random) {
        ProtocolVersion version = random.nextInt(4) == 0 ? ProtocolVersion.V1_0 : ProtocolVersion.V1_2;
        try (Payload bytes = MessageEncoder.encode(message, version)) {
            return bytes.toByteArray();
        }
    }

    /** What comes of bytes that arrive in pieces: the blocks of all messages, and the error that ends them. */
    private static List<Object> outcome(byte[] wire, BlockMemory memory, Random cuts) {
        List<Object> seen = new ArrayList<>();
        ByteBuffer all = ByteBuffer.wrap(wire);
        try (MessageAssembler assembler = new MessageAssembler(memory)) {
            while (all.hasRemaining()) {
                int length = Math.min(all.remaining(), 1 + cuts.nextInt(cuts.nextBoolean() ? 5 : 9000));
                assembler.take(Payload.of(all.slice(all.position(), length)));
                all.position(all.position() + length);
                for (Payload body = assembler.poll(); body != null; body = assembler.poll()) {
                    see(body, seen);
                }
                assertThat(assembler.bufferedBytes()).isLessThanOrEqualTo(WireLimits.MAX_MESSAGE_BYTES);
            }
        } catch (WireException e) {
            seen.add(e.getMessage());
        }
        return seen;
    }

    private static void see(Payload body, List<Object> seen) {
        try (body;
                Message message = MessageDecoder.decode(body)) {
            for (WireBlock block : message.blocks()) {
                seen.add(block.prefix());
                seen.add(ByteBuffer.wrap(block.data().toByteArray()));
            }
            seen.add(message.wants());
            seen.add(message.presences());
        }
    }

    @Test
    void assembler_anyMessagesAnyPieces_areTheSameWithMemoryAsWithout() {
        Seed.forAll(300, random -> {
            byte[] wire = new byte[0];
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                byte[] next = wire(message(random), random);
                byte[] joined = new byte[wire.length + next.length];
                System.arraycopy(wire, 0, joined, 0, wire.length);
                System.arraycopy(next, 0, joined, wire.length, next.length);
                wire = joined;
            }
            lender.exhausted = random.nextInt(8) == 0;

            assertThat(outcome(wire, lender, random)).isEqualTo(outcome(wire, BlockMemory.NONE, random));
            assertThat(lender.out).isZero();
        });
        assertThat(lender.lent).isPositive();
    }

    @Test
    void assembler_brokenBytes_areTheSameWithMemoryAsWithout() {
        Seed.forAll(2000, random -> {
            byte[] wire = wire(message(random), random);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                // Most of what says where a block lies is near the start.
                int at = random.nextInt(random.nextBoolean() ? Math.min(wire.length, 80) : wire.length);
                wire[at] = (byte) (random.nextBoolean() ? random.nextInt() : wire[at] ^ (1 << random.nextInt(8)));
            }

            assertThat(outcome(wire, lender, random)).isEqualTo(outcome(wire, BlockMemory.NONE, random));
            assertThat(lender.out).isZero();
        });
        assertThat(lender.lent).isPositive();
    }

    @Test
    void assembler_largeBlock_isTheLentBuffer_whichGoesBackWithIt() {
        byte[] data = new Seed(1).bytes(100_000);
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
        byte[] wire = wire(
                new Message(false, List.of(), List.of(new WireBlock(cid.prefix(), Payload.of(data))), List.of(), 0),
                new Seed(2).random());
        try (MessageAssembler assembler = new MessageAssembler(lender)) {
            assembler.take(Payload.of(ByteBuffer.wrap(wire, 0, 5000)));
            assertThat(assembler.poll()).isNull();
            assertThat(assembler.bufferedBytes()).isEqualTo(5000 - 3);
            assembler.take(Payload.of(ByteBuffer.wrap(wire, 5000, wire.length - 5000)));
            Payload body = assembler.poll();
            Message message = MessageDecoder.decode(body);
            body.close();

            WireBlock block = message.blocks().get(0);
            assertThat(block.data().buffers()).singleElement().satisfies(buffer -> {
                assertThat(buffer.isDirect()).isTrue();
                assertThat(buffer.remaining()).isEqualTo(data.length);
            });
            assertThat(block.data().toByteArray()).isEqualTo(data);
            assertThat(lender.out).isOne();
            message.close();
            assertThat(lender.out).isZero();
        }
    }

    @Test
    void assembler_endsWithinABlock_givesItsMemoryBack() {
        byte[] data = new Seed(1).bytes(100_000);
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
        byte[] wire = wire(
                new Message(false, List.of(), List.of(new WireBlock(cid.prefix(), Payload.of(data))), List.of(), 0),
                new Seed(2).random());
        MessageAssembler assembler = new MessageAssembler(lender);
        assembler.take(Payload.of(ByteBuffer.wrap(wire, 0, 50_000)));
        assertThat(assembler.poll()).isNull();
        assertThat(lender.out).isOne();

        assembler.close();

        assertThat(lender.out).isZero();
        assertThat(assembler.isEmpty()).isTrue();
    }

    @Test
    void assembler_announcedBlock_getsMemoryOnceAShareOfItIsHere() {
        byte[] data = new Seed(1).bytes(1 << 20);
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
        byte[] wire = wire(
                new Message(false, List.of(), List.of(new WireBlock(cid.prefix(), Payload.of(data))), List.of(), 0),
                new Seed(2).random());
        int share = data.length / MessageAssembler.EARNEST_SHARE;
        try (MessageAssembler assembler = new MessageAssembler(lender)) {
            // One byte at a time, which would be the cheapest way to hold a MiB.
            for (int i = 0; i < share; i++) {
                assembler.take(Payload.of(ByteBuffer.wrap(wire, i, 1)));
                assertThat(assembler.poll()).isNull();
            }
            assertThat(lender.lent).isZero();
            assembler.take(Payload.of(ByteBuffer.wrap(wire, share, 100)));
            assertThat(assembler.poll()).isNull();
            assertThat(lender.out).isOne();
            assertThat(assembler.bufferedBytes()).isEqualTo(share + 100 - 3);

            assembler.take(Payload.of(ByteBuffer.wrap(wire, share + 100, wire.length - share - 100)));
            try (Payload body = assembler.poll();
                    Message message = MessageDecoder.decode(body)) {
                Payload whole = message.blocks().get(0).data();
                assertThat(whole.buffers()).hasSize(1);
                assertThat(whole.toByteArray()).isEqualTo(data);
            }
            assertThat(lender.out).isZero();
        }
    }

    @Test
    void assembler_blockLongerThanItsMessage_getsNoMemory() {
        // A body of 16 bytes whose block claims 2 MiB.
        byte[] wire = new byte[17];
        wire[0] = 16;
        wire[1] = 0x12;
        wire[2] = (byte) 0x80;
        wire[3] = (byte) 0x80;
        wire[4] = (byte) 0x80;
        wire[5] = 1;
        try (MessageAssembler assembler = new MessageAssembler(lender)) {
            assembler.take(Payload.of(wire));
            try (Payload body = assembler.poll()) {
                assertThatThrownBy(() -> MessageDecoder.decode(body)).isInstanceOf(WireException.class);
            }
        }
        assertThat(lender.lent).isZero();
    }

    @Test
    void assembler_aMillionTinyBlocks_costNoMoreThanTheirBytes() {
        byte[] body = new byte[WireLimits.MAX_MESSAGE_BYTES - 1];
        for (int i = 0; i + 2 < body.length; i += 3) {
            body[i] = 0x12;
            body[i + 1] = 1;
        }
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            try (MessageAssembler assembler = new MessageAssembler(lender)) {
                assembler.take(Payload.of(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1}));
                for (int from = 0; from < body.length; from += 256 * 1024) {
                    // As small frames of yamux come: many buffers to a read.
                    List<ByteBuffer> buffers = new ArrayList<>();
                    int end = Math.min(body.length, from + 256 * 1024);
                    for (int at = from; at < end; at += 2048) {
                        buffers.add(ByteBuffer.wrap(body, at, Math.min(2048, end - at)));
                    }
                    assembler.take(Payload.of(buffers));
                    Payload whole = assembler.poll();
                    if (whole != null) {
                        whole.close();
                    }
                }
                assertThat(assembler.isEmpty()).isTrue();
            }
        });
        assertThat(lender.lent).isZero();
    }
}
