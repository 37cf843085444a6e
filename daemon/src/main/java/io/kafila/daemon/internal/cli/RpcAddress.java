package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Where an RPC listens. Immutable. */
public sealed interface RpcAddress {

    /**
     * Host and port, with TLS or without.
     *
     * @param host a name or a literal address, without brackets
     */
    record Tcp(String host, int port, boolean tls) implements RpcAddress {
        /** Where to bind a listener. */
        public InetSocketAddress socketAddress() {
            return InetSocketAddress.createUnresolved(host, port);
        }

        @Override
        public String authority() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A unix socket. */
    record Unix(Path file) implements RpcAddress {
        @Override
        public String authority() {
            return "unix";
        }
    }

    /** As in the header {@code Host}. */
    String authority();

    /**
     * Reads a multiaddr such as {@code /ip4/127.0.0.1/tcp/5001}, {@code /dns/example.com/tcp/443/https} or {@code
     * /unix/run/kafila.sock}.
     */
    static RpcAddress parse(String text) {
        Multiaddr address;
        try {
            address = Multiaddr.parse(text.strip());
        } catch (MultiformatException e) {
            throw new CommandException("invalid API address \"" + text.strip() + "\": " + e.getMessage(), e);
        }
        Optional<String> file = address.value("unix");
        if (file.isPresent()) {
            return new Unix(Path.of("/").resolve(file.get()));
        }
        Optional<String> host = Optional.empty();
        for (String protocol : new String[] {"ip4", "ip6", "dns", "dns4", "dns6"}) {
            host = host.or(() -> address.value(protocol));
        }
        Optional<String> port = address.value("tcp");
        if (host.isEmpty() || port.isEmpty()) {
            throw new CommandException("unsupported API address: " + text.strip());
        }
        boolean tls = address.value("https").isPresent() || address.value("tls").isPresent();
        return new Tcp(host.get(), Integer.parseInt(port.get()), tls);
    }

    /** The multiaddr at which this machine reaches who listens at one: loopback, if that is on all its addresses. */
    static String dialable(String listener) {
        return listener.replaceFirst("^/ip4/0\\.0\\.0\\.0/", "/ip4/127.0.0.1/").replaceFirst("^/ip6/::/", "/ip6/::1/");
    }

    /** The address in the file {@code api} of a repo, which a running daemon keeps there. */
    static Optional<RpcAddress> ofRepo(Path repo) {
        try {
            return Optional.of(parse(Files.readString(repo.resolve("api"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandException("cannot read " + repo.resolve("api") + ": " + e.getMessage(), e);
        }
    }
}
