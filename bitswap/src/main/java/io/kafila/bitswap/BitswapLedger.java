package io.kafila.bitswap;

import io.kafila.multiformats.PeerId;

/**
 * The account with a peer, with the fields of Kubo's {@code bitswap ledger}.
 *
 * @param value the debt ratio: bytes sent over bytes received plus one
 * @param sent the bytes of the blocks sent to the peer
 * @param recv the bytes of the blocks received from it
 * @param exchanged how many blocks went either way
 */
public record BitswapLedger(PeerId peer, double value, long sent, long recv, long exchanged) {}
