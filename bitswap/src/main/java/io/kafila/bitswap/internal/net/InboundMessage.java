package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.multiformats.PeerId;

/**
 * A message that has come, with its share of the budget of what is received. Whoever takes it over closes it when its
 * blocks are done with.
 *
 * @param arrivedAt when its last byte was here, by the loop's clock
 * @param sizeBytes what it took on the wire without its length
 */
public record InboundMessage(
        PeerId peer,
        ProtocolVersion version,
        Message message,
        ByteBudget.Reservation reservation,
        long arrivedAt,
        int sizeBytes)
        implements AutoCloseable {

    /** The same message without blocks and presences, with a share of nothing. */
    public InboundMessage wantsOnly() {
        Message wants = Message.ofWants(message.full(), message.wants());
        return new InboundMessage(peer, version, wants, ByteBudget.none(), arrivedAt, sizeBytes);
    }

    /** Gives back the share of the budget; the blocks have owners of their own. */
    @Override
    public void close() {
        reservation.close();
    }

    /** Gives back everything, for a message of which nothing is wanted. */
    public void discard() {
        message.close();
        close();
    }
}
