package io.kafila.libp2p;

import io.kafila.multiformats.PeerId;
import java.util.Set;

/**
 * Keeps the number of connections between two watermarks: above the high one, the least valued are closed down to the low
 * one, never those of protected peers nor those younger than the grace period. Thread-safe.
 */
public interface ConnectionManager {

    /** Keeps a peer's connections while at least one tag protects it. */
    void protect(PeerId peer, String tag);

    /** Takes one tag back; answers whether the peer is still protected by another. */
    boolean unprotect(PeerId peer, String tag);

    boolean isProtected(PeerId peer);

    Set<PeerId> protectedPeers();

    /** Sets how much a tag values a peer; trimming starts with the least total. */
    void tag(PeerId peer, String tag, int value);

    void untag(PeerId peer, String tag);
}
