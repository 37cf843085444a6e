/**
 * Files of this machine that a daemon reads itself, so that a command need not send their bytes through a socket.
 *
 * <p>The command line makes a {@link io.kafila.daemon.internal.local.FileOffer} for a file and signs it with the {@link
 * io.kafila.daemon.internal.local.MachineSecret} of the repo; the daemon takes it, or the file is sent as ever. Nothing here
 * knows of HTTP. Decision 0015 says what an offer proves, and to whom.
 */
@NullMarked
package io.kafila.daemon.internal.local;

import org.jspecify.annotations.NullMarked;
