package io.kafila.dag;

import io.kafila.multiformats.Cid;

/**
 * A link of a dag-pb node (ipld.io/specs/codecs/dag-pb).
 *
 * @param name the name of the link; empty where it has none
 * @param tsize the bytes of all blocks below the link, as the writer of the node counted them; 0 where it did not
 */
public record PbLink(Cid cid, String name, long tsize) {}
