package io.kafila.libp2p.internal.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.StreamException;
import io.kafila.libp2p.internal.yamux.YamuxSide.Inbox;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class YamuxSessionTest {
    private static final int WINDOW = YamuxOptions.INITIAL_WINDOW_BYTES;
    private static final long SECOND = 1_000_000_000L;

    private final YamuxSide client = new YamuxSide(true);
    private final YamuxSide server = new YamuxSide(false);

    @AfterEach
    void close() {
        client.close();
        server.close();
        assertThat(client.openBudgets + server.openBudgets)
                .as("budgets left open")
                .isZero();
        assertThat(client.reservedBytes + server.reservedBytes)
                .as("bytes left reserved")
                .isZero();
    }

    @Test
    void golden_firstFramesOfBothSides() {
        client.write(client.open(), "hi".getBytes());
        assertThat(hex(client.pull(1000)))
                .isEqualTo("00 02 0001 00000000 00000001" + " 00 00 0001 00000001 00000002 6869");
        server.receive(bytes("00 00 0001 00000001 00000002 6869"));
        assertThat(hex(server.pull(1000))).isEqualTo("00 02 0001 00000000 00000001" + " 00 01 0002 00000001 00000000");
    }

    @Test
    void open_withoutData_sendsSynAsWindowUpdate() {
        client.open();
        client.open();
        assertThat(hex(client.pull(1000)))
                .isEqualTo("00 02 0001 00000000 00000001" + " 00 01 0001 00000001 00000000"
                        + " 00 01 0001 00000003 00000000");
    }

    @Test
    void data_arrivesAndCreditReturnsOnConsumptionOnly() {
        Inbox out = client.open();
        client.write(out, new byte[WINDOW + 1000]);
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        assertThat(in.readable).isTrue();
        assertThat(out.stream.canSend()).as("window exhausted").isFalse();
        assertThat(in.take(server.nowNanos)).isEqualTo(WINDOW);
        YamuxSide.settle(client, server);
        assertThat(in.take(server.nowNanos)).isEqualTo(1000);
    }

    @Test
    void consumption_ofLessThanHalfTheWindow_sendsNoUpdate() {
        client.write(client.open(), new byte[WINDOW / 2 - 1]);
        YamuxSide.settle(client, server);
        server.accepted.get(0).take(server.nowNanos);
        assertThat(server.session.hasOutput()).isFalse();
    }

    @Test
    void streams_areServedInTurn() {
        List<Inbox> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(client.open());
            client.write(open.get(i), new byte[200_000]);
        }
        client.pull(12);
        byte[] sent = client.pull(3 * 200_000);
        List<Integer> order = new ArrayList<>();
        for (int at = 0; at < sent.length; ) {
            order.add((int) sent[at + 7]);
            at += FrameHeader.BYTES + (sent[at + 1] == 0 ? Integer.parseInt(hex(sent, at + 8, 4), 16) : 0);
        }
        assertThat(order).containsExactly(1, 3, 5);
    }

    @Test
    void window_doublesWhileHalfIsConsumedWithinFourRoundTrips_andStopsAtTheLimit() {
        Inbox out = client.open();
        YamuxSide.settle(client, server); // pings are answered, round trip below the floor
        Inbox in = server.accepted.get(0);
        for (int i = 0; i < 8; i++) {
            client.write(out, new byte[in.stream.receiveWindowBytes()]);
            YamuxSide.settle(client, server);
            while (in.stream.hasUnread()) {
                in.take(server.nowNanos);
            }
            YamuxSide.settle(client, server);
        }
        assertThat(in.stream.receiveWindowBytes()).isEqualTo(16 * 1024 * 1024);
        assertThat(server.reservedBytes).isGreaterThanOrEqualTo(16 * 1024 * 1024 - WINDOW);
    }

    @Test
    void window_ofSlowReader_doesNotGrow() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        for (int i = 0; i < 20; i++) {
            client.write(out, new byte[WINDOW]);
            YamuxSide.settle(client, server);
            server.nowNanos += SECOND;
            in.take(server.nowNanos);
        }
        assertThat(in.stream.receiveWindowBytes()).isEqualTo(WINDOW);
    }

    @Test
    void window_growthRefusedByBudget_keepsTheWindow() {
        server.budgetBytes = 3 * WINDOW;
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        for (int i = 0; i < 50; i++) {
            client.write(out, new byte[WINDOW]);
            YamuxSide.settle(client, server);
            in.take(server.nowNanos);
        }
        assertThat(in.stream.receiveWindowBytes()).isEqualTo(4 * WINDOW);
        assertThat(server.reservedBytes).isLessThanOrEqualTo(3 * WINDOW);
        assertThat(in.broken).isNull();
    }

    @Test
    void window_idle_isGivenBackAsCreditIsUsedUp() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        for (int i = 0; i < 20; i++) {
            client.write(out, new byte[WINDOW]);
            YamuxSide.settle(client, server);
            in.take(server.nowNanos);
        }
        assertThat(in.stream.receiveWindowBytes()).isGreaterThan(WINDOW);
        server.nowNanos += 61 * SECOND;
        server.session.tick(server.nowNanos);
        assertThat(in.stream.receiveWindowBytes()).isEqualTo(WINDOW);
        for (int i = 0; i < 200; i++) {
            server.nowNanos += SECOND;
            client.write(out, new byte[WINDOW]);
            YamuxSide.settle(client, server);
            in.take(server.nowNanos);
        }
        assertThat(server.reservedBytes).isZero();
    }

    @Test
    void budget_refusesToHoldData_resetsTheStreamOnly() {
        server.budgetBytes = 100;
        Inbox big = client.open();
        Inbox small = client.open();
        client.write(big, new byte[5000]);
        client.write(small, new byte[50]);
        YamuxSide.settle(client, server);
        assertThat(big.broken).hasMessage("yamux: stream 1 was reset by the peer");
        assertThat(server.accepted.get(1).take(server.nowNanos)).isEqualTo(50);
    }

    @Test
    void smallPieces_arePacked() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        for (int i = 0; i < 2000; i++) {
            client.write(out, new byte[] {(byte) i});
        }
        server.receive(client.pull(Long.MAX_VALUE));
        assertThat(server.accepted.get(0).stream.take(1 << 20, server.nowNanos))
                .hasSize(1)
                .allSatisfy(piece -> {
                    assertThat(piece.readableBytes()).isEqualTo(2000);
                    piece.release();
                });
    }

    @Test
    void closeWrite_bothSides_forgetsTheStream_unreadBytesStay() {
        Inbox out = client.open();
        client.write(out, "bye".getBytes());
        out.stream.closeWrite(cause -> {});
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        in.stream.closeWrite(cause -> {});
        YamuxSide.settle(client, server);
        assertThat(client.session.streamCount() + server.session.streamCount()).isZero();
        assertThat(out.gone && in.gone).isTrue();
        assertThat(in.stream.isInputEnded()).isFalse();
        assertThat(in.take(server.nowNanos)).isEqualTo(3);
        assertThat(in.stream.isInputEnded()).isTrue();
        assertThat(out.stream.isInputEnded()).isTrue();
    }

    @Test
    void reset_breaksTheOtherSide_andLateDataIsIgnored() {
        Inbox out = client.open();
        client.write(out, new byte[10]);
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        client.write(out, new byte[10]);
        in.stream.reset();
        byte[] late = client.pull(Long.MAX_VALUE);
        server.receive(late);
        YamuxSide.settle(client, server);
        assertThat(out.broken).hasMessage("yamux: stream 1 was reset by the peer");
        assertThat(in.broken).hasMessage("yamux: stream 1 was reset by this side");
        List<Throwable> refused = new ArrayList<>();
        out.stream.write(Unpooled.copiedBuffer(new byte[1]), refused::add);
        assertThat(refused).singleElement().isSameAs(out.broken);
    }

    @Test
    void reset_afterTheSessionIsOver_letsGoOfWhatCouldStillBeRead() {
        Inbox out = client.open();
        client.write(out, new byte[1000]);
        out.stream.closeWrite(cause -> {});
        YamuxSide.settle(client, server);
        Inbox in = server.accepted.get(0);
        server.session.fail(new IllegalStateException("lost"));
        assertThat(in.stream.brokenForReading()).isNull();
        assertThat(server.openBudgets).isEqualTo(1);
        in.stream.reset();
        assertThat(in.stream.brokenForReading()).isNotNull();
        assertThat(in.stream.hasUnread()).isFalse();
        assertThat(server.openBudgets).isZero();
    }

    @Test
    void streamsThatAreReset_whosePeerDoesNotReadIt_endTheSession() {
        for (int i = 0; i < YamuxSession.MAX_CONTROL_FRAMES; i++) {
            server.receive(bytes("00 01 0001 %08x 00000000".formatted(2 * i + 1)));
            server.accepted.get(i).stream.reset();
        }
        assertThatThrownBy(() -> server.receive(bytes("00 01 0001 00ffffff 00000000")))
                .isInstanceOf(YamuxException.class)
                .hasMessage("yamux: 1024 answers are owed to the peer, want fewer");
    }

    @Test
    void close_peerKeepsItsSideOpen_resetAfterLinger() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        out.stream.closeWrite(cause -> {});
        out.stream.discardInput();
        YamuxSide.settle(client, server);
        client.nowNanos += 29 * SECOND;
        client.session.tick(client.nowNanos);
        assertThat(client.session.streamCount()).isEqualTo(1);
        client.nowNanos += 2 * SECOND;
        client.session.tick(client.nowNanos);
        YamuxSide.settle(client, server);
        assertThat(client.session.streamCount()).isZero();
        assertThat(server.accepted.get(0).broken).isNotNull();
    }

    @Test
    void backlog_furtherStreamsWaitForAcknowledgements() {
        List<Inbox> open = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            open.add(client.open());
        }
        byte[] sent = client.pull(Long.MAX_VALUE);
        assertThat(sent).hasSize(FrameHeader.BYTES * (1 + 256));
        server.receive(sent);
        YamuxSide.settle(client, server);
        assertThat(server.accepted).hasSize(300);
        open.get(299).stream.reset();
    }

    @Test
    void streams_refusedByTheBudget_areReset() {
        server.maxStreams = 1;
        client.open();
        Inbox refused = client.open();
        YamuxSide.settle(client, server);
        assertThat(refused.broken).hasMessage("yamux: stream 3 was reset by the peer");
        assertThat(server.accepted).hasSize(1);
    }

    @Test
    void roundTrip_isMeasuredByPing() {
        server.receive(client.pull(1000));
        client.nowNanos += 40_000_000;
        client.receive(server.pull(1000));
        assertThat(client.session.roundTripNanos()).isEqualTo(40_000_000);
    }

    @Test
    void silence_afterPing_endsTheSession() {
        Inbox out = client.open();
        client.pull(1000);
        client.nowNanos += 30 * SECOND;
        assertThatThrownBy(() -> client.session.tick(client.nowNanos))
                .isInstanceOf(YamuxException.class)
                .hasMessage("yamux: no answer to a ping and nothing else for 30000 ms");
        assertThat(out.broken).isNotNull();
        assertThat(client.session.hasOutput()).isFalse();
    }

    @Test
    void anyByte_isASignOfLife() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        client.nowNanos += 30 * SECOND;
        client.session.tick(client.nowNanos);
        client.pull(1000);
        client.nowNanos += 29 * SECOND;
        server.write(server.accepted.get(0), new byte[1]);
        client.receive(server.pull(1000));
        client.nowNanos += 29 * SECOND;
        client.session.tick(client.nowNanos);
        assertThat(out.broken).isNull();
    }

    @Test
    void goAway_noNewStreams_openOnesGoOn() {
        Inbox out = client.open();
        YamuxSide.settle(client, server);
        server.session.goAway();
        YamuxSide.settle(client, server);
        assertThat(client.peerGone).isTrue();
        assertThatThrownBy(client::open)
                .isInstanceOf(StreamException.class)
                .hasMessage("yamux: no new streams, the connection is closing");
        client.write(out, new byte[7]);
        YamuxSide.settle(client, server);
        assertThat(server.accepted.get(0).take(server.nowNanos)).isEqualTo(7);
    }

    @Test
    void leave_isDrainedWhenThePeerHasReadEverything() {
        Inbox out = client.open();
        client.write(out, new byte[1000]);
        out.stream.closeWrite(cause -> {});
        client.pull(0);
        byte[] before = client.pull(Long.MAX_VALUE);
        client.session.leave(new IllegalStateException("leaving"));
        assertThat(out.broken).isNotNull();
        byte[] last = client.pull(Long.MAX_VALUE);
        server.receive(before);
        client.receive(server.pull(Long.MAX_VALUE));
        assertThat(client.drained).isFalse();
        server.receive(last);
        assertThat(server.peerGone).isTrue();
        client.receive(server.pull(Long.MAX_VALUE));
        assertThat(client.drained).isTrue();
        server.session.fail(new IllegalStateException("closed by the peer"));
        assertThat(server.accepted.get(0).take(server.nowNanos)).isEqualTo(1000);
    }

    @Test
    void goAway_withError_endsTheSession() {
        Inbox out = client.open();
        assertThatThrownBy(() -> client.receive(bytes("00 03 0000 00000000 00000002")))
                .hasMessage("yamux: peer went away with code 2");
        assertThat(out.broken)
                .hasMessage("yamux: stream 1 lost with its connection: yamux: peer went away with code 2");
        assertThat(client.session.hasOutput()).isFalse();
    }

    @Test
    void violations_sendGoAwayAndBreakEverything() {
        violation("01 00 0000 00000001 00000000", YamuxException.Kind.VERSION, "yamux: version 1, want 0");
        violation("00 04 0000 00000001 00000000", YamuxException.Kind.FRAME_TYPE, "yamux: frame type 4, want 0 to 3");
        violation(
                "00 00 0000 00000001 00000001",
                YamuxException.Kind.STREAM_ID,
                "yamux: frame for stream 1, which was never opened");
        violation(
                "00 01 0001 00000002 00000000",
                YamuxException.Kind.STREAM_ID,
                "yamux: peer opened stream 2, want an odd id");
        violation(
                "00 01 0001 00000000 00000000",
                YamuxException.Kind.STREAM_ID,
                "yamux: peer opened stream 0, want an odd id");
        violation(
                "00 01 0001 00000001 00000000 00 01 0001 00000001 00000000",
                YamuxException.Kind.STREAM_ID,
                "yamux: peer opened stream 1 twice");
        violation(
                "00 00 0001 00000001 00040001",
                YamuxException.Kind.WINDOW,
                "yamux: stream 1: frame of 262145 bytes, want at most 262144 left of its window");
        violation(
                "00 00 0005 00000001 00000000 00 00 0000 00000001 00000001",
                YamuxException.Kind.WINDOW,
                "yamux: stream 1: 1 bytes after its end, want none");
        violation(
                "00 01 0001 00000001 ffffffff",
                YamuxException.Kind.WINDOW,
                "yamux: stream 1: credit of 4294967295 bytes exceeds 32 bits in all");
        violation(
                "00 02 0001 00000000 00000007 ".repeat(YamuxSession.MAX_CONTROL_FRAMES + 1),
                YamuxException.Kind.CONTROL_FLOOD,
                "yamux: 1024 answers are owed to the peer, want fewer");
    }

    private static void violation(String frames, YamuxException.Kind kind, String message) {
        YamuxSide side = new YamuxSide(false);
        Inbox bystander = side.open();
        side.pull(Long.MAX_VALUE);
        assertThatThrownBy(() -> side.receive(bytes(frames)))
                .isInstanceOfSatisfying(YamuxException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.isViolation()).isTrue();
                })
                .hasMessage(message);
        assertThat(bystander.broken).hasMessageContaining(message);
        assertThat(hex(side.pull(Long.MAX_VALUE))).isEqualTo("00 03 0000 00000000 00000001");
        assertThat(side.session.streamCount()).isZero();
        side.close();
        assertThat(side.openBudgets).isZero();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(byte[] bytes, int at, int length) {
        return HexFormat.of().formatHex(bytes, at, at + length);
    }

    /** Frames as in the test's texts; the payload follows its header. */
    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += FrameHeader.BYTES) {
            text.append(at == 0 ? "" : " ")
                    .append(hex(bytes, at, 1))
                    .append(' ')
                    .append(hex(bytes, at + 1, 1))
                    .append(' ')
                    .append(hex(bytes, at + 2, 2))
                    .append(' ')
                    .append(hex(bytes, at + 4, 4))
                    .append(' ')
                    .append(hex(bytes, at + 8, 4));
            if (bytes[at + 1] == 0) {
                int length = Integer.parseInt(hex(bytes, at + 8, 4), 16);
                text.append(length > 0 ? " " : "").append(hex(bytes, at + 12, length));
                at += length;
            }
        }
        return text.toString();
    }
}
