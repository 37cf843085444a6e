package io.kafila.bitswap;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.MessageAssembler;
import io.kafila.bitswap.internal.wire.MessageEncoder;
import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.bitswap.internal.wire.ProtocolVersion;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.MemoryBlockstore;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done with messages of peers, and of strangers above all. */
class BitswapReceiveTest extends ExchangeSetup {
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

    @Test
    void serve_strangerGoesWhileItsAnswerIsRead_nothingIsSentToIt() throws Exception {
        TestNode.GatedReads gated = new TestNode.GatedReads(opened(new MemoryBlockstore()));
        TestNode server = opened(new TestNode(loops, BitswapOptions.DEFAULT, ContentRouting.none(), gated));
        List<Block> blocks = TestNode.blocks(1, 2, 5000);
        gated.putAll(blocks.subList(0, 1)).get(WAIT_SECONDS, TimeUnit.SECONDS);
        Host stranger = stranger();
        stream(stranger, server)
                .write(MessageEncoder.encode(
                        Message.ofWants(
                                true,
                                List.of(
                                        WantEntry.block(blocks.get(0).cid(), 2),
                                        WantEntry.block(blocks.get(1).cid(), 1))),
                        ProtocolVersion.V1_2));
        await(() -> gated.waiting() == 1);
        stranger.close();
        await(() -> server.bitswap.stat().peers().isEmpty());

        gated.open();
        server.bitswap.wantlist(); // told by the loop, which has taken the answer by then
        assertThat(server.bitswap.counters().messagesSent()).isZero();
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
