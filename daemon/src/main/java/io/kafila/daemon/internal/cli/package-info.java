/**
 * The command line: it parses words by the tree of commands, runs the command in this process or has a daemon run it, and
 * prints what comes out.
 *
 * <p>{@link io.kafila.daemon.internal.cli.CommandLineInterface} is the way in. Either way a command's output arrives at
 * {@link io.kafila.daemon.internal.cli.ConsoleEmitter}, so that text and JSON do not depend on where it ran. {@link
 * io.kafila.daemon.internal.cli.RpcClient} speaks HTTP on a plain socket: the JDK's client gives no trailers, in which a
 * stream tells of its failure. Everything runs in the main thread, but for the sending of files.
 */
@NullMarked
package io.kafila.daemon.internal.cli;

import org.jspecify.annotations.NullMarked;
