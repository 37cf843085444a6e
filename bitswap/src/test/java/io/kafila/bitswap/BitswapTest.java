package io.kafila.bitswap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageDecoder;
import io.kafila.bitswap.internal.wire.MessageEncoder;
import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.blockstore.StorageFullException;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.EventLoops;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole exchanges over real hosts on the memory transport. */
class BitswapTest {
    private static final int WAIT_SECONDS = 30;

    private final EventLoops loops = EventLoops.create(2);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        loops.close();
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private TestNode node() {
        return opened(new TestNode(loops));
    }

    private TestNode node(BitswapOptions options) {
        return opened(new TestNode(loops, options, ContentRouting.none(), 0));
    }

    private FetchSession session(TestNode node) {
        return opened(node.bitswap.newSession(FetchOptions.DEFAULT));
    }

    private static Block get(CompletableFuture<Block> future) throws Exception {
        return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(end);
            // What is awaited has no event to wait for.
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }

    private static void fetchAll(FetchSession session, List<Block> blocks) throws Exception {
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        for (int i = 0; i < blocks.size(); i++) {
            try (Block got = get(fetches.get(i))) {
                assertThat(got.cid()).isEqualTo(blocks.get(i).cid());
                assertThat(got.payload().buffer())
                        .isEqualTo(blocks.get(i).payload().buffer());
            }
        }
    }

    @Test
    void fetch_connectedPeerHasIt_isStoredAndAccountedFor() throws Exception {
        TestNode server = node();
        TestNode client = node();
        List<Block> blocks = TestNode.blocks(1, 1, 100_000);
        server.put(blocks);
        client.connect(server);
        fetchAll(session(client), blocks);
        assertThat(client.store.has(blocks.get(0).cid()).get()).isTrue();
        assertThat(client.bitswap.wantlist()).isEmpty();
        await(() -> server.bitswap.ledger(client.id()).sent() == 100_000);
        BitswapLedger ledger = client.bitswap.ledger(server.id());
        assertThat(ledger).isEqualTo(new BitswapLedger(server.id(), 0, 0, 100_000, 1));
        assertThat(server.bitswap.ledger(client.id()).value()).isEqualTo(100_000.0);
        BitswapStat stat = client.bitswap.stat();
        assertThat(stat.blocksReceived()).isEqualTo(1);
        assertThat(stat.dataReceived()).isEqualTo(100_000);
        assertThat(stat.messagesReceived()).isPositive();
        assertThat(stat.peers()).containsExactly(server.id());
        assertThat(server.bitswap.stat().blocksSent()).isEqualTo(1);
    }

    @Test
    void fetch_manyBlocksOfManySizes_allArrive() throws Exception {
        TestNode server = node();
        TestNode client = node();
        List<Block> blocks = new ArrayList<>(TestNode.blocks(1, 500, 200));
        blocks.addAll(TestNode.blocks(2, 100, 30_000));
        blocks.addAll(TestNode.blocks(3, 20, 2 * 1024 * 1024));
        blocks.addAll(TestNode.blocks(4, 1, 0));
        server.put(blocks);
        client.connect(server);
        fetchAll(session(client), blocks);
        assertThat(client.bitswap.stat().dupBlksReceived()).isZero();
        assertThat(client.bitswap.counters().unwantedBlocks()).isZero();
    }

