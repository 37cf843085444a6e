package io.kafila.bitswap.internal.client;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;

/** What a {@link Session} wants done. Called within the session's own methods; must not call back into it. */
public interface SessionOutput {

    /** Ask a peer whether it has the block. */
    void wantHave(PeerId peer, Cid cid);

    /** Ask a peer for the block. Replaces an earlier question for its presence. */
    void wantBlock(PeerId peer, Cid cid);

    /** Withdraw whatever was asked of a peer about the block. */
    void cancel(PeerId peer, Cid cid);

    /** Look for providers; the driver answers with {@link Session#providerFound} and {@link Session#searchEnded}. */
    void findProviders(Cid cid);

    /** Dial a peer again that has served this session and whose connection was lost; if it works, {@link Session#peerReady}. */
    void reconnect(PeerId peer);
}
