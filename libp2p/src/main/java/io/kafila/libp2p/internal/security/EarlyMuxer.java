package io.kafila.libp2p.internal.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The choice of a muxer within the handshake (libp2p/specs connections/inlined-muxer-negotiation). */
public final class EarlyMuxer {
    /** The longest list of muxers that is looked at, as in go-libp2p. */
    public static final int MAX_MUXERS = 100;

    private EarlyMuxer() {}

    /** The first of the initiator's muxers that the responder has too; {@code null} if there is none. */
    public static @Nullable String agree(List<String> initiator, List<String> responder) {
        for (String muxer : initiator) {
            if (responder.contains(muxer)) {
                return muxer;
            }
        }
        return null;
    }
}
