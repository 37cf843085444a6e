package io.kafila.libp2p.internal.multistream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and mutated conversations, in any pieces: an agreement, a wait for more, or a {@link MultistreamException}. */
class MultistreamNegotiationFuzz {
    private static final int RUNS = Integer.getInteger("kafila.fuzz", 4000);
    private static final List<String> PROTOCOLS = List.of("/a/1.0.0", "/b/2.0.0");

    @Test
    void receive_anything_endsAsDeclared_andSaysLittle() {
        Seed.each(RUNS, random -> {
            MultistreamNegotiation negotiation = switch (random.nextInt(3)) {
                case 0 -> MultistreamNegotiation.initiator(PROTOCOLS);
                case 1 -> MultistreamNegotiation.optimistic("/a/1.0.0");
                default -> MultistreamNegotiation.responder(PROTOCOLS);
            };
            byte[] bytes = conversation(random);
            int said = output(negotiation);
            int at = 0;
            try {
                while (at < bytes.length && !negotiation.isDone()) {
                    ByteBuf piece =
                            Unpooled.wrappedBuffer(bytes, at, Math.min(bytes.length - at, 1 + random.nextInt(40)));
                    int size = piece.readableBytes();
                    negotiation.receive(piece);
                    assertThat(piece.isReadable()).isEqualTo(negotiation.isDone() && piece.isReadable());
                    at += size - piece.readableBytes();
                    said += output(negotiation);
                }
                if (negotiation.isDone()) {
                    assertThat(PROTOCOLS).contains(negotiation.protocol());
                } else {
                    negotiation.receiveEnd();
                }
            } catch (MultistreamException refused) {
                assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(300);
                assertThat(negotiation.isAgreed()).isFalse();
            }
            assertThat(said + output(negotiation)).isLessThan(4096);
        });
    }

    private static int output(MultistreamNegotiation negotiation) {
        ByteBuf out = negotiation.takeOutput(UnpooledByteBufAllocator.DEFAULT);
        int size = out.readableBytes();
        out.release();
        return size;
    }

    private static byte[] conversation(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String[] tokens = {"/multistream/1.0.0", "na", "ls", "/a/1.0.0", "/b/2.0.0", "/c", "", "x".repeat(1100)};
        if (random.nextInt(4) > 0) {
            token(bytes, tokens[0]);
        }
        for (int i = random.nextInt(50); i > 0; i--) {
            token(bytes, tokens[1 + random.nextInt(random.nextInt(8) == 0 ? 7 : 2)]);
        }
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        bytes.writeBytes(noise);
        byte[] all = bytes.toByteArray();
        for (int flips = random.nextInt(3); flips > 0 && all.length > 0; flips--) {
            all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return all;
    }

    private static void token(ByteArrayOutputStream out, String text) {
        byte[] token = (text + "\n").getBytes(StandardCharsets.US_ASCII);
        if (token.length > 127) {
            out.write(token.length & 0x7f | 0x80);
            out.write(token.length >> 7);
        } else {
            out.write(token.length);
        }
        out.writeBytes(token);
    }
}
