package io.kafila.dht.internal;

import java.util.Locale;

/** What a DHT counts instead of logging it. */
public enum Counter {
    REQUESTS_ANSWERED,
    REQUESTS_AS_CLIENT_REFUSED,
    MALFORMED_MESSAGES,
    EMPTY_OR_LONG_KEYS,
    FOREIGN_PROVIDERS_REFUSED,
    PROVIDERS_STORED,
    PROVIDERS_OF_FULL_KEY_REFUSED,
    PROVIDERS_OF_GREEDY_PEER_REFUSED,
    PROVIDERS_OF_FULL_STORE_REFUSED,
    VALUES_STORED,
    INVALID_VALUES_REFUSED,
    OLDER_VALUES_REFUSED,
    VALUES_OF_FULL_STORE_REFUSED,
    STREAMS_REFUSED,
    STALLED_STREAMS,
    QUERIES,
    REQUESTS_SENT,
    REQUESTS_FAILED,
    INVALID_VALUES_RECEIVED,
    VALUES_CORRECTED,
    PEERS_OF_FULL_GROUP_REFUSED,
    ANSWERS_OF_FULL_GROUP_IGNORED,
    CROWDED_KEYS,
    PEERS_THAT_DID_NOT_ANSWER,
    CHECKS_DROPPED;

    /** The name in statistics, such as {@code malformed-messages}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
