package io.kafila.dht.sim;

/**
 * What is in the routing tables of the honest nodes at one moment.
 *
 * @param nodes honest nodes that are up
 * @param meanTable peers in a table
 * @param smallestTable peers in the smallest
 * @param gone the share of the entries whose peer is down or beyond a partition
 * @param attackers the share of the entries that are the attacker's
 */
public record Census(int nodes, double meanTable, int smallestTable, double gone, double attackers) {}
