package io.kafila.libp2p;

import io.kafila.multiformats.PeerId;

/** Bytes that crossed the wire, and their rates. Thread-safe. */
public interface BandwidthCounter {

    /** Totals in bytes and exponentially weighted rates in bytes per second. */
    record Bandwidth(long totalIn, long totalOut, double rateIn, double rateOut) {}

    Bandwidth total();

    /** Zeros where nothing is known. */
    Bandwidth peer(PeerId peer);

    Bandwidth protocol(String protocol);
}
