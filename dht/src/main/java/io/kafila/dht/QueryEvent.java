package io.kafila.dht;

import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a query, for people who watch one. The order of the kinds is that of Kubo's numbers.
 *
 * @param peer who was asked or answered
 * @param responses the peers that an answer or a find consists of
 * @param extra an error's text, a value's bytes in base64
 */
public record QueryEvent(Kind kind, @Nullable PeerId peer, List<Provider> responses, String extra) {
    public QueryEvent {
        responses = List.copyOf(responses);
    }

    /** The kinds, with Kubo's numbers as ordinals (go-libp2p core/routing/query.go). */
    public enum Kind {
        SENDING_QUERY,
        PEER_RESPONSE,
        FINAL_PEER,
        QUERY_ERROR,
        PROVIDER,
        VALUE,
        ADDING_PEER,
        DIALING_PEER
    }

    public static QueryEvent of(Kind kind, @Nullable PeerId peer) {
        return new QueryEvent(kind, peer, List.of(), "");
    }

    public static QueryEvent of(Kind kind, @Nullable PeerId peer, List<Provider> responses) {
        return new QueryEvent(kind, peer, responses, "");
    }

    public static QueryEvent error(@Nullable PeerId peer, String text) {
        return new QueryEvent(Kind.QUERY_ERROR, peer, List.of(), text);
    }
}
