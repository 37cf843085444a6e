package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.ErrorCode;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import io.kafila.node.OfflineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Peers as arguments of commands, and the network that such commands need. */
final class Peers {
    /** The longest text of a stranger that is shown, in characters. */
    private static final int MAX_FOREIGN_CHARS = 128;

    private Peers() {}

    /** The node, of a command that makes no sense without a network. */
    static KafilaNode online(Environment environment) {
        KafilaNode node = environment.node();
        if (!node.swarm().isOnline()) {
            throw new OfflineException();
        }
        return node;
    }

    /** {@link #online} that blames the caller, as Kubo does where figures are asked for. */
    static KafilaNode onlineForFigures(Environment environment) {
        KafilaNode node = environment.node();
        if (!node.swarm().isOnline()) {
            OfflineException offline = new OfflineException();
            throw new CommandException(ErrorCode.CLIENT, "unable to run offline: " + offline.getMessage(), offline);
        }
        return node;
    }

    /** A peer id as text, in base58 or as a Cid. */
    static PeerId parse(String text) {
        try {
            return PeerId.parse(text);
        } catch (MultiformatException e) {
            throw new CommandException("failed to parse peer ID: " + e.getMessage(), e);
        }
    }

    static Multiaddr address(String text) {
        String refused = "failed to parse multiaddr \"" + text + "\": ";
        if (!text.startsWith("/")) {
            throw new CommandException(refused + "must begin with /");
        }
        try {
            return Multiaddr.parse(text);
        } catch (MultiformatException e) {
            throw new CommandException(refused + e.getMessage(), e);
        }
    }

    /** Addresses that end in a peer id; fails with Kubo's words on one that does not. */
    static List<Multiaddr> dialable(List<String> texts) {
        List<Multiaddr> addresses = new ArrayList<>();
        for (String text : texts) {
            Multiaddr address = address(text);
            if (address.peerId().isEmpty()) {
                throw new CommandException("found no ipfs peers at " + text);
            }
            addresses.add(address);
        }
        return addresses;
    }

    /** Addresses without their peer ids, by peer in the order given; empty ones say that the peer was named alone. */
    static Map<PeerId, List<Multiaddr>> byPeer(List<Multiaddr> addresses) {
        Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
        for (Multiaddr address : addresses) {
            PeerId peer = address.peerId().orElseThrow(() -> new CommandException("invalid p2p multiaddr"));
            peers.computeIfAbsent(peer, first -> new ArrayList<>()).add(address.withoutPeerId());
        }
        return peers;
    }

    /** Those that can be dialed by themselves. */
    static List<Multiaddr> transports(List<Multiaddr> addresses) {
        return addresses.stream().filter(address -> !address.isEmpty()).toList();
    }

    /** A text that a stranger chose: what could move a cursor is replaced, what is too long is cut. */
    static String foreign(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
            safe.appendCodePoint(hidden ? 0xFFFD : c);
        });
        String clean = safe.toString().strip();
        boolean fits = clean.codePointCount(0, clean.length()) <= MAX_FOREIGN_CHARS;
        return fits ? clean : clean.substring(0, clean.offsetByCodePoints(0, MAX_FOREIGN_CHARS));
    }
}
