package io.kafila.dag.unixfs;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * A rule that cuts the bytes of one file into chunks. It sees each byte once, in order, and holds none. Confined to one
 * thread.
 */
public interface Chunker {

    /** The longest chunk, so that a leaf with its frame stays within a block (boxo chunker/parse.go, ChunkSizeLimit). */
    int MAX_CHUNK_BYTES = 2 * 1024 * 1024 - 256;

    /**
     * Looks at what remains in {@code bytes}, which follows what was seen before, for the end of the current chunk.
     *
     * @return how many of these bytes belong to the current chunk if it ends among them, and then the position of {@code
     *     bytes} is where the next one begins; -1 if all of them belong to it and it does not end yet, and then nothing
     *     remains in {@code bytes}. The end of the file ends the last chunk.
     */
    int cut(ByteBuffer bytes);

    /** Makes a chunker for each file. Immutable. */
    interface Factory {
        Chunker newChunker();

        /** The length of every chunk but the last one, where it does not depend on the bytes. */
        default OptionalInt chunkBytes() {
            return OptionalInt.empty();
        }

        /** The text that {@link Chunkers#parse} reads, or the name of a rule that it does not know. */
        String spec();
    }
}
