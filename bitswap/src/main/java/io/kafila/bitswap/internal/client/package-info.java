/**
 * The asking side of bitswap: the brain of a session, and what ties sessions to peers, to the worker pool and to the store.
 *
 * <p>{@link io.kafila.bitswap.internal.client.Session} decides what is asked of whom. It takes events and the time and
 * tells a {@link io.kafila.bitswap.internal.client.SessionOutput}; it knows no stream, thread or clock, so that its tests
 * run in virtual time. {@link io.kafila.bitswap.internal.client.Client} drives the sessions in one loop: it gathers their
 * wants into one wantlist per peer, verifies what arrives on the worker pool, stores it in batches and then completes the
 * futures of those who asked.
 */
@NullMarked
package io.kafila.bitswap.internal.client;

import org.jspecify.annotations.NullMarked;
