package io.kafila.libp2p.internal.multistream;

import io.kafila.libp2p.internal.multistream.MultistreamException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a multistream-select negotiation, without I/O.
 *
 * <p>The driver alternates three calls until {@link #isDone()}: it sends what {@link #takeOutput} answers, hands what arrived
 * to {@link #receive}, and again sends the output. {@link #receive} takes no byte beyond the negotiation, so whatever is then
 * left in the driver's buffer belongs to the agreed protocol. A negotiation that threw is over; its output, if any, should
 * still be sent.
 *
 * <p>An initiator sends its header and first proposal at once. An optimistic initiator has agreed with itself before the
 * peer answers: the driver may write the protocol's own bytes right behind the output, while reading waits until
 * {@link #isDone()}. A responder answers the header together with its first answer, in one output.
 *
 * <p>Confined to one thread.
 */
public final class MultistreamNegotiation {
    public static final String HEADER = "/multistream/1.0.0";

    /** The longest message, newline included, as in go-multistream. */
    public static final int MAX_MESSAGE_BYTES = 1024;

    /** How many times a responder answers {@code na} or {@code ls} before it gives up on the peer. */
    public static final int MAX_REFUSALS = 32;

    private static final String NOT_AVAILABLE = "na";
    private static final String LIST = "ls";

    private enum State {
        WAIT_HEADER,
        WAIT_ANSWER,
        WAIT_PROPOSAL,
        DONE,
        FAILED
    }

    private final TokenReader reader = new TokenReader();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream(64);
    private final boolean initiator;
    private final List<String> proposals;
    private final Predicate<String> supported;
    private final Supplier<? extends Collection<String>> listed;
    private State state = State.WAIT_HEADER;
    private int proposed;
    private int refusals;
    private @Nullable String agreed;

    private MultistreamNegotiation(
            boolean initiator,
            List<String> proposals,
            Predicate<String> supported,
            Supplier<? extends Collection<String>> listed) {
        this.initiator = initiator;
        this.proposals = proposals;
        this.supported = supported;
        this.listed = listed;
    }

    /** A side that proposes {@code protocols} in their order until the peer takes one. */
    public static MultistreamNegotiation initiator(List<String> protocols) {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("multistream: no protocols to propose, want at least one");
        }
        protocols.forEach(MultistreamNegotiation::requireProposable);
        MultistreamNegotiation negotiation =
                new MultistreamNegotiation(true, List.copyOf(protocols), protocol -> false, List::of);
        negotiation.send(HEADER);
        negotiation.send(protocols.get(0));
        return negotiation;
    }

    /** A side that proposes one protocol and takes for granted that the peer speaks it, until it answers otherwise. */
    public static MultistreamNegotiation optimistic(String protocol) {
        MultistreamNegotiation negotiation = initiator(List.of(protocol));
        negotiation.agreed = protocol;
        return negotiation;
    }

    /**
     * A side that waits for proposals.
     *
     * @param supported whether this side speaks a protocol; asked for whatever the peer sends
     * @param listed the protocols to tell a peer that asks with {@code ls}, cut to what one message holds
     */
    public static MultistreamNegotiation responder(
            Predicate<String> supported, Supplier<? extends Collection<String>> listed) {
        return new MultistreamNegotiation(false, List.of(), supported, listed);
    }

    /** A side that waits for one of {@code protocols}. */
    public static MultistreamNegotiation responder(Collection<String> protocols) {
        List<String> all = List.copyOf(protocols);
        return responder(all::contains, () -> all);
    }

    /**
     * Takes bytes of the peer, as many as belong to the negotiation; borrows {@code in} and moves its reader index.
     *
     * @throws MultistreamException if the peer breaks the protocol or speaks none of the proposals; the driver closes the
     *     stream or connection
     */
    public void receive(ByteBuf in) {
        if (state == State.FAILED) {
            throw new IllegalStateException("multistream: received bytes after the negotiation failed");
        }
        try {
            while (state != State.DONE) {
                String token = reader.next(in);
                if (token == null) {
                    return;
                }
                onToken(token);
            }
        } catch (MultistreamException e) {
            state = State.FAILED;
            throw e;
        }
    }

    /**
     * Says that the peer has closed its write side.
     *
     * @throws MultistreamException unless the negotiation is done
     */
    public void receiveEnd() {
        if (state == State.DONE || state == State.FAILED) {
            return;
        }
        state = State.FAILED;
        throw new MultistreamException(
                Kind.TRUNCATED,
                "peer ended " + (reader.midToken() ? "inside a message" : "before both sides agreed") + waitingFor());
    }

    public boolean hasOutput() {
        return output.size() > 0;
    }

    /** The bytes to send now, possibly none; the caller owns the buffer. */
    public ByteBuf takeOutput(ByteBufAllocator allocator) {
        if (output.size() == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf bytes = allocator.buffer(output.size());
        bytes.writeBytes(output.toByteArray());
        output.reset();
        return bytes;
    }

    /** Whether this side may write in the agreed protocol; an optimistic initiator may from the start. */
    public boolean isAgreed() {
        return agreed != null && state != State.FAILED;
    }

    /** Whether both sides have agreed and no byte of the negotiation is left to read. */
    public boolean isDone() {
        return state == State.DONE;
    }

    /** The protocol that was agreed on. */
    public String protocol() {
        String protocol = agreed;
        if (protocol == null || state == State.FAILED) {
            throw new IllegalStateException("multistream: no protocol agreed on");
        }
        return protocol;
    }

    private void onToken(String token) {
        switch (state) {
            case WAIT_HEADER -> onHeader(token);
            case WAIT_ANSWER -> onAnswer(token);
            case WAIT_PROPOSAL -> onProposal(token);
            case DONE, FAILED -> throw new IllegalStateException("multistream: token after the end");
        }
    }

    private void onHeader(String token) {
        if (!token.equals(HEADER)) {
            throw new MultistreamException(Kind.VIOLATION, "header " + quoted(token) + ", want \"" + HEADER + "\"");
        }
        if (initiator) {
            state = State.WAIT_ANSWER;
        } else {
            send(HEADER);
            state = State.WAIT_PROPOSAL;
        }
    }

    private void onAnswer(String token) {
        String proposal = proposals.get(proposed);
        if (token.equals(proposal)) {
            agreed = proposal;
            state = State.DONE;
        } else if (token.equals(NOT_AVAILABLE)) {
            proposed++;
            if (proposed == proposals.size()) {
                agreed = null;
                throw new MultistreamException(Kind.NOT_SUPPORTED, "protocols not supported: " + proposals);
            }
            send(proposals.get(proposed));
        } else {
            throw new MultistreamException(
                    Kind.VIOLATION, "answer " + quoted(token) + ", want \"" + proposal + "\" or \"na\"");
        }
    }

    private void onProposal(String token) {
        if (!token.equals(LIST) && supported.test(token)) {
            send(token);
            agreed = token;
            state = State.DONE;
            return;
        }
        if (token.equals(LIST)) {
            sendList();
        } else {
            send(NOT_AVAILABLE);
        }
        if (++refusals > MAX_REFUSALS) {
            throw new MultistreamException(
                    Kind.TOO_MANY_PROPOSALS,
                    "more than " + MAX_REFUSALS + " proposals refused, the last " + quoted(token));
        }
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeLength(output, bytes.length + 1);
        output.writeBytes(bytes);
        output.write('\n');
    }

    /** One message that holds further messages, one for each protocol, and a newline. */
    private void sendList() {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String protocol : listed.get()) {
            byte[] bytes = protocol.getBytes(StandardCharsets.UTF_8);
            if (list.size() + 2 + bytes.length + 1 + 1 > MAX_MESSAGE_BYTES) {
                continue;
            }
            writeLength(list, bytes.length + 1);
            list.writeBytes(bytes);
            list.write('\n');
        }
        list.write('\n');
        writeLength(output, list.size());
        output.writeBytes(list.toByteArray());
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length > 0x7f) {
            out.write((length & 0x7f) | 0x80);
            out.write(length >>> 7);
        } else {
            out.write(length);
        }
    }

    private String waitingFor() {
        return switch (state) {
            case WAIT_HEADER -> ", want its header";
            case WAIT_ANSWER -> ", want its answer to \"" + proposals.get(proposed) + "\"";
            case WAIT_PROPOSAL -> ", want a proposal";
            case DONE, FAILED -> "";
        };
    }

    private static void requireProposable(String protocol) {
        int bytes = protocol.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes >= MAX_MESSAGE_BYTES
                || protocol.indexOf('\n') >= 0
                || protocol.equals(NOT_AVAILABLE)
                || protocol.equals(LIST)) {
            throw new IllegalArgumentException(
                    "multistream: protocol " + quoted(protocol) + " cannot be proposed, want 1 to "
                            + (MAX_MESSAGE_BYTES - 1) + " bytes without newline, neither na nor ls");
        }
    }

    /** A stranger's text, fit for a log line. */
    private static String quoted(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "..." : text;
        return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
