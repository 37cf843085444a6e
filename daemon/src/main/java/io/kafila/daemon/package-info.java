/**
 * The program: the daemon with Kubo's RPC, and the command line.
 *
 * <p>{@link io.kafila.daemon.Main} is all that is public. Inside, {@code internal.command} says what a command is, {@code
 * internal.verbs} holds them, {@code internal.rpc} serves them over HTTP, {@code internal.cli} runs them from a line of
 * words, and {@code internal.process} is the life of the process. Who wants a node in a program of their own takes
 * {@code io.kafila.node}, which knows nothing of this module.
 */
@NullMarked
package io.kafila.daemon;

import org.jspecify.annotations.NullMarked;
