package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.Map;
import java.util.TreeMap;

/** A peer that could not be reached. The message names every address that was tried and what it answered. */
public final class DialException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    public DialException(PeerId peer, String reason) {
        super("failed to dial " + peer + ": " + reason);
    }

    public DialException(PeerId peer, Map<Multiaddr, String> attempts) {
        this(peer, "all dials failed" + lines(attempts));
    }

    private static String lines(Map<Multiaddr, String> attempts) {
        StringBuilder lines = new StringBuilder();
        Map<String, String> sorted = new TreeMap<>();
        attempts.forEach((address, answer) -> sorted.put(address.toString(), answer));
        sorted.forEach((address, answer) ->
                lines.append("\n  * [").append(address).append("] ").append(answer));
        return lines.toString();
    }
}
