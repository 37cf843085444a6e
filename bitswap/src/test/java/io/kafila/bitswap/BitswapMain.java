package io.kafila.bitswap;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.SegmentRepository;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An exchange to try by hand: {@code BitswapMain <security> <seconds> <roots> [<multiaddr with /p2p> ...]} fetches the
 * DAGs below roots, which commas separate, into memory or the repository {@code -Dstore}, prints how fast each was, and serves what it has.
 */
final class BitswapMain {
    private BitswapMain() {}

    public static void main(String[] args) throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        String dir = System.getProperty("store", "");
        Blockstore store = dir.isEmpty()
                ? new MemoryBlockstore()
                : SegmentRepository.open(Path.of(dir), RepositoryOptions.DEFAULT);
        try (Host host = new HostBuilder(key)
                        .securities(List.of(args[0].split(",")))
                        .agentVersion("kafila/test")
                        .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                        .start();
                Bitswap bitswap = new Bitswap(host, store, ContentRouting.none(), BitswapOptions.DEFAULT)) {
            System.out.println("listening " + host.addresses().get(0).withPeerId(host.peerId()));
            for (int i = 3; i < args.length; i++) {
                Multiaddr address = Multiaddr.parse(args[i]);
                host.connect(address.peerId().orElseThrow(), List.of(address)).get(10, TimeUnit.SECONDS);
            }
            for (String root : args[2].split(",")) {
                long start = System.nanoTime();
                long bytes = fetch(bitswap, Cid.parse(root));
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "fetched %s %d bytes in %.3f s = %.1f MiB/s%n",
                        root, bytes, seconds, bytes / seconds / 1048576);
            }
            System.out.println(bitswap.stat());
            new CountDownLatch(1).await(Long.parseLong(args[1]), TimeUnit.SECONDS);
            System.out.println(bitswap.stat());
        }
        store.close();
    }

    private static long fetch(Bitswap bitswap, Cid root) throws Exception {
        AtomicLong bytes = new AtomicLong();
        AtomicInteger open = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        try (FetchSession session = bitswap.newSession(FetchOptions.DEFAULT)) {
            walk(session, root, bytes, open, done);
            if (!done.await(300, TimeUnit.SECONDS)) {
                throw new IllegalStateException("fetch stalled with " + open + " open after " + bytes + " bytes");
            }
        }
        return bytes.get();
    }

    private static void walk(FetchSession session, Cid cid, AtomicLong bytes, AtomicInteger open, CountDownLatch done) {
        open.incrementAndGet();
        session.fetch(cid).whenComplete((block, error) -> {
            if (error != null) {
                error.printStackTrace();
                return;
            }
            try (Block got = block) {
                bytes.addAndGet(got.sizeBytes());
                if (cid.codec() == 0x70) {
                    links(got.payload()).forEach(link -> walk(session, link, bytes, open, done));
                }
            }
            if (open.decrementAndGet() == 0) {
                done.countDown();
            }
        });
    }

    /** The links of a dag-pb node, whose fields are all length-delimited: Links is 2, a link's Hash 1. */
    private static List<Cid> links(Payload payload) {
        List<Cid> links = new ArrayList<>();
        ByteBuffer node = payload.buffer();
        while (node.hasRemaining()) {
            int tag = node.get();
            ByteBuffer field = field(node);
            if (tag == 0x12) {
                field.get();
                byte[] cid = new byte[field(field.duplicate()).remaining()];
                field(field).get(cid);
                links.add(Cid.decode(cid));
            }
        }
        return links;
    }

    private static ByteBuffer field(ByteBuffer buffer) {
        int length = (int) Varint.read(buffer);
        ByteBuffer field = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return field;
    }
}
