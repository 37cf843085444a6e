package io.kafila.libp2p.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.slf4j.LoggerFactory;

/** Collects what Netty's leak detector says from construction on, and on {@link #close} fails if it said anything. */
public final class LeakWatch implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

    public LeakWatch() {
        reports.start();
        logger.addAppender(reports);
    }

    /** Collects garbage until a sentinel is gone, lets the detector look, and asserts that it is silent. */
    @Override
    public void close() {
        for (int round = 0; round < 2; round++) {
            collect();
            for (int i = 0; i < 200; i++) {
                ByteBufAllocator.DEFAULT.directBuffer(16).release();
                ByteBufAllocator.DEFAULT.heapBuffer(16).release();
            }
        }
        logger.detachAppender(reports);
        assertThat(reports.list).as("leaks").isEmpty();
    }

    private static void collect() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new byte[1024], queue);
        System.gc();
        try {
            assertThat(queue.remove(10_000)).isSameAs(sentinel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
