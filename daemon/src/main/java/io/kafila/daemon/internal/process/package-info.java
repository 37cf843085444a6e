/**
 * The process around the commands: what they find in it, the life of a daemon, signals, and numbers for Prometheus.
 *
 * <p>{@link io.kafila.daemon.internal.process.DaemonProcess} is a daemon from its start to its end; {@link
 * io.kafila.daemon.internal.process.RepoEnvironment} is what commands see of a process, with or without one. Signals and
 * shutdown hooks are touched nowhere else.
 */
@NullMarked
package io.kafila.daemon.internal.process;

import org.jspecify.annotations.NullMarked;
