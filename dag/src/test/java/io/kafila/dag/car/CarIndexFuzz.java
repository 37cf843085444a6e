package io.kafila.dag.car;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Mutated and random indexes of both formats: an index that answers, or a {@link CarException}. */
class CarIndexFuzz {
    private static final int RUNS = Integer.getInteger("kafila.fuzz", 4000);
    private static final Multihash ASKED = HashFunction.SHA2_256.digest(new byte[] {3});

    @Test
    void decode_mutatedIndex_answersOrIsRefused() {
        for (CarIndex.Format format : CarIndex.Format.values()) {
            byte[] good = index(format);
            assertThat(CarIndex.decode(ByteBuffer.wrap(good)).offsets(ASKED)).containsExactly(300L);
            for (int cut = 0; cut < good.length; cut++) {
                decode(Arrays.copyOf(good, cut));
            }
            Seed.each(RUNS, random -> {
                byte[] bad = good.clone();
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    // The head holds the counts and widths, where mutations hurt most.
                    int at = random.nextInt(random.nextBoolean() ? Math.min(bad.length, 40) : bad.length);
                    bad[at] = (byte) random.nextInt();
                }
                decode(bad);
            });
        }
    }

    private static byte[] index(CarIndex.Format format) {
        CarIndexBuilder builder = new CarIndexBuilder(format);
        for (int i = 0; i < 10; i++) {
            builder.add(HashFunction.SHA2_256.digest(new byte[] {(byte) i}), 100L * i);
            builder.add(HashFunction.SHA2_512.digest(new byte[] {(byte) i}), 100L * i);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        builder.encode(piece -> {
            while (piece.hasRemaining()) {
                out.write(piece.get());
            }
        });
        return out.toByteArray();
    }

    private static void decode(byte[] bytes) {
        try {
            CarIndex index = CarIndex.decode(ByteBuffer.wrap(bytes));
            assertThat(index.size()).isBetween(0L, (long) bytes.length);
            assertThat(index.offsets(ASKED).size()).isLessThanOrEqualTo(bytes.length);
        } catch (CarException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
