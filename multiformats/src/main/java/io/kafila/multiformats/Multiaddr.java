package io.kafila.multiformats;

import io.kafila.multiformats.internal.addr.AddressClass;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An address that names every protocol on the way to a peer, outermost first: {@code /ip4/192.0.2.1/tcp/4001/p2p/Qm...}.
 *
 * <p>In bytes each component is {@code varint code, [varint length,] value}. Immutable. Source:
 * github.com/multiformats/multiaddr.
 */
public final class Multiaddr implements Comparable<Multiaddr> {
    /** The longest encoding. */
    public static final int MAX_BYTES = 1024;

    /** The longest text that is parsed; a byte takes at most three characters. */
    public static final int MAX_CHARACTERS = 4 * MAX_BYTES;

    private static final Multiaddr EMPTY = new Multiaddr(List.of(), new byte[0]);

    /**
     * One protocol of an address with its value.
     *
     * @param value the bytes after the code and the length; none for a protocol without a value
     */
    @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out, compared by content.
    public record Component(Protocol protocol, byte[] value) {
        /** @throws MultiformatException if {@code value} is none of {@code protocol} */
        public Component {
            protocol.check(value);
            value = value.clone();
        }

        /** The component of a value in text. */
        public static Component of(Protocol protocol, String text) {
            return new Component(protocol, protocol.parse(text));
        }

        /** A component of a protocol without a value. */
        public static Component of(Protocol protocol) {
            return new Component(protocol, new byte[0]);
        }

        /** A copy of the value. */
        @Override
        public byte[] value() {
            return value.clone();
        }

        /** The value as text, empty for a protocol without one. */
        public String text() {
            return protocol.format(value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Component that && protocol == that.protocol && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return protocol.specName().hashCode() * 31 + Arrays.hashCode(value);
        }

        /** The component as the text of an address. */
        @Override
        public String toString() {
            if (!protocol.hasValue()) {
                return "/" + protocol.specName();
            }
            return "/" + protocol.specName() + (protocol.isPath() ? text() : "/" + text());
        }

        private int size() {
            int length = protocol.valueBytes() < 0 ? Varint.size(value.length) : 0;
            return Varint.size(protocol.code()) + length + value.length;
        }

        private void write(ByteBuffer target) {
            Varint.write(target, protocol.code());
            if (protocol.valueBytes() < 0) {
                Varint.write(target, value.length);
            }
            target.put(value);
        }
    }

    private final List<Component> components;
    private final byte[] bytes;
    private final int hash;

    private Multiaddr(List<Component> components, byte[] bytes) {
        this.components = components;
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** @throws MultiformatException if the encoding would be longer than {@link #MAX_BYTES}, or a path is not the last */
    public static Multiaddr of(List<Component> components) {
        int size = 0;
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            if (component.protocol.isPath() && i < components.size() - 1) {
                throw new MultiformatException(
                        "multiaddr: " + component.protocol + " before another component, want it last");
            }
            size += component.size();
            requireSize(size);
        }
        ByteBuffer target = ByteBuffer.allocate(size);
        components.forEach(component -> component.write(target));
        return new Multiaddr(List.copyOf(components), target.array());
    }

    /** The address of no components, what is left when everything is decapsulated. */
    public static Multiaddr empty() {
        return EMPTY;
    }

    /**
     * The address of a text; slashes at its end are passed over.
     *
     * @throws MultiformatException if {@code text} is none, or empty
     */
    public static Multiaddr parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new MultiformatException(
                    "multiaddr: " + text.length() + " characters, want at most " + MAX_CHARACTERS);
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        if (end == 0 || text.charAt(0) != '/') {
            throw new MultiformatException("multiaddr: \"" + text + "\", want a slash and a protocol");
        }
        List<Component> components = new ArrayList<>();
        for (int at = 0; at < end; ) {
            int nameEnd = segmentEnd(text, at + 1, end);
            String name = text.substring(at + 1, nameEnd);
            Protocol protocol = Protocol.byName(name)
                    .orElseThrow(() -> new MultiformatException("multiaddr: protocol \"" + name + "\" is unknown"));
            at = nameEnd;
            if (!protocol.hasValue()) {
                components.add(Component.of(protocol));
                continue;
            }
            if (at == end) {
                throw new MultiformatException("multiaddr: " + protocol + " without a value");
            }
            int valueEnd = protocol.isPath() ? end : segmentEnd(text, at + 1, end);
            components.add(Component.of(protocol, text.substring(protocol.isPath() ? at : at + 1, valueEnd)));
            at = valueEnd;
        }
        return of(components);
    }

    /**
     * The address that {@code bytes} is.
     *
     * @throws MultiformatException if it is malformed, too long or empty, or names an unknown protocol
     */
    public static Multiaddr decode(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /** As {@link #decode}, of all that remains in {@code source}: an address does not say where it ends. */
    public static Multiaddr read(ByteBuffer source) {
        requireSize(source.remaining());
        if (!source.hasRemaining()) {
            throw new MultiformatException("multiaddr: no bytes, want at least one component");
        }
        List<Component> components = new ArrayList<>();
        while (source.hasRemaining()) {
            long code = Varint.read(source);
            Protocol protocol = Protocol.byCode(code)
                    .orElseThrow(() -> new MultiformatException("multiaddr: protocol " + code + " is unknown"));
            long length = protocol.valueBytes() < 0 ? Varint.read(source) : protocol.valueBytes();
            if (length > source.remaining()) {
                throw new MultiformatException(
                        "multiaddr: " + protocol + " of " + source.remaining() + " bytes, want " + length);
            }
            byte[] value = new byte[(int) length];
            source.get(value);
            components.add(new Component(protocol, value));
        }
        return of(components);
    }

    /** {@code /ip4/.../tcp/...} or {@code /ip6/.../tcp/...}; the zone of an IPv6 address is left out. */
    public static Multiaddr tcp(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("multiaddr: " + address + " is not resolved");
        }
        byte[] value = ip.getAddress();
        Protocol protocol = value.length == Protocol.IP4.valueBytes() ? Protocol.IP4 : Protocol.IP6;
        return of(List.of(
                new Component(protocol, value), Component.of(Protocol.TCP, Integer.toString(address.getPort()))));
    }

