package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.micro.SecureChannelPair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/** A whole secure channel in memory: what it costs over its cipher. */
final class ChannelProbe implements Probe {
    private static final int PIECE_BYTES = 1 << 20;

    private final SecureChannelPair pair;
    private final Stage seal;
    private final Stage open;
    private final Pieces pieces = Pieces.of(PIECE_BYTES);

    ChannelProbe(SecureChannelPair.Protocol protocol) {
        this.pair = SecureChannelPair.open(protocol);
        this.seal = protocol == SecureChannelPair.Protocol.TLS ? Stage.TLS_SEAL : Stage.NOISE_SEAL;
        this.open = protocol == SecureChannelPair.Protocol.TLS ? Stage.TLS_OPEN : Stage.NOISE_OPEN;
    }

    @Override
    public Map<Stage, Sample> round(long bytes) {
        long count = Math.max(1, bytes / PIECE_BYTES);
        Timer sealing = new Timer();
        Timer opening = new Timer();
        for (long i = 0; i < count; i++) {
            ByteBuf plain = Unpooled.wrappedBuffer(pieces.piece(i));
            sealing.start();
            List<ByteBuf> sealed = pair.seal(plain);
            sealing.stop();
            opening.start();
            List<ByteBuf> opened = pair.open(sealed);
            opening.stop();
            long arrived = 0;
            for (ByteBuf piece : opened) {
                arrived += piece.readableBytes();
                piece.release();
            }
            if (arrived != PIECE_BYTES) {
                throw new IllegalStateException("secure channel: " + arrived + " bytes opened, want " + PIECE_BYTES);
            }
        }
        return Map.of(seal, sealing.sample(count * PIECE_BYTES), open, opening.sample(count * PIECE_BYTES));
    }

    @Override
    public void close() {
        pair.close();
    }
}
