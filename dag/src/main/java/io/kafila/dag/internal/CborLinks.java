package io.kafila.dag.internal;

import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the links of a dag-cbor block without building nodes and without recursion.
 *
 * <p>It counts items and does not look into strings, keys or numbers: what is old and not canonical is still pinned,
 * walked and exported.
 */
final class CborLinks {
    private CborLinks() {}

    static List<Cid> scan(ByteBuffer block) {
        CborHeads in = new CborHeads(block, CborDialect.LENIENT);
        List<Cid> links = new ArrayList<>();
        // Every pending item takes a byte of the block, so this cannot overflow.
        long pending = 1;
        while (pending > 0) {
            if (pending > in.block.remaining()) {
                in.at = in.block.position();
                throw in.bad("end of the block with " + pending + " items to come", "them");
            }
            pending--;
            in.head();
            if (in.indefinite()) {
                throw in.bad("indefinite length", "a definite length");
            }
            switch (in.major) {
                case CborDialect.BYTES, CborDialect.TEXT ->
                    in.block.position(in.count("string", 1) + in.block.position());
                case CborDialect.LIST -> pending += in.count("list", 1);
                case CborDialect.MAP -> pending += 2L * in.count("map", 2);
                case CborDialect.TAG -> {
                    if (in.argument != CborDialect.LINK_TAG) {
                        throw in.bad("tag " + Long.toUnsignedString(in.argument), "42");
                    }
                    links.add(in.link());
                }
                default -> {
                    // Integers, floats and simple values are whole with their head.
                }
            }
        }
        in.requireEnd();
        return links;
    }
}