    /** A copy of the encoding. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The components, outermost first; an immutable list. */
    public List<Component> components() {
        return components;
    }

    public boolean isEmpty() {
        return components.isEmpty();
    }

    public boolean has(Protocol protocol) {
        return components.stream().anyMatch(component -> component.protocol == protocol);
    }

    /** The text of the value of the first component of this protocol; empty text for a protocol without values. */
    public Optional<String> value(Protocol protocol) {
        return components.stream()
                .filter(component -> component.protocol == protocol)
                .findFirst()
                .map(Component::text);
    }

    /** As {@link #value(Protocol)}; an unknown name has no value. */
    public Optional<String> value(String protocolName) {
        return Protocol.byName(protocolName).flatMap(this::value);
    }

    /** The peer that the address leads to: its last p2p component, unless a relay's circuit follows that. */
    public Optional<PeerId> peerId() {
        for (int i = components.size() - 1; i >= 0; i--) {
            Component component = components.get(i);
            if (component.protocol == Protocol.P2P_CIRCUIT) {
                return Optional.empty();
            }
            if (component.protocol == Protocol.P2P) {
                return Optional.of(PeerId.decode(component.value));
            }
        }
        return Optional.empty();
    }

    /** This address with {@code /p2p/peerId} at its end, in place of another one there. */
    public Multiaddr withPeerId(PeerId peerId) {
        Component component = new Component(Protocol.P2P, peerId.bytes());
        if (!isEmpty() && components.get(components.size() - 1).equals(component)) {
            return this;
        }
        List<Component> changed = new ArrayList<>(withoutPeerId().components);
        changed.add(component);
        return of(changed);
    }

    /** This address without the p2p component at its end, if there is one. */
    public Multiaddr withoutPeerId() {
        int last = components.size() - 1;
        return last >= 0 && components.get(last).protocol == Protocol.P2P ? of(components.subList(0, last)) : this;
    }

    /** This address with the components of {@code inner} after its own. */
    public Multiaddr encapsulate(Multiaddr inner) {
        List<Component> joined = new ArrayList<>(components);
        joined.addAll(inner.components);
        return of(joined);
    }

    /** What stands before the last place where {@code inner} occurs; this address if it does not occur. */
    public Multiaddr decapsulate(Multiaddr inner) {
        int length = inner.components.size();
        for (int from = components.size() - length; from >= 0 && length > 0; from--) {
            if (components.subList(from, from + length).equals(inner.components)) {
                return of(components.subList(0, from));
            }
        }
        return this;
    }

    /** Whether the first components of this address are those of {@code prefix}. */
    public boolean startsWith(Multiaddr prefix) {
        int length = prefix.components.size();
        return components.size() >= length && components.subList(0, length).equals(prefix.components);
    }

    /** The address and port of a text that starts with {@code /ip4/.../tcp/...} or {@code /ip6/.../tcp/...}. */
    public Optional<InetSocketAddress> tcpAddress() {
        if (components.size() < 2 || components.get(1).protocol != Protocol.TCP) {
            return Optional.empty();
        }
        byte[] port = components.get(1).value;
        return ip(components.get(0))
                .map(address -> new InetSocketAddress(address, (port[0] & 0xFF) << 8 | (port[1] & 0xFF)));
    }

    /** The IP address that this one starts with, an IPv6 zone aside. */
    public Optional<InetAddress> ipAddress() {
        for (Component component : components) { // no stream: routing asks this of each peer it meets
            if (component.protocol != Protocol.IP6ZONE) {
                return ip(component);
            }
        }
        return Optional.empty();
    }

    /** Whether this address starts with an IP address of the machine itself. */
    public boolean isLoopback() {
        return ipAddress().filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /**
     * Whether this address starts with an IP address that only some network knows: loopback, link-local, private
     * (RFC 1918, RFC 4193) or shared (RFC 6598).
     */
    public boolean isPrivate() {
        return ipAddress().filter(AddressClass::isPrivate).isPresent();
    }

    /** By the bytes of the encoding, unsigned. */
    @Override
    public int compareTo(Multiaddr other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof Multiaddr that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The text; empty for the empty address. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        components.forEach(text::append);
        return text.toString();
    }

    private static Optional<InetAddress> ip(Component component) {
        if (component.protocol != Protocol.IP4 && component.protocol != Protocol.IP6) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(component.value));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("multiaddr: " + component + " has a value of the wrong length", e);
        }
    }

    private static int segmentEnd(String text, int from, int end) {
        int slash = text.indexOf('/', from);
        return slash < 0 || slash > end ? end : slash;
    }

    private static void requireSize(int size) {
        if (size > MAX_BYTES) {
            throw new MultiformatException("multiaddr: " + size + " bytes, want at most " + MAX_BYTES);
        }
    }
}
