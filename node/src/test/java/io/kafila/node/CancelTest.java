package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.Bitswap;
import io.kafila.dag.ContentPath;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that is cancelled wants nothing more and keeps nothing from garbage collection. */
@Timeout(30)
class CancelTest {
    private static final Cid NOWHERE = Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(new byte[] {4, 2}));

    @Test
    void cancelledFetches_wantNothingAnyMore() throws Exception {
        try (KafilaNode node = KafilaNode.builder().start()) {
            List<CompletableFuture<?>> works = List.of(
                    node.blocks().get(NOWHERE),
                    node.files().open(NOWHERE),
                    node.files().stat(ContentPath.of(NOWHERE)),
                    node.pins().add(NOWHERE, true, "", count -> {}));
            Bitswap bitswap = node.bitswap();
            while (!bitswap.wantlist().contains(NOWHERE)) {
                Thread.onSpinWait();
            }
            for (CompletableFuture<?> work : works) {
                assertThat(work.cancel(true)).isTrue();
            }
            while (!bitswap.wantlist().isEmpty()) {
                Thread.onSpinWait();
            }
            collectsAll(node);
        }
    }

    @Test
    void cancelledAdd_keepsNothing() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            @Override
            public int read() throws IOException {
                reading.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }
        };
        try (KafilaNode node = KafilaNode.builder().offline().start()) {
            CompletableFuture<Cid> add = node.files().add(slow);
            assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(add.cancel(true)).isTrue();
            collectsAll(node);
            goOn.countDown();
        }
    }

    private static void collectsAll(KafilaNode node) throws Exception {
        Cid file = node.files().add(new ByteArrayInputStream(new byte[1000])).get(10, TimeUnit.SECONDS);
        node.pins().remove(file, true).get(10, TimeUnit.SECONDS);
        node.storage().collectGarbage(cid -> {}).get(10, TimeUnit.SECONDS);
        assertThat(node.repository().has(file).get(10, TimeUnit.SECONDS)).isFalse();
    }
}
