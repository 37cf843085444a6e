/**
 * identify and identify-push: what two peers tell each other of themselves once they are connected (libp2p/specs identify),
 * with signed peer records (RFC 0002, RFC 0003).
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.identify.IdentifyService}. Messages are decoded within named limits; lists
 * that are longer are cut. Callbacks run in the event loop of the connection.
 */
@NullMarked
package io.kafila.libp2p.internal.identify;

import org.jspecify.annotations.NullMarked;
