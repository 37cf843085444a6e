package io.kafila.naming;

import io.kafila.dag.ContentPath;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.FakeClock;
import io.kafila.testkit.ManualScheduler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names on a routing system in memory, in virtual time. */
final class NamingBench {
    static final ContentPath A = ContentPath.parse("/ipfs/bafkqaaa/a");
    static final ContentPath B = ContentPath.parse("/ipfs/bafkqaaa/b");

    final FakeClock clock = new FakeClock(Instant.parse("2026-01-02T03:04:05Z"));
    final ManualScheduler scheduler = new ManualScheduler(clock);
    final ManualTimer timer = new ManualTimer(scheduler);
    final FakeRouting routing = new FakeRouting();
    final RecordStore store = new RecordStore(new MemoryDatastore());
    final RecordFinder finder = new RecordFinder(routing, store, clock, Runnable::run, timer);
    final Map<String, List<String>> dns = new java.util.HashMap<>();
    final List<String> asked = new ArrayList<>();
    final NameSystem names = new NameSystem(
            finder,
            domain -> {
                asked.add(domain);
                return java.util.concurrent.CompletableFuture.completedFuture(dns.getOrDefault(domain, List.of()));
            },
            new NameSystem.Options(2, Duration.ofMinutes(10), Map.of("fixed.example", B)),
            clock);
    final IpnsPublisher publisher = new IpnsPublisher(routing, finder, store, clock, Runnable::run);
    final PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    final IpnsName name = IpnsName.of(key.publicKey());

    IpnsRecord record(ContentPath value, long sequence) {
        return IpnsRecord.create(
                key, IpnsRecordDraft.of(value, sequence, clock.instant().plus(Duration.ofHours(48))));
    }
}
