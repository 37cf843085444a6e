package io.kafila.libp2p.internal.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.kafila.libp2p.internal.yamux.YamuxSide.Inbox;
import io.kafila.testkit.Seed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a stranger may send: cut, damaged, and random bytes. Nothing but {@link YamuxException} comes out; nothing is kept. */
class YamuxSessionFuzz {
    private static final int RUNS = Integer.getInteger("kafila.yamux.runs", 300);

    @Test
    void truncation_atEveryByte_waitsForMore() {
        YamuxSide client = new YamuxSide(true);
        Inbox out = client.open();
        client.write(out, new byte[100]);
        out.stream.closeWrite(cause -> {});
        client.session.goAway();
        byte[] conversation = client.pull(Long.MAX_VALUE);
        for (int cut = 0; cut <= conversation.length; cut++) {
            YamuxSide server = new YamuxSide(false);
            server.receive(Arrays.copyOf(conversation, cut));
            server.receive(Arrays.copyOfRange(conversation, cut, conversation.length));
            assertThat(server.accepted.get(0).take(server.nowNanos))
                    .as("cut at %d", cut)
                    .isEqualTo(100);
            assertThat(server.accepted.get(0).stream.isInputEnded()).isTrue();
            server.close();
        }
        client.close();
    }

    @Test
    void damagedConversation_endsInAYamuxExceptionOrNot_butHoldsNothing() {
        Seed.each(RUNS, random -> {
            YamuxSide client = new YamuxSide(true);
            for (int i = 0; i < 5; i++) {
                Inbox out = client.open();
                client.write(out, new byte[random.nextInt(2000)]);
                if (random.nextBoolean()) {
                    out.stream.closeWrite(cause -> {});
                }
            }
            byte[] conversation = client.pull(Long.MAX_VALUE);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                conversation[random.nextInt(conversation.length)] ^= (byte) (1 << random.nextInt(8));
            }
            feed(conversation, random);
            client.close();
        });
    }

    @Test
    void framesWithRandomFields_neverBreakTheInvariants() {
        Seed.each(RUNS, random -> {
            byte[] frames = new byte[FrameHeader.BYTES * 200];
            for (int at = 0; at < frames.length; at += FrameHeader.BYTES) {
                frames[at + 1] = (byte) random.nextInt(4);
                frames[at + 3] = (byte) random.nextInt(16);
                frames[at + 7] = (byte) random.nextInt(8);
                frames[at + 11] = (byte) random.nextInt(40);
            }
            feed(frames, random);
        });
    }

    @Test
    void randomBytes_neverBreakTheInvariants() {
        Seed.each(RUNS, random -> {
            byte[] bytes = new byte[1 + random.nextInt(2000)];
            random.nextBytes(bytes);
            bytes[0] = 0; // the right version, or every run would end at once
            feed(bytes, random);
        });
    }

    private static void feed(byte[] bytes, Random random) {
        YamuxSide server = new YamuxSide(false);
        server.open();
        assertThatCode(() -> {
                    try {
                        for (int at = 0; at < bytes.length; ) {
                            int next = Math.min(bytes.length, at + 1 + random.nextInt(500));
                            server.receive(Arrays.copyOfRange(bytes, at, next));
                            at = next;
                            if (random.nextBoolean()) {
                                server.pull(1000);
                            }
                            for (Inbox inbox : server.accepted) {
                                act(inbox, server, random);
                            }
                        }
                    } catch (YamuxException expected) {
                        assertThat(server.session.streamCount()).isZero();
                    }
                })
                .doesNotThrowAnyException();
        server.pull(Long.MAX_VALUE);
        server.close();
        assertThat(server.openBudgets).isZero();
        assertThat(server.reservedBytes).isZero();
    }

    private static void act(Inbox inbox, YamuxSide server, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> inbox.take(server.nowNanos);
            case 1 -> inbox.stream.reset();
            case 2 -> inbox.stream.closeWrite(cause -> {});
            case 3 -> inbox.stream.discardInput();
            case 4 -> server.write(inbox, new byte[100]);
            default -> {
                // leaves it alone
            }
        }
    }
}
