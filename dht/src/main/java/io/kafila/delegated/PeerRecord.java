package io.kafila.delegated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer as delegated routers tell of it (http-routing-v1.md, Peer Schema). Immutable.
 *
 * @param protocols such as {@code transport-bitswap}; empty where the router does not know them
 */
public record PeerRecord(PeerId peer, List<Multiaddr> addresses, List<String> protocols) {
    /** The most addresses of a record that are read; the others are passed over. */
    public static final int MAX_ADDRESSES = 64;

    /** The most protocols of a record that are read; the others are passed over. */
    public static final int MAX_PROTOCOLS = 64;

    private static final int MAX_PROTOCOL_CHARS = 128;
    private static final String PEER = "peer";
    private static final String BITSWAP = "bitswap";

    public PeerRecord {
        addresses = List.copyOf(addresses);
        protocols = List.copyOf(protocols);
    }

    public static PeerRecord of(Provider provider) {
        return new PeerRecord(provider.peer(), provider.addresses(), List.of());
    }

    public Provider provider() {
        return new Provider(peer, addresses);
    }

    /**
     * The peer in a record of the schema {@code peer}, or of its predecessor {@code bitswap}; empty for other schemas and for
     * a record without a peer id. Addresses that are none, or of a protocol unknown here, are left out.
     */
    public static Optional<PeerRecord> read(JsonNode json) {
        String schema = json.path("Schema").asText();
        if (!schema.equals(PEER) && !schema.equals(BITSWAP)) {
            return Optional.empty();
        }
        PeerId peer;
        try {
            peer = PeerId.parse(json.path("ID").asText());
        } catch (MultiformatException e) {
            return Optional.empty();
        }
        List<Multiaddr> addresses = new ArrayList<>();
        for (JsonNode address : json.path("Addrs")) {
            if (addresses.size() < MAX_ADDRESSES) {
                address(address.asText(), peer).ifPresent(addresses::add);
            }
        }
        List<String> protocols = new ArrayList<>();
        for (JsonNode protocol : schema.equals(PEER) ? json.path("Protocols") : List.of(json.path("Protocol"))) {
            if (protocols.size() < MAX_PROTOCOLS && isProtocol(protocol)) {
                protocols.add(protocol.asText());
            }
        }
        return Optional.of(new PeerRecord(peer, addresses, protocols));
    }

    private static boolean isProtocol(JsonNode protocol) {
        return protocol.isTextual()
                && !protocol.asText().isEmpty()
                && protocol.asText().length() <= MAX_PROTOCOL_CHARS;
    }

    /** An address without the peer's id, which some routers put behind it; one of another peer is none of this one. */
    private static Optional<Multiaddr> address(String text, PeerId peer) {
        try {
            Multiaddr address = Multiaddr.parse(text);
            if (address.peerId().isEmpty()) {
                return Optional.of(address);
            }
            boolean own = address.peerId().get().equals(peer);
            Multiaddr transport = address.withoutPeerId();
            return own && !transport.isEmpty() ? Optional.of(transport) : Optional.empty();
        } catch (MultiformatException e) {
            return Optional.empty();
        }
    }

    /** The record with its fields in the order in which Go writes them. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!addresses.isEmpty()) {
            ArrayNode list = json.putArray("Addrs");
            addresses.forEach(address -> list.add(address.toString()));
        }
        json.put("ID", peer.toString());
        if (!protocols.isEmpty()) {
            ArrayNode list = json.putArray("Protocols");
            protocols.forEach(list::add);
        }
        return json.put("Schema", PEER);
    }
}
