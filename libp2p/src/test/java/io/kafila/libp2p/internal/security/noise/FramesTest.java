package io.kafila.libp2p.internal.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The frame sealer against the frame opener. */
class FramesTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final AeadSuite SUITE = AeadSuite.fastest();

    private final byte[] key = new Seed(7).bytes(AeadCipher.KEY_BYTES);
    private final FrameSealer sealer = new FrameSealer(SUITE.sealer(key));
    private final FrameOpener opener = new FrameOpener(SUITE.opener(key));

    private static List<ByteBuf> seal(FrameSealer sealer, List<ByteBuf> plain) {
        List<ByteBuf> sealed = new ArrayList<>();
        sealer.seal(plain, ALLOCATOR, sealed::add);
        plain.forEach(buffer -> {
            assertThat(buffer.isReadable()).isFalse();
            assertThat(buffer.release()).isTrue();
        });
        return sealed;
    }

    private static byte[] joined(List<ByteBuf> buffers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuf buffer : buffers) {
            out.writeBytes(ByteBufUtil.getBytes(buffer));
            buffer.release();
        }
        return out.toByteArray();
    }

    private static List<Integer> frameLengths(byte[] sealed) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < sealed.length; ) {
            int length = (sealed[i] & 0xff) << 8 | sealed[i + 1] & 0xff;
            lengths.add(length);
            i += 2 + length;
        }
        return lengths;
    }

    private static byte[] open(FrameOpener opener, byte[] sealed, Random random, int largestPiece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < sealed.length) {
            int length = Math.min(sealed.length - at, 1 + random.nextInt(largestPiece));
            ByteBuf in = ALLOCATOR.directBuffer(length).writeBytes(sealed, at, length);
            ByteBuf plain = opener.open(in, ALLOCATOR);
            assertThat(in.isReadable()).isFalse();
            in.release();
            if (plain != null) {
                assertThat(plain.isReadable()).isTrue();
                out.writeBytes(ByteBufUtil.getBytes(plain));
                plain.release();
            }
            at += length;
        }
        return out.toByteArray();
    }

    @Test
    void seal_headersBetweenLargePieces_gathersHeadersAndSealsPiecesWhereTheyLie() {
        byte[] payload = new Seed(1).bytes(200_000);
        List<ByteBuf> plain = List.of(
                ALLOCATOR.directBuffer().writeBytes(new byte[12]),
                ALLOCATOR.directBuffer().writeBytes(new byte[30]),
                ALLOCATOR.directBuffer(payload.length).writeBytes(payload),
                ALLOCATOR.directBuffer().writeBytes(new byte[12]));

        List<ByteBuf> sealed = seal(sealer, plain);

        assertThat(sealed).hasSize(1);
        byte[] bytes = joined(sealed);
        assertThat(frameLengths(bytes))
                .containsExactly(42 + 16, 65_535, 65_535, 65_535, 200_000 - 3 * 65_519 + 12 + 16);
        byte[] opened = open(opener, bytes, new Seed(1).random(), 100_000);
        assertThat(opened).hasSize(200_054).startsWith(new byte[42]).endsWith(new byte[12]);
    }

    @Test
    void seal_manyMegabytes_outputsStayWithinTheirBound() {
        byte[] payload = new Seed(2).bytes(5_000_000);
        List<ByteBuf> sealed =
                seal(sealer, List.of(ALLOCATOR.directBuffer(payload.length).writeBytes(payload)));

        assertThat(sealed).hasSize(6);
        assertThat(sealed).allSatisfy(buffer -> {
            assertThat(buffer.capacity()).isLessThanOrEqualTo(FrameSealer.MAX_OUTPUT_BYTES);
            assertThat(buffer.isDirect()).isTrue();
        });
        assertThat(open(opener, joined(sealed), new Seed(2).random(), 300_000)).isEqualTo(payload);
    }

    @Test
    void sealOpen_anyPieces_roundTrips() {
        Seed.each(40, random -> {
            FrameSealer some = new FrameSealer(SUITE.sealer(key));
            FrameOpener other = new FrameOpener(SUITE.opener(key));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            for (int flush = 0; flush < 4; flush++) {
                List<ByteBuf> plain = new ArrayList<>();
                for (int i = random.nextInt(6); i > 0; i--) {
                    plain.add(piece(random, expected));
                }
                sealed.writeBytes(joined(seal(some, plain)));
            }
            byte[] opened = open(other, sealed.toByteArray(), random, 1 + random.nextInt(90_000));
            assertThat(opened).isEqualTo(expected.toByteArray());
        });
    }

    private static ByteBuf piece(Random random, ByteArrayOutputStream expected) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(150_000) : random.nextInt(9000)];
        random.nextBytes(bytes);
        expected.writeBytes(bytes);
        return switch (random.nextInt(3)) {
            case 0 -> ALLOCATOR.directBuffer(bytes.length + 1).writeBytes(bytes);
            case 1 -> Unpooled.copiedBuffer(bytes);
            default -> {
                CompositeByteBuf composite = ALLOCATOR.compositeDirectBuffer();
                int cut = bytes.length / 3;
                composite.addComponent(true, Unpooled.copiedBuffer(bytes, 0, cut));
                composite.addComponent(true, Unpooled.copiedBuffer(bytes, cut, bytes.length - cut));
                yield composite;
            }
        };
    }

    @Test
    void open_emptyFrame_givesNothingAndGoesOn() {
        byte[] empty = new byte[18];
        empty[1] = 16;
        AeadCipher raw = SUITE.sealer(key);
        raw.seal(0, new byte[0], ByteBuffer.allocate(0), ByteBuffer.wrap(empty, 2, 16));
        assertThat(opener.open(Unpooled.wrappedBuffer(empty), ALLOCATOR)).isNull();
        byte[] next = new byte[19];
        next[1] = 17;
        raw.seal(1, new byte[0], ByteBuffer.wrap(new byte[] {5}), ByteBuffer.wrap(next, 2, 17));

        ByteBuf plain = opener.open(Unpooled.wrappedBuffer(next), ALLOCATOR);

        assertThat(plain).isNotNull();
        assertThat(ByteBufUtil.getBytes(plain)).containsExactly(5);
        plain.release();
    }

    @Test
    void open_frameShorterThanATag_refused() {
        assertThatThrownBy(() -> opener.open(Unpooled.wrappedBuffer(new byte[] {0, 15}), ALLOCATOR))
                .isInstanceOf(ConnectionException.class)
                .hasMessage("noise: frame of 15 bytes, want at least 16");
    }

    @Test
    void open_forgedOrRepeatedFrame_refused() {
        byte[] frame = joined(seal(sealer, List.of(Unpooled.copiedBuffer(new byte[100]))));
        byte[] forged = frame.clone();
        forged[50] ^= 1;
        assertThatThrownBy(() -> new FrameOpener(SUITE.opener(key)).open(Unpooled.wrappedBuffer(forged), ALLOCATOR))
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("does not decrypt");
        byte[] twice = joined(List.of(Unpooled.copiedBuffer(frame), Unpooled.copiedBuffer(frame)));
        assertThatThrownBy(() -> opener.open(Unpooled.wrappedBuffer(twice), ALLOCATOR))
                .isInstanceOf(ConnectionException.class);
    }

    @Test
    void open_hostileBytes_failsOnlyAsDeclared() {
        Seed.each(500, random -> {
            byte[] noise = new byte[1 + random.nextInt(300)];
            random.nextBytes(noise);
            noise[0] = 0;
            FrameOpener victim = new FrameOpener(SUITE.opener(key));
            ByteBuf in = Unpooled.wrappedBuffer(noise);
            try {
                assertThat(victim.open(in, ALLOCATOR)).isNull();
            } catch (ConnectionException e) {
                assertThat(e.getMessage()).startsWith("noise: frame");
            } finally {
                victim.release();
            }
        });
    }
}
