/**
 * Delegated routing: providers, peers and IPNS records asked of others over HTTP (ipfs/specs http-routing-v1.md).
 *
 * <p>{@link io.kafila.delegated.DelegatedRouter} is the client; the records, the filters and their JSON serve the daemon's
 * endpoints as well. All answers are a stranger's: bodies, lines, records and their fields are bounded.
 */
@NullMarked
package io.kafila.delegated;

import org.jspecify.annotations.NullMarked;
