package io.kafila.bitswap.internal.server;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.BitswapOptions;
import io.kafila.bitswap.internal.net.Accounts;
import io.kafila.bitswap.internal.net.InboundMessage;
import io.kafila.bitswap.internal.net.Loop;
import io.kafila.bitswap.internal.net.Network;
import io.kafila.bitswap.internal.net.OutboundChannel;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.libp2p.Host;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives the decision engine: looks up, reads and sends what it decides. Confined to the loop. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** The wantlists of a peer that wait for the lookups of the one before; more are dropped. */
    private static final int MAX_WAITING_WANTLISTS = 64;

    private final Host host;
    private final Blockstore store;
    private final Loop loop;
    private final Network network;
    private final BitswapCounters counters;
    private final Accounts accounts;
    private final DecisionEngine engine;
    private final Map<PeerId, Partner> partners = new HashMap<>();
    private boolean closed;

    /** A peer that asks: where its answers go, and the wantlists that are not looked at yet. */
    private static final class Partner {
        final Deque<InboundMessage> wantlists = new ArrayDeque<>();
        boolean lookingUp;

        @Nullable
        OutboundChannel channel;
    }

    public Server(
            Host host,
            Blockstore store,
            BitswapOptions options,
            Loop loop,
            Network network,
            BitswapCounters counters,
            Accounts accounts) {
        this.host = host;
        this.store = store;
        this.loop = loop;
        this.network = network;
        this.counters = counters;
        this.accounts = accounts;
        this.engine = new DecisionEngine(new EngineOptions(
                options.serve(),
                options.maxOutstandingBytesPerPeer(),
                options.maxOutstandingBytes(),
                options.maxWantsPerPeer()));
    }

    /** Takes over a message without blocks, for its wants. */
    public void receive(InboundMessage inbound) {
        if (closed) {
            inbound.discard();
            return;
        }
        Partner partner = partners.computeIfAbsent(inbound.peer(), ignored -> new Partner());
        if (partner.wantlists.size() >= MAX_WAITING_WANTLISTS) {
            counters.wantsDropped(inbound.message().wants().size());
            inbound.discard();
            return;
        }
        partner.wantlists.add(inbound);
        lookUpNext(inbound.peer(), partner);
    }

    /** One wantlist of a peer at a time, so that a peer cannot make more lookups run than it has wants. */
    private void lookUpNext(PeerId peer, Partner partner) {
        while (!partner.lookingUp && !partner.wantlists.isEmpty()) {
            try (InboundMessage inbound = partner.wantlists.remove()) {
                List<WantEntry> entries = inbound.message().wants();
                List<Cid> lookups = engine.wants(peer, inbound.message().full(), entries);
                if (!lookups.isEmpty()) {
                    partner.lookingUp = true;
                    lookUp(peer, lookups, () -> {
                        partner.lookingUp = false;
                        lookUpNext(peer, partner);
                    });
                }
            }
        }
    }

    private void lookUp(PeerId peer, List<Cid> cids, Runnable done) {
        List<CompletableFuture<OptionalInt>> sizes = new ArrayList<>(cids.size());
        for (Cid cid : cids) {
            sizes.add(store.size(cid).exceptionally(error -> {
                LOG.debug("bitswap: size of {}: {}", cid, error.toString());
                return OptionalInt.empty();
            }));
        }
        CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
                .whenComplete((ignored, error) -> loop.execute(() -> {
                    List<Cid> again = new ArrayList<>();
                    for (int i = 0; i < cids.size(); i++) {
                        if (engine.found(peer, cids.get(i), sizes.get(i).join())) {
                            again.add(cids.get(i));
                        }
                    }
                    if (again.isEmpty()) {
                        done.run();
                    } else {
                        lookUp(peer, again, done);
                    }
                }));
    }

    /** Blocks have come into the store. */
    public void added(Collection<Cid> cids) {
        if (!closed) {
            engine.added(cids).forEach((peer, lookups) -> lookUp(peer, lookups, () -> {}));
        }
    }

    /** A peer has no connection any more. */
    public void lost(PeerId peer) {
        engine.lost(peer);
        Partner partner = partners.remove(peer);
        if (partner != null) {
            partner.wantlists.forEach(InboundMessage::discard);
            partner.wantlists.clear();
            if (partner.channel != null) {
                partner.channel.close();
            }
        }
    }

    /** Sends what can be sent; the loop calls it after each bundle of events. */
    public void afterBundle() {
        for (Envelope next = closed ? null : engine.next(); next != null; next = engine.next()) {
            read(next);
        }
        counters.wantsDropped((int) engine.takeDroppedWants());
    }

    private void read(Envelope envelope) {
        List<Cid> cids = envelope.wants().stream().map(want -> want.cid).toList();
        if (cids.isEmpty()) {
            send(envelope, List.of());
            return;
        }
        store.getAll(cids).whenComplete((blocks, error) -> {
            if (error == null) {
                loop.execute(() -> send(envelope, blocks));
            } else if (cids.size() == 1) {
                LOG.debug("bitswap: block {} not read: {}", cids.get(0), error.toString());
                loop.execute(() -> send(envelope, List.of(Optional.empty())));
            } else {
                readSingly(envelope, cids);
            }
        });
    }

    /** Reads one by one what could not be read together, so that one bad block costs no other. */
    private void readSingly(Envelope envelope, List<Cid> cids) {
        List<CompletableFuture<Optional<Block>>> reads = new ArrayList<>(cids.size());
        for (Cid cid : cids) {
            reads.add(store.get(cid).exceptionally(error -> {
                LOG.debug("bitswap: block {} not read: {}", cid, error.toString());
                return Optional.empty();
            }));
        }
        CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .whenComplete((ignored, error) -> loop.execute(() -> send(
                        envelope, reads.stream().map(CompletableFuture::join).toList())));
    }

    private void send(Envelope envelope, List<Optional<Block>> read) {
        List<WireBlock> blocks = new ArrayList<>(read.size());
        List<Integer> sizes = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            LedgerWant want = envelope.wants().get(i);
            Block block = read.get(i).orElse(null);
            if (block == null) {
                engine.missing(envelope, want);
            } else if (closed || !engine.isWanted(envelope, want)) {
                block.close();
            } else {
                // Under the Cid that was asked for, so that the peer recognises it.
                blocks.add(new WireBlock(want.cid.prefix(), block.payload()));
                sizes.add(block.sizeBytes());
            }
        }
        if (blocks.isEmpty() && envelope.presences().isEmpty()) {
            engine.sent(envelope);
            return;
        }
        Message message = new Message(false, List.of(), blocks, envelope.presences(), (int)
                Math.min(Integer.MAX_VALUE, envelope.pendingBytes()));
        Partner partner = partners.get(envelope.peer());
        if (partner == null) {
            // It went while its answer was read.
            message.close();
            engine.failed(envelope);
            return;
        }
        counters.messageSent();
        channel(envelope.peer(), partner).send(message, error -> {
            if (error == null) {
                sizes.forEach(size -> accounts.sent(envelope.peer(), size));
                engine.sent(envelope);
            } else {
                LOG.debug("bitswap to {}: {}", envelope.peer(), error.toString());
                engine.failed(envelope);
            }
        });
    }

    private OutboundChannel channel(PeerId peer, Partner partner) {
        if (partner.channel == null) {
            OutboundChannel[] self = new OutboundChannel[1];
            self[0] = new OutboundChannel(
                    host, peer, loop, stream -> network.readOwn(stream, () -> self[0].broken(stream)), () -> {});
            partner.channel = self[0];
        }
        return partner.channel;
    }

    /** What a peer wants of this node. */
    public List<Cid> wantlist(PeerId peer) {
        return engine.wantlist(peer);
    }

    public Set<PeerId> peers() {
        return engine.peers();
    }

    /** Serves nobody any more. */
    public void close() {
        closed = true;
        List.copyOf(partners.keySet()).forEach(this::lost);
    }
}
