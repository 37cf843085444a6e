/**
 * Logging of the program: quiet unless asked. The environment sets levels ({@code KAFILA_LOG} or {@code GOLOG_LOG_LEVEL},
 * such as {@code error,bitswap=debug}), the command {@code log} changes and reads them while a daemon runs.
 *
 * <p>A subsystem is a module's package below {@code io.kafila}. {@link io.kafila.daemon.internal.logging.Logs} is the way
 * in; {@link io.kafila.daemon.internal.logging.LogConfigurator} is found by logback as a service, which spares every start
 * the reading of an XML file. Thread-safe.
 */
@NullMarked
package io.kafila.daemon.internal.logging;

import org.jspecify.annotations.NullMarked;
