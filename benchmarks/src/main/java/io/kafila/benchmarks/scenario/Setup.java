package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.link.StarPlan;
import io.kafila.benchmarks.peer.PeerOptions;
import java.util.Collection;
import java.util.Optional;

/**
 * How the peers of a scenario are set up.
 *
 * @param peers options of every peer
 * @param link the emulated link between them; nothing for loopback
 */
public record Setup(PeerOptions peers, Optional<LinkOptions> link) {
    /** Links between a peer in the middle and others, by their roles. */
    Optional<StarPlan> star(String hub, Collection<String> leaves) {
        return link.map(kind -> kind.star(hub, leaves));
    }
}
