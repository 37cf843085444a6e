package io.kafila.libp2p.internal.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.internal.yamux.YamuxSide.Inbox;
import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two sessions against each other over a pipe that cuts their bytes anywhere. */
class YamuxSessionProperties {
    private static final int RUNS = Integer.getInteger("kafila.yamux.runs", 40);

    /** A direction of the pipe: what was sent and not yet delivered. */
    private static final class Wire {
        private byte[] bytes = {};

        void send(byte[] more) {
            int before = bytes.length;
            bytes = Arrays.copyOf(bytes, before + more.length);
            System.arraycopy(more, 0, bytes, before, more.length);
        }

        byte[] deliver(int most) {
            int length = Math.min(most, bytes.length);
            byte[] head = Arrays.copyOf(bytes, length);
            bytes = Arrays.copyOfRange(bytes, length, bytes.length);
            return head;
        }
    }

    private record Conversation(Inbox from, byte[] expected) {}

    @Test
    void allBytesArriveInOrder_andEverythingEnds() {
        Seed.each(RUNS, random -> {
            YamuxSide left = new YamuxSide(true);
            YamuxSide right = new YamuxSide(false);
            List<Conversation> conversations = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                YamuxSide from = random.nextBoolean() ? left : right;
                conversations.add(talk(from, random));
            }
            run(left, right, random);
            for (Conversation conversation : conversations) {
                YamuxSide to = conversation.from().stream.id() % 2 == 1 ? right : left;
                Inbox received = to.accepted.stream()
                        .filter(each ->
                                each.stream.id() == conversation.from().stream.id())
                        .findFirst()
                        .orElseThrow();
                assertThat(received.read.toByteArray()).isEqualTo(conversation.expected());
                assertThat(received.stream.isInputEnded()).isTrue();
                assertThat(received.broken).isNull();
            }
            assertThat(left.session.streamCount() + right.session.streamCount()).isZero();
            assertThat(left.openBudgets + right.openBudgets).isZero();
            assertThat(left.reservedBytes + right.reservedBytes).isZero();
            left.close();
            right.close();
        });
    }

    private static Conversation talk(YamuxSide from, Random random) {
        Inbox inbox = from.open();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int writes = random.nextInt(20); writes > 0; writes--) {
            byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 300 : 300_000)];
            random.nextBytes(bytes);
            from.write(inbox, bytes);
            all.writeBytes(bytes);
        }
        inbox.stream.closeWrite(cause -> {});
        return new Conversation(inbox, all.toByteArray());
    }

    private static void run(YamuxSide left, YamuxSide right, Random random) {
        Wire toRight = new Wire();
        Wire toLeft = new Wire();
        boolean busy = true;
        for (int step = 0; busy; step++) {
            assertThat(step).as("steps").isLessThan(100_000);
            long tick = random.nextInt(3_000_000);
            left.nowNanos += tick;
            right.nowNanos += tick;
            toRight.send(left.pull(random.nextInt(200_000)));
            toLeft.send(right.pull(random.nextInt(200_000)));
            right.receive(toRight.deliver(random.nextInt(300_000)));
            left.receive(toLeft.deliver(random.nextInt(300_000)));
            readSome(left, random);
            readSome(right, random);
            busy = left.session.streamCount() + right.session.streamCount() > 0
                    || unread(left)
                    || unread(right)
                    || toRight.bytes.length + toLeft.bytes.length > 0;
        }
    }

    private static boolean unread(YamuxSide side) {
        return side.accepted.stream().anyMatch(inbox -> inbox.stream.hasUnread());
    }

    private static void readSome(YamuxSide side, Random random) {
        for (Inbox inbox : side.accepted) {
            if (random.nextBoolean()) {
                inbox.take(side.nowNanos);
                if (inbox.stream.isInputEnded()) {
                    inbox.stream.closeWrite(cause -> {});
                }
            }
        }
    }
}
