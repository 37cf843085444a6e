package io.kafila.daemon.internal.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Levels and lines of the log. Thread-safe. */
public final class Logs {
    /** Lines that wait for a reader of {@link #tail}; more are dropped. */
    static final int MAX_WAITING = 1024;

    private static final String PREFIX = "io.kafila.";
    /** Nothing is logged that is so serious: at this level all is silent. */
    private static final String FATAL = "fatal";

    private Logs() {}

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /** Applies a list such as {@code error,bitswap=debug}; parts that make no sense are passed over. */
    static void apply(LoggerContext context, @Nullable String levels) {
        for (String part : levels == null ? new String[0] : levels.split(",", -1)) {
            int equals = part.indexOf('=');
            Optional<Level> level = parse(part.substring(equals + 1));
            String name = equals < 0 ? org.slf4j.Logger.ROOT_LOGGER_NAME : PREFIX + part.substring(0, equals);
            level.ifPresent(known -> context.getLogger(name).setLevel(known));
        }
    }

    private static Optional<Level> parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "trace" -> Optional.of(Level.TRACE);
            case "debug" -> Optional.of(Level.DEBUG);
            case "info" -> Optional.of(Level.INFO);
            case "warn" -> Optional.of(Level.WARN);
            case "error", "dpanic", "panic" -> Optional.of(Level.ERROR);
            case FATAL -> Optional.of(Level.OFF);
            default -> Optional.empty();
        };
    }

    private static Level require(String text) {
        return parse(text).orElseThrow(() -> new CommandException("unrecognized level: \"" + text + "\""));
    }

    /** The subsystems that have logged or could. */
    public static Set<String> subsystems() {
        Set<String> names = new TreeSet<>();
        for (Logger logger : context().getLoggerList()) {
            if (logger.getName().startsWith(PREFIX)) {
                names.add(logger.getName().substring(PREFIX.length()).replaceFirst("\\..*", ""));
            }
        }
        return names;
    }

    /** The level of what has none of its own. */
    public static String defaultLevel() {
        return word(context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getEffectiveLevel());
    }

    public static String level(String subsystem) {
        Logger known = context().exists(PREFIX + subsystem);
        if (known == null) {
            throw new CommandException("no such logger: " + subsystem);
        }
        return word(known.getEffectiveLevel());
    }

    /** Every subsystem with its level. */
    public static Map<String, String> levels() {
        Map<String, String> levels = new TreeMap<>();
        subsystems().forEach(name -> levels.put(name, level(name)));
        return levels;
    }

    /** Sets the level of a subsystem, which may be one that has not logged yet. */
    public static void setLevel(String subsystem, String level) {
        context().getLogger(PREFIX + subsystem).setLevel(require(level));
    }

    /** Sets the default and all subsystems. */
    public static void setAll(String level) {
        Level known = require(level);
        for (Logger logger : context().getLoggerList()) {
            if (logger.getName().startsWith(PREFIX)) {
                logger.setLevel(null);
            }
        }
        context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(known);
    }

    private static String word(Level level) {
        return level == Level.OFF ? FATAL : level.toString().toLowerCase(Locale.ROOT);
    }

    /** The lines that are logged from now on, at a level or above; empty text for all. */
    public static Tail tail(String level) {
        Tail tail = new Tail(level.isEmpty() ? Level.TRACE : require(level));
        tail.setContext(context());
        tail.start();
        context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(tail);
        return tail;
    }

    /** Lines as JSON objects, read by one thread. Closing it ends the listening. */
    public static final class Tail extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MAX_WAITING);
        private final Level least;

        private Tail(Level least) {
            this.least = least;
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(least)) {
                // A reader that is slow misses lines; the log does not wait for it.
                boolean kept = lines.offer(Json.write(Json.object(
                        "level", word(event.getLevel()),
                        "ts", Instant.ofEpochMilli(event.getTimeStamp()),
                        "logger", event.getLoggerName().replaceFirst("^io\\.kafila\\.", ""),
                        "msg", event.getFormattedMessage())));
                if (!kept) {
                    addWarn("a line was dropped for a slow reader");
                }
            }
        }

        /** Waits for the next line. */
        public String take() throws InterruptedException {
            return lines.take();
        }

        @Override
        public void close() {
            context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(this);
            stop();
        }
    }
}
