/**
 * The RPC: an HTTP server that runs commands for clients, under {@code /api/v0}, as Kubo's does.
 *
 * <p>{@link io.kafila.daemon.internal.rpc.RpcServer} takes a request on an event loop of Vert.x, guards it ({@link
 * io.kafila.daemon.internal.rpc.Origins}, {@link io.kafila.daemon.internal.rpc.Authorizations}), and hands it to a bounded
 * pool, where the command blocks as it likes. Bytes flow both ways with backpressure: {@link
 * io.kafila.daemon.internal.rpc.BodyStream} asks the socket for more only when the command has read what came, and {@link
 * io.kafila.daemon.internal.rpc.HttpEmitter} stops the command while the socket is full. A client that goes away
 * interrupts its command. What a client can make large has a limit in {@link io.kafila.daemon.internal.rpc.RpcLimits}.
 */
@NullMarked
package io.kafila.daemon.internal.rpc;

import org.jspecify.annotations.NullMarked;
