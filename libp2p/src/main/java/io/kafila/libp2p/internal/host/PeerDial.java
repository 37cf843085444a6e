package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.DialException;
import io.kafila.libp2p.internal.transport.AddressResolver;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach a peer, shared by all who ask meanwhile: several addresses, one winner. Confined to its executor, a
 * single thread.
 */
final class PeerDial {
    private final PeerId peer;
    private final Dialer dialer;
    private final ScheduledExecutorService loop;
    private final DialSchedule schedule;
    private final Map<Multiaddr, String> answers = new LinkedHashMap<>();
    private final List<Channel> channels = new ArrayList<>();
    private final CompletableFuture<HostConnection> result = new CompletableFuture<>();
    private int lookups;
    private boolean wakeUpPlanned;

    PeerDial(PeerId peer, Dialer dialer, ScheduledExecutorService loop) {
        this.peer = peer;
        this.dialer = dialer;
        this.loop = loop;
        this.schedule = new DialSchedule(dialer.nowNanos());
    }

    CompletableFuture<HostConnection> result() {
        return result;
    }

    /** Adds addresses to the attempt. From any thread. */
    void add(Collection<Dialer.Candidate> candidates) {
        loop.execute(() -> {
            for (Dialer.Candidate candidate : candidates) {
                addNow(candidate);
            }
            proceed();
        });
    }

    /** Gives up. From any thread. */
    void abort(String reason) {
        loop.execute(() -> finish(null, new DialException(peer, reason)));
    }

    private void addNow(Dialer.Candidate candidate) {
        if (!AddressResolver.isName(candidate.address())) {
            take(candidate);
            return;
        }
        lookups++;
        dialer.resolve(candidate.address())
                .whenComplete((found, cause) -> loop.execute(() -> {
                    lookups--;
                    if (cause != null) {
                        answers.put(candidate.address(), Dialer.reason(cause));
                    } else {
                        found.forEach(address -> take(new Dialer.Candidate(address, candidate.insistent())));
                    }
                    proceed();
                }));
    }

    private void take(Dialer.Candidate candidate) {
        String refusal = dialer.refusal(peer, candidate);
        Multiaddr address = candidate.address().withoutPeerId();
        if (refusal != null) {
            answers.putIfAbsent(address, refusal);
        } else {
            schedule.add(address);
        }
    }

    private void proceed() {
        if (result.isDone()) {
            return;
        }
        for (Multiaddr address : schedule.due(dialer.nowNanos())) {
            dialer.dial(peer, address, new Dialer.Attempt() {
                @Override
                public void onChannel(Channel channel) {
                    loop.execute(() -> keep(channel));
                }

                @Override
                public boolean isCancelled() {
                    return result.isDone();
                }

                @Override
                public void onConnected(HostConnection connection) {
                    loop.execute(() -> connected(connection));
                }

                @Override
                public void onFailed(String reason) {
                    loop.execute(() -> failed(address, reason));
                }
            });
        }
        if (schedule.isExhausted() && lookups == 0) {
            finish(null, failure());
            return;
        }
        long waitNanos = schedule.waitNanos(dialer.nowNanos());
        if (waitNanos >= 0 && !wakeUpPlanned) {
            wakeUpPlanned = true;
            loop.schedule(
                    () -> {
                        wakeUpPlanned = false;
                        proceed();
                    },
                    waitNanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    private DialException failure() {
        return answers.isEmpty() ? new DialException(peer, "no addresses") : new DialException(peer, answers);
    }

    private void keep(Channel channel) {
        if (result.isDone()) {
            channel.close();
        } else {
            channels.add(channel);
        }
    }

    /** The first one wins; a second one that came through at the same time is superfluous. */
    private void connected(HostConnection connection) {
        if (result.isDone()) {
            connection.close();
        } else {
            finish(connection, null);
        }
    }

    private void failed(Multiaddr address, String reason) {
        answers.put(address, reason);
        schedule.failed(dialer.nowNanos());
        proceed();
    }

    private void finish(@Nullable HostConnection connection, @Nullable DialException cause) {
        if (result.isDone()) {
            return;
        }
        dialer.onOver(peer, this);
        if (connection != null) {
            result.complete(connection);
            channels.remove(connection.channel());
        } else if (cause != null) {
            HostConnection other = dialer.connectionOf(peer);
            if (other != null) {
                result.complete(other);
            } else {
                result.completeExceptionally(cause);
            }
        }
        channels.forEach(Channel::close);
        channels.clear();
    }
}
