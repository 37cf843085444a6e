package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Adds and fetches without pause, each of content that is new to the daemon, and remembers which were acknowledged. A
 * sample becomes new content by a chunk size that was not used before.
 */
final class CrashLoad implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SMALL_SAMPLES = 7;
    private static final int SMALL_BYTES = 1 << 20;

    /** Takes long enough that a kill often falls into it. */
    private static final int LARGE_BYTES = 24 << 20;

    private final Rpc rpc = new Rpc();
    private final List<Path> samples = new ArrayList<>();
    private final Map<Path, String> fingerprints = new TreeMap<>();
    private final AtomicInteger chunkBytes = new AtomicInteger(1 << 16);

    /** Makes the samples in a folder of their own. */
    CrashLoad(Path folder, Random random) {
        for (int i = 0; i < SMALL_SAMPLES; i++) {
            samples.add(Sample.file(folder.resolve("small-" + i), 1 + random.nextInt(SMALL_BYTES), i));
        }
        samples.add(Sample.file(folder.resolve("large"), LARGE_BYTES, SMALL_SAMPLES));
        samples.forEach(sample -> fingerprints.put(sample, Sample.sha256(sample)));
    }

    /**
     * A file that the daemon said it has.
     *
     * @param added the daemon's client brought it; else another peer did
     * @param pinned the daemon said so too
     */
    record Root(String cid, Path content, boolean added, boolean pinned) {}

    /** All there is, read without asking any other peer, and all pins that were promised. */
    void assertWhole(Daemon daemon, Collection<Root> roots, String when) throws IOException {
        Set<String> pins = new HashSet<>();
        daemon.json("pin", "ls", "--type=recursive", "--enc=json")
                .path("Keys") // absent where there is no pin yet
                .fieldNames()
                .forEachRemaining(pins::add);
        for (Root root : roots) {
            String name = (root.added() ? "added root " : "fetched root ") + root.cid() + " " + when;
            Buffer back = rpc.call(daemon.api(), "cat?offline=true&arg=" + root.cid())
                    .ok()
                    .body();
            assertThat(Sample.sha256(back.getBytes())).as(name).isEqualTo(fingerprints.get(root.content()));
            assertThat(!root.pinned() || pins.contains(root.cid()))
                    .as("pin of " + name)
                    .isTrue();
        }
    }

    /** The load on {@code daemon} until it is killed; what it fetches, {@code source} has. */
    Round round(Daemon daemon, Daemon source) {
        return new Round(daemon.api(), source.api());
    }

    /** The time between two kills. Thread-safe. */
    final class Round {
        private final String api;
        private final String source;
        private final Queue<Root> acknowledged = new ConcurrentLinkedQueue<>();
        private final AtomicInteger cutShort = new AtomicInteger();
        private volatile boolean ending;

        private Round(String api, String source) {
            this.api = api;
            this.source = source;
        }

        /** From now on the daemon may be gone, and a call that fails is one that a kill cut short. */
        void end() {
            ending = true;
        }

        Collection<Root> acknowledged() {
            return acknowledged;
        }

        int cutShort() {
            return cutShort.get();
        }

        /** Adds files until the daemon is gone. */
        void add() {
            untilGone(n -> {
                Path sample = samples.get(n % samples.size());
                acknowledged.add(new Root(put(api, sample, true), sample, true, true));
            });
        }

        /** Has the source add files and fetches them, by turns with {@code cat} and with {@code pin add}. */
        void fetch() {
            untilGone(n -> {
                Path sample = samples.get(n % samples.size());
                String cid = put(source, sample, false);
                boolean pin = n % 2 == 0;
                Rpc.Answer answer =
                        rpc.call(api, (pin ? "pin/add?arg=" : "cat?arg=") + cid).ok();
                if (!pin) {
                    assertThat(Sample.sha256(answer.body().getBytes())).isEqualTo(fingerprints.get(sample));
                }
                acknowledged.add(new Root(cid, sample, false, pin));
            });
        }

        private String put(String to, Path sample, boolean pin) throws IOException {
            String call = "add?quieter=true&pin=" + pin + "&chunker=size-" + chunkBytes.incrementAndGet();
            JsonNode answer =
                    JSON.readTree(rpc.upload(to, call, sample).ok().body().getBytes());
            return answer.get("Hash").asText();
        }

        private void untilGone(Step step) {
            for (int n = 0; !ending; n++) {
                try {
                    step.run(n);
                } catch (IOException e) {
                    if (!ending) {
                        throw new AssertionError("the daemon went away before its kill", e);
                    }
                    cutShort.incrementAndGet();
                }
            }
        }
    }

    private interface Step {
        void run(int n) throws IOException;
    }

    @Override
    public void close() {
        rpc.close();
    }
}
