package io.kafila.node;

/**
 * How something is pinned.
 *
 * @param recursive whether everything below the root is kept, not the one block alone
 * @param name at most {@link io.kafila.blockstore.Pin#MAX_NAME_BYTES} bytes; empty for none
 * @param fetch whether what is not here is fetched; otherwise its lack is an error
 */
public record PinOptions(boolean recursive, String name, boolean fetch) {}
