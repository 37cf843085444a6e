package io.kafila.libp2p.internal.yamux;

import org.jspecify.annotations.Nullable;

/** What a session asks and tells its driver, in the session's event loop. Calls may come back into the session. */
public interface YamuxListener {

    /** The budget of a stream that is being opened, {@code null} refuses it. */
    @Nullable
    StreamBudget admit(boolean inbound);

    /** The peer has opened a stream; a {@link YamuxStream.Listener} should be attached. */
    void onStream(YamuxStream stream);

    /** The peer will take no further streams. */
    void onGoAway();

    /** The peer has read all that was sent before {@link YamuxSession#leave}. */
    void onDrained();
}
