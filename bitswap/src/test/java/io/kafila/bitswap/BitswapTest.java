package io.kafila.bitswap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageEncoder;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.blockstore.StorageFullException;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whole exchanges over real hosts on the memory transport. */
class BitswapTest extends ExchangeSetup {
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
}
