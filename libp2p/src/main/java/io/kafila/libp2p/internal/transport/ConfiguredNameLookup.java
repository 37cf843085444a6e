package io.kafila.libp2p.internal.transport;

import io.kafila.libp2p.DnsOverHttps;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Asks the resolver that is configured for a name, and the system's where none is. */
public final class ConfiguredNameLookup implements NameLookup {
    private final DnsOverHttps configured;
    private final NameLookup system;

    public ConfiguredNameLookup(DnsOverHttps configured, NameLookup system) {
        this.configured = configured;
        this.system = system;
    }

    @Override
    public List<InetAddress> addresses(String host) throws IOException {
        return configured.serves(host) ? configured.addresses(host) : system.addresses(host);
    }

    @Override
    public List<String> texts(String name) throws IOException {
        return configured.serves(name) ? configured.texts(name) : system.texts(name);
    }
}
