package io.kafila.libp2p.internal.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Blocking lookups of names. Thread-safe. */
public interface NameLookup {

    List<InetAddress> addresses(String host) throws IOException;

    /** The TXT records of a name, each joined to one string; empty where there are none. */
    List<String> texts(String name) throws IOException;
}
