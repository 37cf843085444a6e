package io.kafila.libp2p.internal.multistream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.multistream.MultistreamException.Kind;
import io.kafila.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MultistreamNegotiationTest {
    private static final String HEADER_LINE = "\u0013/multistream/1.0.0\n";

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String output(MultistreamNegotiation side) {
        ByteBuf out = side.takeOutput(UnpooledByteBufAllocator.DEFAULT);
        try {
            return out.toString(StandardCharsets.ISO_8859_1);
        } finally {
            out.release();
        }
    }

    private static void talk(MultistreamNegotiation a, MultistreamNegotiation b) {
        while (a.hasOutput() || b.hasOutput()) {
            b.receive(bytes(output(a)));
            a.receive(bytes(output(b)));
        }
    }

    @Test
    void initiator_start_pipelinesHeaderAndFirstProposal() {
        MultistreamNegotiation side = MultistreamNegotiation.initiator(List.of("/noise", "/tls/1.0.0"));

        assertThat(output(side)).isEqualTo(HEADER_LINE + "\u0007/noise\n");
        assertThat(side.isAgreed()).isFalse();
        assertThat(side.hasOutput()).isFalse();
    }

    @Test
    void initiator_peerTakesSecondProposal_leavesProtocolBytes() {
        MultistreamNegotiation side = MultistreamNegotiation.initiator(List.of("/noise", "/tls/1.0.0"));
        output(side);

        side.receive(bytes(HEADER_LINE + "\u0003na\n"));
        assertThat(output(side)).isEqualTo("\u000b/tls/1.0.0\n");
        ByteBuf in = bytes("\u000b/tls/1.0.0\nXYZ");
        side.receive(in);

        assertThat(side.isDone()).isTrue();
        assertThat(side.protocol()).isEqualTo("/tls/1.0.0");
        assertThat(in.toString(StandardCharsets.UTF_8)).isEqualTo("XYZ");
    }

    @Test
    void initiator_peerTakesNone_notSupported() {
        MultistreamNegotiation side = MultistreamNegotiation.initiator(List.of("/a", "/b"));

        assertThatThrownBy(() -> side.receive(bytes(HEADER_LINE + "\u0003na\n\u0003na\n")))
                .isInstanceOfSatisfying(
                        MultistreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SUPPORTED))
                .hasMessage("multistream: protocols not supported: [/a, /b]");
        assertThat(side.isDone()).isFalse();
        assertThatThrownBy(side::protocol).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void optimistic_beforeAnswer_agreed() {
        MultistreamNegotiation side = MultistreamNegotiation.optimistic("/ipfs/bitswap/1.2.0");

        assertThat(side.isAgreed()).isTrue();
        assertThat(side.isDone()).isFalse();
        assertThat(side.protocol()).isEqualTo("/ipfs/bitswap/1.2.0");
        assertThat(output(side)).isEqualTo(HEADER_LINE + "\u0014/ipfs/bitswap/1.2.0\n");
    }

    @Test
    void optimistic_peerRefuses_notSupported() {
        MultistreamNegotiation side = MultistreamNegotiation.optimistic("/x");

        assertThatThrownBy(() -> side.receive(bytes(HEADER_LINE + "\u0003na\n")))
                .isInstanceOfSatisfying(
                        MultistreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_SUPPORTED));
        assertThat(side.isAgreed()).isFalse();
    }

    @Test
    void responder_knownProposal_answersInOneOutput() {
        MultistreamNegotiation side = MultistreamNegotiation.responder(List.of("/noise"));
        assertThat(side.hasOutput()).isFalse();
        ByteBuf in = bytes(HEADER_LINE + "\u0007/noise\nrest");

        side.receive(in);

        assertThat(output(side)).isEqualTo(HEADER_LINE + "\u0007/noise\n");
        assertThat(side.protocol()).isEqualTo("/noise");
        assertThat(in.toString(StandardCharsets.UTF_8)).isEqualTo("rest");
    }

    @Test
    void responder_ls_answersNestedList() {
        MultistreamNegotiation side = MultistreamNegotiation.responder(List.of("/a", "/bc"));

        side.receive(bytes(HEADER_LINE + "\u0003ls\n"));

        assertThat(output(side)).isEqualTo(HEADER_LINE + "\n\u0003/a\n\u0004/bc\n\n");
        side.receive(bytes("\u0004/bc\n"));
        assertThat(side.protocol()).isEqualTo("/bc");
    }

    @Test
    void responder_lsOfMany_staysWithinOneMessage() {
        List<String> many =
                IntStream.range(0, 300).mapToObj(i -> "/protocol/" + i).toList();
        MultistreamNegotiation side = MultistreamNegotiation.responder(many);

        side.receive(bytes(HEADER_LINE + "\u0003ls\n"));

        int size = output(side).length() - HEADER_LINE.length() - 2;
        assertThat(size).isBetween(1000, MultistreamNegotiation.MAX_MESSAGE_BYTES);
    }

    @Test
    void responder_tooManyProposals_fails() {
        MultistreamNegotiation side = MultistreamNegotiation.responder(List.of("/a"));
        side.receive(bytes(HEADER_LINE + "\u0003/x\n".repeat(MultistreamNegotiation.MAX_REFUSALS)));
        assertThat(output(side)).endsWith("\u0003na\n");

        assertThatThrownBy(() -> side.receive(bytes("\u0003/x\n")))
                .isInstanceOfSatisfying(
                        MultistreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_MANY_PROPOSALS));
        assertThatThrownBy(() -> side.receive(bytes("\u0003/a\n"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void receive_anyViolation_namesIt() {
        assertViolation("\u0002x\n", "multistream: header \"x\", want \"/multistream/1.0.0\"");
        assertViolation("\u0002xx", "multistream: message does not end with a newline");
        assertViolation("\u0000", "multistream: empty message, want at least a newline");
        assertViolation("\u0082\u0000", "multistream: length is not a minimal varint");
        assertViolation("\u0003\u00ff\u00ff\n", "multistream: message is not UTF-8");
        assertThatThrownBy(() ->
                        MultistreamNegotiation.initiator(List.of("/a")).receive(bytes(HEADER_LINE + "\u0003\u0001b\n")))
                .hasMessage("multistream: answer \"?b\", want \"/a\" or \"na\"");
    }

    @Test
    void receive_oversize_failsBeforeAllocating() {
        for (String length : List.of("\u0081\u0008", "\u0080\u0080", "\u00ff\u00ff\u00ff\u00ff")) {
            assertThatThrownBy(() ->
                            MultistreamNegotiation.responder(List.of("/a")).receive(bytes(length)))
                    .isInstanceOfSatisfying(
                            MultistreamException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));
        }
        MultistreamNegotiation largest = MultistreamNegotiation.responder(List.of("/a"));
        largest.receive(bytes(HEADER_LINE + "\u0080\u0008" + "x".repeat(1023) + "\n"));
        assertThat(output(largest)).endsWith("\u0003na\n");
    }

    private static void assertViolation(String input, String message) {
        assertThatThrownBy(() -> MultistreamNegotiation.responder(List.of("/a")).receive(bytes(input)))
                .isInstanceOfSatisfying(
                        MultistreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.VIOLATION))
                .hasMessage(message);
    }

    @Test
    void receiveEnd_atEveryByte_truncated() {
        String whole = HEADER_LINE + "\u0003/a\n";
        for (int cut = 0; cut < whole.length(); cut++) {
            MultistreamNegotiation side = MultistreamNegotiation.responder(List.of("/a"));
            side.receive(bytes(whole.substring(0, cut)));
            assertThat(side.isDone()).isFalse();
            assertThatThrownBy(side::receiveEnd)
                    .isInstanceOfSatisfying(
                            MultistreamException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.TRUNCATED));
        }
        MultistreamNegotiation side = MultistreamNegotiation.responder(List.of("/a"));
        side.receive(bytes(whole));
        side.receiveEnd();
        assertThat(side.isDone()).isTrue();
    }

    @Test
    void talk_inPiecesOfAnySize_sameResult() {
        Seed.each(200, random -> {
            List<String> offered = List.of("/x/1", "/y/2", "/z/3");
            MultistreamNegotiation initiator = MultistreamNegotiation.initiator(offered);
            MultistreamNegotiation responder = MultistreamNegotiation.responder(List.of("/z/3", "/w"));
            StringBuilder toResponder = new StringBuilder();
            StringBuilder toInitiator = new StringBuilder();
            while (!initiator.isDone() || !responder.isDone()) {
                toResponder.append(output(initiator));
                toInitiator.append(output(responder));
                feed(responder, toResponder, 1 + random.nextInt(9));
                feed(initiator, toInitiator, 1 + random.nextInt(9));
            }
            assertThat(initiator.protocol()).isEqualTo("/z/3");
            assertThat(responder.protocol()).isEqualTo("/z/3");
        });
    }

    private static void feed(MultistreamNegotiation side, StringBuilder pending, int most) {
        int length = Math.min(most, pending.length());
        ByteBuf in = bytes(pending.substring(0, length));
        side.receive(in);
        pending.delete(0, length - in.readableBytes());
    }

    @Test
    void talk_noCommonProtocol_initiatorLearns() {
        MultistreamNegotiation initiator = MultistreamNegotiation.initiator(List.of("/x"));
        MultistreamNegotiation responder = MultistreamNegotiation.responder(List.of("/y"));

        assertThatThrownBy(() -> talk(initiator, responder)).hasMessageContaining("[/x]");
    }

    @Test
    void receive_hostileBytes_failsOnlyAsDeclared() {
        Seed.each(3000, random -> {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            boolean header = random.nextBoolean();
            MultistreamNegotiation side = random.nextBoolean()
                    ? MultistreamNegotiation.responder(List.of("/a"))
                    : MultistreamNegotiation.initiator(List.of("/a"));
            ByteBuf in = header
                    ? Unpooled.wrappedBuffer(bytes(HEADER_LINE), Unpooled.wrappedBuffer(noise))
                    : Unpooled.wrappedBuffer(noise);
            try {
                side.receive(in);
                assertThat(side.isDone() || !in.isReadable()).isTrue();
            } catch (MultistreamException e) {
                assertThat(e.kind()).isNotNull();
            }
        });
    }

    @Test
    void initiator_badProposals_refused() {
        for (String bad : List.of("", "na", "ls", "/a\nb", "x".repeat(1024))) {
            assertThatThrownBy(() -> MultistreamNegotiation.initiator(List.of(bad)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> MultistreamNegotiation.initiator(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(output(MultistreamNegotiation.initiator(List.of("x".repeat(1023)))))
                .hasSize(20 + 2 + 1024);
    }
}