    @Test
    void fetch_severalPeersOneCorrupt_isExactAndUsesAllGoodOnes() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 400, 100_000);
        TestNode client = node();
        TestNode corrupt = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), 10));
        List<TestNode> good = List.of(node(), node());
        corrupt.put(blocks);
        client.connect(corrupt);
        for (TestNode node : good) {
            node.put(blocks);
            client.connect(node);
        }
        fetchAll(session(client), blocks);
        Map<?, BitswapStat.PeerStat> byPeer = client.bitswap.stat().byPeer().stream()
                .collect(Collectors.toMap(BitswapStat.PeerStat::peer, peer -> peer));
        for (TestNode node : good) {
            assertThat(byPeer.get(node.id()).blocksReceived()).isGreaterThan(20);
            assertThat(byPeer.get(node.id()).unwantedBlocks()).isZero();
        }
        if (byPeer.containsKey(corrupt.id())) {
            assertThat(byPeer.get(corrupt.id()).unwantedBlocks()).isLessThanOrEqualTo(10);
        }
    }

    @Test
    void fetch_onlyACorruptPeerAtFirst_peerIsClosed_andAnotherOneServes() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 200, 50_000);
        TestNode client = node();
        TestNode corrupt = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), 10));
        TestNode good = node();
        corrupt.put(blocks);
        good.put(blocks);
        client.connect(corrupt);
        FetchSession session = session(client);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        await(() -> client.bitswap.counters().closedPeers() == 1);
        await(() -> client.host.connections(corrupt.id()).isEmpty());
        client.connect(good);
        for (CompletableFuture<Block> fetch : fetches) {
            try (Block block = get(fetch)) {
                assertThat(block.verified()).isTrue();
            }
        }
        assertThat(client.bitswap.counters().unwantedBlocks()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void fetch_peerDies_othersTakeOver() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 200, 200_000);
        TestNode client = node();
        TestNode dying = node();
        TestNode staying = node();
        dying.put(blocks);
        staying.put(blocks);
        client.connect(dying);
        FetchSession session = session(client);
        try (Block first = get(session.fetch(blocks.get(0).cid()))) {
            assertThat(first.verified()).isTrue();
        }
        client.connect(staying);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        get(fetches.get(20)).close();
        dying.host.close();
        for (int i = 0; i < fetches.size(); i++) {
            if (i != 20) {
                get(fetches.get(i)).close();
            }
        }
    }

    @Test
    void fetch_connectionToTheOnlyPeerIsLost_isDialedAgain() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 200, 200_000);
        TestNode client = node();
        TestNode server = node();
        server.put(blocks);
        client.connect(server);
        FetchSession session = session(client);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        get(fetches.get(0)).close();
        server.host.disconnect(client.id());
        for (CompletableFuture<Block> fetch : fetches.subList(1, fetches.size())) {
            get(fetch).close();
        }
    }

    @Test
    void fetch_nobodyConnected_providersAreFoundAndDialed() throws Exception {
        TestNode server = node();
        List<Block> blocks = TestNode.blocks(1, 3, 1000);
        server.put(blocks);
        List<Cid> asked = new ArrayList<>();
        ContentRouting routing = (cid, limit, found) -> {
            asked.add(cid);
            found.accept(new Provider(server.id(), server.host.addresses()));
            return CompletableFuture.completedFuture(null);
        };
        TestNode client = opened(new TestNode(loops, BitswapOptions.DEFAULT, routing, 0));
        fetchAll(session(client), blocks);
        assertThat(asked).startsWith(blocks.get(0).cid());
    }

    @Test
    void fetch_blockComesToThePeerLater_isSent() throws Exception {
        TestNode server = node();
        TestNode client = node();
        client.connect(server);
        List<Block> blocks = TestNode.blocks(1, 2, 100_000);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        FetchSession session = session(client);
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        await(() -> server.bitswap.wantlist(client.id()).containsAll(TestNode.cids(blocks)));
        assertThat(client.bitswap.wantlist()).containsExactlyElementsOf(TestNode.cids(blocks));
        server.put(blocks);
        server.bitswap.notifyNewBlocks(TestNode.cids(blocks));
        for (CompletableFuture<Block> fetch : fetches) {
            get(fetch).close();
        }
    }

    @Test
    void fetch_blockIsAddedHere_completes() throws Exception {
        TestNode client = node();
        List<Block> blocks = TestNode.blocks(1, 1, 1000);
        CompletableFuture<Block> fetch = session(client).fetch(blocks.get(0).cid());
        await(() -> client.bitswap.wantlist().size() == 1);
        client.put(blocks);
        client.bitswap.notifyNewBlocks(TestNode.cids(blocks));
        try (Block block = get(fetch)) {
            assertThat(block.verified()).isTrue();
        }
        assertThat(client.bitswap.wantlist()).isEmpty();
    }

    @Test
    void fetch_cancelledOrClosed_withdrawsTheWants() throws Exception {
        TestNode server = node();
        TestNode client = node();
        client.connect(server);
        List<Block> blocks = TestNode.blocks(1, 3, 1000);
        FetchSession session = session(client);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        await(() -> server.bitswap.wantlist(client.id()).size() == 3);
        fetches.get(0).cancel(false);
        await(() -> server.bitswap.wantlist(client.id()).size() == 2);
        session.close();
        await(() -> server.bitswap.wantlist(client.id()).isEmpty());
        assertThatThrownBy(() -> get(fetches.get(1)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(BitswapException.class);
        assertThatThrownBy(() -> get(session.fetch(blocks.get(0).cid()))).hasMessageContaining("session is closed");
    }

    @Test
    void fetch_sameBlockInTwoSessionsUnderTwoCids_comesOnce() throws Exception {
        TestNode server = node();
        TestNode client = node();
        List<Block> blocks = TestNode.blocks(1, 1, 100_000);
        Cid raw = blocks.get(0).cid();
        Cid other = Cid.v1(0x70, raw.multihash());
        CompletableFuture<Block> first = session(client).fetch(raw);
        CompletableFuture<Block> second = session(client).fetch(other);
        server.put(blocks);
        client.connect(server);
        try (Block a = get(first);
                Block b = get(second)) {
            assertThat(a.cid()).isEqualTo(raw);
            assertThat(b.cid()).isEqualTo(other);
            assertThat(a.payload().buffer()).isEqualTo(b.payload().buffer());
        }
    }

    @Test
    void fetch_identityAndForbiddenHashes_needNoPeer() throws Exception {
        TestNode client = node();
        Cid inline = Cid.v1(0x55, Multihash.of(0, new byte[] {1, 2, 3}));
        try (Block block = get(session(client).fetch(inline))) {
            assertThat(block.payload().toByteArray()).containsExactly(1, 2, 3);
        }
        Cid weak = Cid.v1(0x55, HashFunction.MURMUR3_X64_64.digest(new byte[1]));
        assertThatThrownBy(() -> get(session(client).fetch(weak))).hasCauseInstanceOf(MultiformatException.class);
    }

    @Test
    void fetch_olderDialects_work() throws Exception {
        for (int oldest = 1; oldest <= 3; oldest++) {
            TestNode server = node();
            TestNode client = node();
            for (int i = 0; i < oldest; i++) {
                server.host.unhandle(ProtocolVersion.values()[i].id());
                client.host.unhandle(ProtocolVersion.values()[i].id());
            }
            List<Block> blocks = TestNode.blocks(oldest, 30, 20_000);
            server.put(blocks);
            client.connect(server);
            fetchAll(session(client), blocks);
        }
    }

    @Test
    void serve_off_answersDontHave() throws Exception {
        TestNode server = node(BitswapOptions.DEFAULT.withServe(false));
        TestNode client = node(BitswapOptions.DEFAULT.withTimeouts(
                Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(15)));
        TestNode other = node();
        List<Block> blocks = TestNode.blocks(1, 5, 20_000);
        server.put(blocks);
        other.put(blocks);
        client.connect(server);
        client.connect(other);
        fetchAll(session(client), blocks);
        assertThat(server.bitswap.stat().blocksSent()).isZero();
    }

    @Test
    void close_isIdempotentAndFailsWhatIsOpen() throws Exception {
        TestNode client = node();
        CompletableFuture<Block> fetch =
                session(client).fetch(TestNode.blocks(1, 1, 10).get(0).cid());
        client.bitswap.close();
        client.bitswap.close();
        assertThatThrownBy(() -> get(fetch)).hasCauseInstanceOf(BitswapException.class);
        assertThat(client.bitswap.wantlist()).isEmpty();
        assertThat(client.bitswap.stat().wantlist()).isEmpty();
    }

    @Test
    void fetch_storeIsSlow_readingStopsAtTheBudget_thenGoesOn() throws Exception {
        TestNode server = node();
        List<Block> blocks = TestNode.blocks(1, 60, 256 * 1024);
        server.put(blocks);
        TestNode.GatedStore gated = new TestNode.GatedStore(opened(new MemoryBlockstore()));
        BitswapOptions little = new BitswapOptions(
                true,
                8 << 20,
                8 << 20,
                1024,
                1 << 20,
                1 << 20,
                64,
                2,
                4,
                Duration.ofMinutes(1),
                10,
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15));
        TestNode client = opened(new TestNode(loops, little, ContentRouting.none(), gated));
        client.connect(server);
        FetchSession session = session(client);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        await(() -> gated.waiting() > 0);
        await(() -> client.bitswap.counters().blocksReceived() >= 3);
        // Whatever else is asked for stays with the sender.
        assertThat(client.bitswap.counters().messageBytesReceived()).isLessThanOrEqualTo(2L << 20);
        gated.open();
        for (CompletableFuture<Block> fetch : fetches) {
            get(fetch).close();
        }
        assertThat(gated.mostWaitingBytes()).isLessThanOrEqualTo(1L << 20);
        assertThat(client.bitswap.stat().dupBlksReceived()).isZero();
    }

    @Test
    void fetch_storeFails_futureFails() throws Exception {
        TestNode server = node();
        List<Block> blocks = TestNode.blocks(1, 1, 5000);
        server.put(blocks);
        TestNode.GatedStore full = new TestNode.GatedStore(opened(new MemoryBlockstore()));
        full.fail(new StorageFullException("full for the test"));
        TestNode client = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), full));
        client.connect(server);
        assertThatThrownBy(() -> get(session(client).fetch(blocks.get(0).cid())))
                .hasCauseInstanceOf(StorageFullException.class);
    }

    @Test
    void fetch_streamIsResetByThePeer_wantsAreToldAgainOnANewOne() throws Exception {
        Host stranger = stranger();
        TestNode client = node();
        List<Block> blocks = TestNode.blocks(1, 3, 5000);
        BlockingQueue<Message> wantlists = new LinkedBlockingQueue<>();
        BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
        stranger.handle(ProtocolVersion.V1_2.id(), stream -> {
            streams.add(stream);
            collect(stream, new MessageAssembler(), wantlists);
        });
        client.host.connect(stranger.peerId(), stranger.addresses()).get(WAIT_SECONDS, TimeUnit.SECONDS);
        FetchSession session = session(client);
        List<CompletableFuture<Block>> fetches = new ArrayList<>();
        blocks.forEach(block -> fetches.add(session.fetch(block.cid())));
        assertThat(wantlists.poll(WAIT_SECONDS, TimeUnit.SECONDS).full()).isTrue();
        await(() -> client.bitswap.wantlist().size() == 3);
        streams.poll(WAIT_SECONDS, TimeUnit.SECONDS).reset();
        Message again = wantlists.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        while (!again.full()) {
            again = wantlists.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(again.wants().stream().map(WantEntry::cid).toList())
                .containsExactlyElementsOf(TestNode.cids(blocks));
        Stream answer = stranger.newStream(client.id(), ProtocolVersion.ids()).get(WAIT_SECONDS, TimeUnit.SECONDS);
        List<WireBlock> sent = blocks.stream().map(WireBlock::take).toList();
        answer.write(MessageEncoder.encode(new Message(false, List.of(), sent, List.of(), 0), ProtocolVersion.V1_2));
        for (CompletableFuture<Block> fetch : fetches) {
            get(fetch).close();
        }
    }

    @Test
    void receive_largeBlocks_goIntoTheStoresMemory_butNotThoseOfWhomNobodyAsked() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 3, 200_000);
        TestNode server = node();
        server.put(blocks);
        TestNode.LendingStore lending = new TestNode.LendingStore(opened(new MemoryBlockstore()));
        TestNode client = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), lending));

        List<WireBlock> unasked =
                TestNode.blocks(2, 1, 200_000).stream().map(WireBlock::take).toList();
        stream(stranger(), client)
                .write(MessageEncoder.encode(
                        new Message(false, List.of(), unasked, List.of(), 0), ProtocolVersion.V1_2));
        await(() -> client.bitswap.counters().unwantedBlocks() == 1);
        assertThat(lending.lent).hasValue(0);

        client.connect(server);
        FetchSession session = session(client);
        for (Block block : blocks) {
            try (Block fetched = get(session.fetch(block.cid()))) {
                assertThat(fetched.payload().toByteArray())
                        .isEqualTo(block.payload().toByteArray());
            }
        }
        assertThat(lending.lent).hasValue(3);
        await(() -> lending.out.get() == 0);
    }

    @Test
    void receive_largeBlocksForWhichTheStoreHasNoMemory_areCounted() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 3, 200_000);
        TestNode server = node();
        server.put(blocks);
        TestNode client = node();
        client.connect(server);
        FetchSession session = session(client);
        for (Block block : blocks) {
            get(session.fetch(block.cid())).close();
        }
        assertThat(client.bitswap.counters().blocksWithoutMemory()).isEqualTo(3);
        assertThat(server.bitswap.counters().blocksWithoutMemory()).isZero();
    }

    @Test
    void receive_peerGoesAwayWithinABlock_itsMemoryGoesBack() throws Exception {
        List<Block> blocks = TestNode.blocks(1, 1, 200_000);
        TestNode.LendingStore lending = new TestNode.LendingStore(opened(new MemoryBlockstore()));
        TestNode client = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), lending));
        Host stranger = stranger();
        BlockingQueue<Message> wantlists = new LinkedBlockingQueue<>();
        stranger.handle(ProtocolVersion.V1_2.id(), stream -> collect(stream, new MessageAssembler(), wantlists));
        Stream answer = stream(stranger, client);
        session(client).fetch(blocks.get(0).cid());
        assertThat(wantlists.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();

        List<WireBlock> sent = List.of(WireBlock.take(blocks.get(0)));
        try (Payload whole =
                MessageEncoder.encode(new Message(false, List.of(), sent, List.of(), 0), ProtocolVersion.V1_2)) {
            answer.write(whole.slice(0, 100_000));
        }
        await(() -> lending.out.get() == 1);
        answer.reset();
        await(() -> lending.out.get() == 0);
    }

    // Strangers

    private Host stranger() {
        return opened(new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .eventLoops(loops)
                .listen(List.of(Multiaddr.parse("/memory/0")))
                .start());
    }

    private static Stream stream(Host from, TestNode to) throws Exception {
        from.connect(to.id(), to.host.addresses()).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return from.newStream(to.id(), ProtocolVersion.ids()).get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void receive_rubbishOversizeAndTruncated_endsTheStreamOnly_andIsCounted() throws Exception {
        TestNode server = node();
        List<Block> blocks = TestNode.blocks(1, 1, 1000);
        server.put(blocks);
        Host stranger = stranger();
        List<String> rubbish = List.of("ffffffffff", "81808002", "0a" + "0b".repeat(10), "03" + "0a0500", "020a01");
        long malformed = 0;
        for (String hex : rubbish) {
            Stream stream = stream(stranger, server);
            stream.write(Payload.of(HexFormat.of().parseHex(hex)));
            malformed++;
            long want = malformed;
            await(() -> server.bitswap.counters().malformedMessages() == want);
        }
        Stream cut = stream(stranger, server);
        cut.write(Payload.of(new byte[] {100, 1, 2, 3}));
        cut.closeWrite();
        await(() -> server.bitswap.counters().malformedMessages() == rubbish.size() + 1);
        TestNode client = node();
        client.connect(server);
        fetchAll(session(client), blocks);
    }

    @Test
    void receive_blocksNobodyAskedFor_closeThePeer() throws Exception {
        TestNode server = node();
        Host stranger = stranger();
        CountDownLatch closed = new CountDownLatch(1);
        stranger.addListener(new ConnectionListener() {
            @Override
            public void onDisconnected(io.kafila.libp2p.Connection connection) {
                closed.countDown();
            }
        });
        Stream stream = stream(stranger, server);
        for (Block block : TestNode.blocks(1, 4, 1000)) {
            Message message = new Message(false, List.of(), List.of(WireBlock.take(block)), List.of(), 0);
            stream.write(MessageEncoder.encode(message, ProtocolVersion.V1_2));
        }
        assertThat(closed.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(server.bitswap.counters().unwantedBlocks()).isEqualTo(4);
        assertThat(server.bitswap.counters().closedPeers()).isEqualTo(1);
        assertThat(server.bitswap.stat().byPeer().get(0).unwantedBlocks()).isEqualTo(4);
    }

    @Test
    void receive_wantsOfAStranger_areAnsweredOnAStreamOfOurs() throws Exception {
        TestNode server = node();
        List<Block> blocks = TestNode.blocks(1, 2, 5000);
        server.put(blocks.subList(0, 1));
        Host stranger = stranger();
        BlockingQueue<Message> answers = new LinkedBlockingQueue<>();
        stranger.handle(ProtocolVersion.V1_2.id(), stream -> collect(stream, new MessageAssembler(), answers));
        Stream stream = stream(stranger, server);
        stream.write(MessageEncoder.encode(
                Message.ofWants(
                        true,
                        List.of(
                                WantEntry.have(blocks.get(0).cid(), 2),
                                WantEntry.block(blocks.get(1).cid(), 1))),
                ProtocolVersion.V1_2));
        List<Presence> presences = new ArrayList<>();
        while (presences.size() < 2) {
            presences.addAll(answers.poll(WAIT_SECONDS, TimeUnit.SECONDS).presences());
        }
        assertThat(presences)
                .containsExactlyInAnyOrder(
                        new Presence(blocks.get(0).cid(), true),
                        new Presence(blocks.get(1).cid(), false));
        assertThat(server.bitswap.wantlist(stranger.peerId()))
                .containsExactly(blocks.get(1).cid());
        stream.write(MessageEncoder.encode(
                Message.ofWants(false, List.of(WantEntry.block(blocks.get(0).cid(), 1))), ProtocolVersion.V1_2));
        try (Message answer = answers.poll(WAIT_SECONDS, TimeUnit.SECONDS)) {
            assertThat(answer.blocks()).hasSize(1);
            WireBlock block = answer.blocks().get(0);
            assertThat(block.prefix().cidOf(block.data()))
                    .isEqualTo(blocks.get(0).cid());
        }
    }

    private static void collect(Stream stream, MessageAssembler assembler, BlockingQueue<Message> messages) {
        stream.read().whenComplete((piece, error) -> {
            if (piece == null) {
                assembler.close();
                return;
            }
            assembler.take(piece);
            for (Payload body = assembler.poll(); body != null; body = assembler.poll()) {
                messages.add(MessageDecoder.decode(body));
                body.close();
            }
            collect(stream, assembler, messages);
        });
    }

    @Test
    void receive_tooManyStreams_areRefused() throws Exception {
        BitswapOptions few = new BitswapOptions(
                true,
                1 << 20,
                1 << 20,
                16,
                1 << 20,
                1 << 20,
                3,
                1,
                4,
                Duration.ofMinutes(1),
                10,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2));
        TestNode server = node(few);
        Host stranger = stranger();
        List<Stream> streams = new ArrayList<>();
        byte[] half = Arrays.copyOf(new byte[] {100}, 2);
        for (int i = 0; i < 5; i++) {
            Stream stream = stream(stranger, server);
            stream.write(Payload.of(half.clone()));
            streams.add(stream);
        }
        await(() -> server.bitswap.counters().refusedStreams() == 2);
        streams.forEach(Stream::reset);
    }
}
