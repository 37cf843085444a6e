/**
 * The embeddable peer: {@link io.kafila.node.KafilaNode} assembles store, exchange, network and UnixFS into one object
 * with {@code close()}.
 *
 * <p>It opens no HTTP port, installs no shutdown hook and keeps no static state: many nodes live in one JVM. Futures
 * complete on pools of the node; what hangs on them may block only where a method says so.
 *
 * <p>Enter at {@link io.kafila.node.KafilaNode#builder()}. {@link io.kafila.node.Files} adds and reads, {@link
 * io.kafila.node.Pins} keeps, {@link io.kafila.node.Swarm} connects. {@link io.kafila.node.Repo} is a repository on disk
 * with its config file.
 */
@NullMarked
package io.kafila.node;

import org.jspecify.annotations.NullMarked;
