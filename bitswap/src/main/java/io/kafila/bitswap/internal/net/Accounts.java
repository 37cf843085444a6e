package io.kafila.bitswap.internal.net;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.BitswapLedger;
import io.kafila.bitswap.BitswapStat;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was exchanged with each peer, also after it has gone; those that were dealt with longest ago are forgotten. Thread-safe. */
public final class Accounts {
    /** A record is some 100 bytes. */
    private static final int MAX_PEERS = 4096;

    private final BitswapCounters counters;
    private final Map<PeerId, Account> byPeer = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Account {
        long blocksReceived;
        long bytesReceived;
        long blocksSent;
        long bytesSent;
        long duplicates;
        long unwanted;
    }

    public Accounts(BitswapCounters counters) {
        this.counters = counters;
    }

    public synchronized void received(PeerId peer, int sizeBytes, boolean duplicate) {
        counters.blockReceived(sizeBytes, duplicate);
        Account account = account(peer);
        account.blocksReceived++;
        account.bytesReceived += sizeBytes;
        account.duplicates += duplicate ? 1 : 0;
    }

    public synchronized void unwanted(PeerId peer) {
        counters.unwantedBlock();
        account(peer).unwanted++;
    }

    public synchronized void sent(PeerId peer, int sizeBytes) {
        counters.blockSent(sizeBytes);
        Account account = account(peer);
        account.blocksSent++;
        account.bytesSent += sizeBytes;
    }

    public synchronized BitswapLedger ledger(PeerId peer) {
        Account account = byPeer.getOrDefault(peer, new Account());
        return new BitswapLedger(
                peer,
                (double) account.bytesSent / (account.bytesReceived + 1),
                account.bytesSent,
                account.bytesReceived,
                account.blocksSent + account.blocksReceived);
    }

    public synchronized List<BitswapStat.PeerStat> stats() {
        List<BitswapStat.PeerStat> stats = new ArrayList<>();
        byPeer.forEach((peer, account) -> stats.add(new BitswapStat.PeerStat(
                peer,
                account.blocksReceived,
                account.bytesReceived,
                account.blocksSent,
                account.bytesSent,
                account.duplicates,
                account.unwanted)));
        return stats;
    }

    private Account account(PeerId peer) {
        Account account = byPeer.computeIfAbsent(peer, ignored -> new Account());
        if (byPeer.size() > MAX_PEERS) {
            Iterator<PeerId> oldest = byPeer.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return account;
    }
}
