package io.kafila.libp2p;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * How fast one stream is on the loopback interface, both hosts in one JVM with one event loop each:
 * {@code ThroughputMain <security> <MiB per round> <rounds> [<listen address> [private]]}.
 */
final class ThroughputMain {
    private static final int MESSAGE_BYTES = 1024 * 1024;
    private static final int IN_FLIGHT = 4;

    private ThroughputMain() {}

    public static void main(String[] args) throws Exception {
        int messages = Integer.parseInt(args[1]);
        String listen = args.length > 3 ? args[3] : "/ip4/127.0.0.1/tcp/0";
        boolean inPrivate = args.length > 4 && args[4].equals("private");
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        HostBuilder first = host(args[0]).listen(List.of(Multiaddr.parse(listen)));
        HostBuilder second = host(args[0]);
        if (inPrivate) {
            first.privateNetwork(key);
            second.privateNetwork(key);
        }
        try (Host server = first.start();
                Host client = second.start()) {
            CompletableFuture<?>[] done = new CompletableFuture<?>[1];
            server.handle("/sink/1", stream -> {
                done[0] = new CompletableFuture<Void>();
                sink(stream, 0, (long) messages * MESSAGE_BYTES, done[0]);
            });
            client.connect(server.peerId(), server.addresses())
                    .get()
                    .identified()
                    .get();
            ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
            for (int round = 0; round < Integer.parseInt(args[2]); round++) {
                Stream stream =
                        client.newStream(server.peerId(), List.of("/sink/1")).get();
                Semaphore inFlight = new Semaphore(IN_FLIGHT);
                long startCpu = cpuNanos();
                long start = System.nanoTime();
                for (int i = 0; i < messages; i++) {
                    inFlight.acquire();
                    stream.write(Payload.of(message.duplicate())).whenComplete((sent, cause) -> inFlight.release());
                }
                stream.closeWrite().get();
                while (done[0] == null) {
                    Thread.onSpinWait();
                }
                done[0].get();
                done[0] = null;
                double seconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = (cpuNanos() - startCpu) / 1e9;
                System.out.printf(
                        "%s %.0f MiB/s, %.2f CPU s/GiB both sides%n",
                        args[0], messages / seconds, cpuSeconds * 1024 / messages);
                stream.close();
            }
        }
    }

    private static void sink(Stream stream, long before, long expected, CompletableFuture<?> done) {
        stream.read().whenComplete((payload, cause) -> {
            if (payload == null) {
                stream.close();
                if (before == expected) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(new AssertionError(before + " of " + expected + " bytes: " + cause));
                }
                return;
            }
            long after = before + payload.size();
            payload.close();
            sink(stream, after, expected, done);
        });
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static HostBuilder host(String security) {
        return new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .securities(List.of(security))
                .ioThreads(1);
    }
}
