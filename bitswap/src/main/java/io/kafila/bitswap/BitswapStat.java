package io.kafila.bitswap;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import java.util.List;

/**
 * What the exchange has done so far, with the fields of Kubo's {@code bitswap stat} and, for each peer, what it gave.
 *
 * @param provideBufLen how many blocks wait to be announced; announcing is not the exchange's business, so 0
 * @param wantlist what is wanted now
 * @param peers the peers with which the exchange has dealt and that are connected
 */
public record BitswapStat(
        int provideBufLen,
        List<Cid> wantlist,
        List<PeerId> peers,
        long blocksReceived,
        long dataReceived,
        long blocksSent,
        long dataSent,
        long dupBlksReceived,
        long dupDataReceived,
        long messagesReceived,
        List<PeerStat> byPeer) {
    public BitswapStat {
        wantlist = List.copyOf(wantlist);
        peers = List.copyOf(peers);
        byPeer = List.copyOf(byPeer);
    }

    /**
     * What was exchanged with one peer.
     *
     * @param duplicateBlocks those of {@code blocksReceived} that had come from elsewhere before
     * @param unwantedBlocks blocks that nobody asked the peer for; corrupt ones appear here, since a block that does not hash
     *     to what was asked for hashes to something else
     */
    public record PeerStat(
            PeerId peer,
            long blocksReceived,
            long dataReceived,
            long blocksSent,
            long dataSent,
            long duplicateBlocks,
            long unwantedBlocks) {}
}
