package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Json;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a peer, as {@code id} and {@code swarm peers --identify} tell it. */
final class PeerInfo {
    private PeerInfo() {}

    static JsonNode nothing() {
        return Json.object("ID", "", "PublicKey", "", "Addresses", null, "AgentVersion", "", "Protocols", null);
    }

    static ObjectNode of(Host host, PeerId peer, String id) {
        Optional<IdentifyInfo> info = host.peerstore().info(peer);
        Optional<PublicKey> key = host.connections(peer).stream()
                .map(Connection::remoteKey)
                .findFirst()
                .or(peer::inlinedKey);
        List<String> addresses = new ArrayList<>();
        host.peerstore().addresses(peer).forEach(address -> addresses.add(address + "/p2p/" + peer));
        return value(
                id,
                key.orElse(null),
                addresses,
                info.map(IdentifyInfo::agentVersion).orElse(""),
                info.map(IdentifyInfo::protocols).orElse(List.of()));
    }

    static ObjectNode value(
            String id,
            @Nullable PublicKey key,
            Collection<String> addresses,
            String agent,
            Collection<String> protocols) {
        return Json.object(
                "ID",
                id,
                "PublicKey",
                key == null ? "" : Base64.getEncoder().encodeToString(key.protobuf()),
                "Addresses",
                listOrNull(addresses),
                "AgentVersion",
                Peers.foreign(agent),
                "Protocols",
                listOrNull(protocols.stream().map(Peers::foreign).toList()));
    }

    /** Sorted; null where there is nothing, as Go writes it. */
    static @Nullable List<String> listOrNull(Collection<String> texts) {
        return texts.isEmpty() ? null : texts.stream().sorted().toList();
    }
}
