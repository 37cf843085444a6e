/**
 * What a command is, whoever runs it: its name, help, arguments, options, what it does and how its output reads as text.
 *
 * <p>There is one tree of {@link io.kafila.daemon.internal.command.Command}s. The RPC server runs them for HTTP clients,
 * the command line runs them in its own process or has a daemon run them; all three parse and format by the same
 * definition. A command takes a {@link io.kafila.daemon.internal.command.Request}, blocks as long as it needs, and
 * emits JSON values or a stream of bytes; a {@link io.kafila.daemon.internal.command.TextFormat} turns the same values
 * into what a person reads.
 *
 * <p>Definitions are immutable. A request, its emitter and its format belong to the one thread that runs the command.
 */
@NullMarked
package io.kafila.daemon.internal.command;

import org.jspecify.annotations.NullMarked;
