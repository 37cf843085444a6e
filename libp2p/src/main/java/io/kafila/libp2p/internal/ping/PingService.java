package io.kafila.libp2p.internal.ping;

import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamException;
import io.kafila.libp2p.StreamReader;
import io.kafila.multiformats.Payload;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Answers pings and sends them. Thread-safe. */
public final class PingService {
    public static final String PROTOCOL = "/ipfs/ping/1.0.0";

    private static final int BYTES = 32;

    /** How many streams of one peer are answered at once. */
    private static final int MAX_STREAMS = 2;

    private static final long PING_TIMEOUT_MS = 10_000;
    private static final long IDLE_TIMEOUT_MS = 60_000;

    private final ScheduledExecutorService scheduler;
    private final LongSupplier nanoClock;
    private final Random random;

    /** @param random need not be secure: the bytes only tell one ping from the next */
    public PingService(ScheduledExecutorService scheduler, LongSupplier nanoClock, Random random) {
        this.scheduler = scheduler;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /** Serves {@link #PROTOCOL}. */
    public void answer(Stream stream) {
        long open = stream.connection().streams().stream()
                .filter(each -> !each.isInitiator() && each.protocol().equals(PROTOCOL))
                .count();
        if (open > MAX_STREAMS) {
            stream.reset();
        } else {
            echo(stream, new StreamReader(stream));
        }
    }

    /** The round-trip time of one ping on a stream of its own. */
    public CompletableFuture<Duration> ping(Connection connection) {
        return connection.newStream(List.of(PROTOCOL)).thenCompose(stream -> {
            ScheduledFuture<?> timer = scheduler.schedule(stream::reset, PING_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            byte[] sent = new byte[BYTES];
            random.nextBytes(sent);
            long startNanos = nanoClock.getAsLong();
            return stream.write(Payload.of(sent.clone()))
                    .thenCompose(written -> new StreamReader(stream).exactly(BYTES))
                    .thenApply(echoed -> {
                        if (!Arrays.equals(sent, echoed)) {
                            throw new StreamException("ping: the peer sent back other bytes");
                        }
                        return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
                    })
                    .whenComplete((duration, cause) -> {
                        timer.cancel(false);
                        if (cause == null) {
                            stream.close();
                        } else {
                            stream.reset();
                        }
                    });
        });
    }

    private void echo(Stream stream, StreamReader reader) {
        ScheduledFuture<?> timer = scheduler.schedule(stream::reset, IDLE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        reader.exactly(BYTES).whenComplete((bytes, cause) -> {
            timer.cancel(false);
            if (cause != null) {
                stream.reset();
            } else if (bytes == null) {
                stream.close();
            } else {
                stream.write(Payload.of(bytes)).whenComplete((done, failure) -> {
                    if (failure == null) {
                        echo(stream, reader);
                    } else {
                        stream.reset();
                    }
                });
            }
        });
    }
}
