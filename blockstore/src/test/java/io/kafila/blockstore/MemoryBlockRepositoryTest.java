package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryBlockRepositoryTest extends BlockRepositoryContract {
    @Override
    BlockRepository open(Path dir) {
        return new MemoryBlockRepository();
    }

    @Test
    void put_pastTheMaximum_refused() {
        try (MemoryBlockRepository small = new MemoryBlockRepository(Runnable::run, 1000)) {
            await(small.put(Blocks.random(random, 600)));
            Block block = Blocks.random(random, 401);
            assertThatThrownBy(() -> await(small.put(block)))
                    .isInstanceOf(StorageFullException.class)
                    .hasMessage("cannot store 401 bytes: 600 of at most 1000 bytes are in use");
            assertThat(await(small.has(block.cid()))).isFalse();
            await(small.put(Blocks.random(random, 400)));
        }
    }
}
