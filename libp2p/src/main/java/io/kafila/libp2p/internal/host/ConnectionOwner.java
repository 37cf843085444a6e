package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.internal.yamux.YamuxOptions;
import java.util.function.LongSupplier;

/** What a connection needs of its host. Thread-safe; calls come in the connection's event loop. */
interface ConnectionOwner {

    ProtocolTable protocolTable();

    Counters counters();

    YamuxOptions yamuxOptions();

    /** Monotonic nanoseconds. */
    LongSupplier nanoClock();

    void onSent(HostConnection connection, String protocol, int bytes);

    void onReceived(HostConnection connection, String protocol, int bytes);

    void onDisconnected(HostConnection connection);
}
