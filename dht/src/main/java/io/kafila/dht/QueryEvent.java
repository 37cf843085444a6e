package io.kafila.dht;

import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a query, for people who watch one.
 *
 * @param peer who was asked or answered
 * @param responses the peers that an answer or a find consists of
 * @param extra an error's text, a value's bytes in base64
 */
public record QueryEvent(Kind kind, @Nullable PeerId peer, List<Provider> responses, String extra) {
    public QueryEvent {
        responses = List.copyOf(responses);
    }

    /** The kinds, with the numbers that Kubo writes (go-libp2p core/routing/query.go). */
    public enum Kind {
        SENDING_QUERY(0),
        PEER_RESPONSE(1),
        FINAL_PEER(2),
        QUERY_ERROR(3),
        PROVIDER(4),
        VALUE(5),
        ADDING_PEER(6),
        DIALING_PEER(7);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        /** {@code null} if no kind has the number. */
        public static @Nullable Kind byNumber(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return null;
        }
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
