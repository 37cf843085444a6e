package io.kafila.blockstore;

import io.kafila.multiformats.Cid;
import java.util.List;

/**
 * What a block links to. dag implements it; the store needs it to mark what is reachable without knowing any codec.
 */
@FunctionalInterface
public interface LinkExtractor {

    /** The links of a block in order, duplicates included; none for raw blocks and codecs without links. */
    List<Cid> links(Block block);
}
