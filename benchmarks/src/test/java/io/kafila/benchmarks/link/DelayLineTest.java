package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DelayLineTest {
    private static final int MAX = 1000;

    @Test
    void empty_isNeverDue() {
        assertThat(new DelayLine(10_000, MAX).due()).isEqualTo(DelayLine.NEVER);
    }

    @Test
    void full_hasNoSlot_untilOneIsRemoved() {
        DelayLine line = new DelayLine(10_000, MAX);
        int packets = 0;
        while (put(line, MAX, packets)) {
            packets++;
        }
        assertThat(packets).isBetween(8, 9);
        for (int i = 0; i < 2; i++) {
            assertThat(line.due()).isEqualTo(i);
            line.remove();
        }
        assertThat(put(line, MAX, packets)).isTrue();
    }

    @Test
    void slot_thatIsNotPut_isGivenAgain() {
        DelayLine line = new DelayLine(10_000, MAX);
        ByteBuffer slot = line.slot();
        assertThat(slot).isNotNull();
        slot.putInt(1);
        assertThat(line.due()).isEqualTo(DelayLine.NEVER);
        put(line, 4, 9);
        assertThat(line.head().getInt()).isEqualTo(9);
    }

    @Test
    void packets_ofAllSizes_comeOutInOrderAndWhole() {
        SplittableRandom random = new SplittableRandom(11);
        DelayLine line = new DelayLine(7_777, MAX);
        Deque<int[]> expected = new ArrayDeque<>();
        int next = 0;
        for (int step = 0; step < 100_000; step++) {
            int length = 4 + random.nextInt(MAX - 3);
            if (random.nextInt(3) > 0 && put(line, length, next)) {
                expected.add(new int[] {next++, length});
            } else if (!expected.isEmpty()) {
                check(line, expected.remove());
            }
        }
        while (!expected.isEmpty()) {
            check(line, expected.remove());
        }
        assertThat(line.due()).isEqualTo(DelayLine.NEVER);
    }

    @Test
    void twoThreads_passEverythingOn() {
        int packets = 200_000;
        DelayLine line = new DelayLine(50_000, MAX);
        CompletableFuture<Void> taker = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < packets; i++) {
                while (line.due() == DelayLine.NEVER) {
                    Thread.onSpinWait();
                }
                check(line, new int[] {i, 4 + i % (MAX - 4)});
            }
        });
        for (int i = 0; i < packets; i++) {
            while (!put(line, 4 + i % (MAX - 4), i)) {
                if (taker.isDone()) {
                    break;
                }
                Thread.onSpinWait();
            }
        }
        taker.join();
        assertThat(line.due()).isEqualTo(DelayLine.NEVER);
    }

    private static boolean put(DelayLine line, int length, int number) {
        ByteBuffer slot = line.slot();
        if (slot == null) {
            return false;
        }
        int start = slot.position();
        slot.putInt(number);
        slot.position(start + length);
        line.put(number);
        return true;
    }

    private static void check(DelayLine line, int[] packet) {
        assertThat(line.due()).isEqualTo(packet[0]);
        ByteBuffer head = line.head();
        assertThat(head.remaining()).isEqualTo(packet[1]);
        assertThat(head.getInt()).isEqualTo(packet[0]);
        line.remove();
    }
}
