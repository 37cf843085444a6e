package io.kafila.blockstore;

import java.nio.file.Path;

class MemoryBlockstoreTest extends BlockstoreContract {
    @Override
    Blockstore open(Path dir) {
        return new MemoryBlockstore();
    }
}
