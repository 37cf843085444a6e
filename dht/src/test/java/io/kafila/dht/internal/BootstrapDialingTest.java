package io.kafila.dht.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.libp2p.Connection;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.FakeClock;
import io.kafila.testkit.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BootstrapDialingTest {
    private final ManualScheduler scheduler = new ManualScheduler(new FakeClock(Instant.EPOCH));
    private final Logger logger = (Logger) LoggerFactory.getLogger(BootstrapDialing.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final List<PeerId> dialed = new ArrayList<>();
    private final PeerId peer = Contacts.peer(new Random(1));
    private boolean alive;
    private int known;

    private final DhtLoop loop = new DhtLoop() {
        @Override
        public void execute(Runnable task) {
            scheduler.schedule(Duration.ZERO, task);
        }

        @Override
        public Runnable schedule(long delayNanos, Runnable task) {
            return scheduler.schedule(Duration.ofNanos(delayNanos), task);
        }

        @Override
        public long nanoTime() {
            return scheduler.clock().nanos();
        }

        @Override
        public long currentTimeMillis() {
            return scheduler.clock().millis();
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(said);
        logger.setLevel(null);
    }

    private CompletableFuture<Connection> dial(PeerId to, List<Multiaddr> addresses) {
        assertThat(addresses).containsExactly(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        dialed.add(to);
        return alive
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new IllegalStateException("refused"));
    }

    private List<String> said() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void deadPeers_saidOnce_triedAgain_recoveryIsSaid() {
        Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/1").withPeerId(peer);
        BootstrapDialing bootstrap = new BootstrapDialing(loop, this::dial, () -> known, List.of(address));
        bootstrap.start();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(dialed).hasSize(21);
        assertThat(said())
                .containsExactly("dht: none of the 1 bootstrap peers answers; the node works without and tries again"
                        + " every 30 s");
        alive = true;
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(said()).hasSize(2).endsWith("dht: a bootstrap peer answers again");
        known = BootstrapDialing.FEW_PEERS;
        int before = dialed.size();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(dialed).as("enough are known").hasSize(before);
        known = 0;
        bootstrap.close();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(dialed).hasSize(before);
    }

    @Test
    void noPeers_silent() {
        new BootstrapDialing(loop, this::dial, () -> 0, List.of()).start();
        scheduler.advance(Duration.ofMinutes(10));
        assertThat(said()).isEmpty();
    }
}
