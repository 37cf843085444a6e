package io.kafila.bitswap.internal.server;

import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.multiformats.PeerId;
import java.util.List;

/**
 * The next message to a peer, its blocks yet to be read.
 *
 * @param bytes the bytes of the blocks, which count as outstanding until the envelope is sent or has failed
 * @param pendingBytes what is queued for the peer beyond this message
 */
record Envelope(Ledger ledger, List<LedgerWant> wants, List<Presence> presences, long bytes, long pendingBytes) {
    PeerId peer() {
        return ledger.peer;
    }
}
