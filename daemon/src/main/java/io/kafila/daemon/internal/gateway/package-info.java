/**
 * What the daemon serves to strangers over HTTP, at {@code Addresses.Gateway}: delegated routing (ipfs/specs
 * http-routing-v1.md). Content is not served yet.
 *
 * <p>{@link io.kafila.daemon.internal.gateway.GatewayServer} listens and bounds; {@link
 * io.kafila.daemon.internal.gateway.RoutingApi} answers. Each request stays on the event loop of its connection; nothing
 * blocks there.
 */
@NullMarked
package io.kafila.daemon.internal.gateway;

import org.jspecify.annotations.NullMarked;
