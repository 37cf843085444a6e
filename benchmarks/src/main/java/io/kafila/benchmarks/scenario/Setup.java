package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.peer.PeerOptions;
import java.util.Optional;

/**
 * How the peers of a scenario are set up.
 *
 * @param peers options of every peer
 * @param link the emulated link between them, in the words of {@code --link}; nothing for loopback
 */
public record Setup(PeerOptions peers, Optional<String> link) {}
