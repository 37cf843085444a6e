package io.kafila.dag.internal;

import io.kafila.dag.CodecException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the heads of CBOR items, which are a major type and an argument (RFC 8949, section 3), and checks every length
 * against the bytes that are left. Confined to one read.
 */
class CborHeads {
    final ByteBuffer block;
    final CborDialect dialect;
    private final int start;

    /** Of the head that {@link #head} read last. */
    int at;

    int major;
    int info;
    long argument;

    CborHeads(ByteBuffer block, CborDialect dialect) {
        this.block = block.duplicate().order(ByteOrder.BIG_ENDIAN);
        this.start = block.position();
        this.dialect = dialect;
    }

    /** The next head; of an indefinite length or a break it has no argument. */
    final void head() {
        at = block.position();
        if (!block.hasRemaining()) {
            throw bad("end of the block", "an item");
        }
        int first = block.get() & 0xff;
        major = first >> 5;
        info = first & 0x1f;
        argument = info;
        if (info < 24) {
            return;
        }
        if (info == CborDialect.INDEFINITE) {
            argument = 0;
            return;
        }
        if (info > 27) {
            throw bad("reserved additional information " + info, "0 to 27");
        }
        int width = 1 << (info - 24);
        if (block.remaining() < width) {
            throw bad("head cut short", width + " more bytes");
        }
        long shorter;
        switch (width) {
            case 1 -> {
                argument = block.get() & 0xff;
                shorter = 23;
            }
            case 2 -> {
                argument = block.getShort() & 0xffff;
                shorter = 0xff;
            }
            case 4 -> {
                argument = block.getInt() & 0xffffffffL;
                shorter = 0xffff;
            }
            default -> {
                argument = block.getLong();
                shorter = 0xffffffffL;
            }
        }
        if (dialect.canonical() && major != CborDialect.SIMPLE && Long.compareUnsigned(argument, shorter) <= 0) {
            throw bad("number " + Long.toUnsignedString(argument) + " in " + width + " bytes", "the shortest form");
        }
    }

    final boolean indefinite() {
        return info == CborDialect.INDEFINITE;
    }

    /** The argument as a count of things that take at least {@code bytesEach} bytes each. */
    final int count(String what, int bytesEach) {
        long most = block.remaining() / bytesEach;
        if (argument < 0 || argument > most) {
            throw bad(
                    what + " of " + Long.toUnsignedString(argument),
                    "at most " + most + " in the " + block.remaining() + " bytes that are left");
        }
        return (int) argument;
    }

    /** The Cid of a link, whose tag was the last head. */
    final Cid link() {
        int tagAt = at;
        head();
        if (major != CborDialect.BYTES || indefinite()) {
            at = tagAt;
            throw bad("tag 42 on an item of major type " + major, "a byte string");
        }
        int length = count("byte string", 1);
        int end = block.position() + length;
        if (length == 0 || block.get() != 0) {
            throw bad("link without the byte 0 in front", "it");
        }
        int limit = block.limit();
        try {
            block.limit(end);
            Cid cid = Cid.read(block);
            if (block.hasRemaining()) {
                throw bad("link with " + block.remaining() + " bytes after the Cid", "none");
            }
            return cid;
        } catch (MultiformatException e) {
            throw CodecException.at(
                    dialect.specName(), at - start, "link that is no Cid (" + e.getMessage() + ")", "a Cid", e);
        } finally {
            block.limit(limit);
        }
    }

    final void requireEnd() {
        at = block.position();
        if (block.hasRemaining()) {
            throw bad(block.remaining() + " bytes after the item", "none");
        }
    }

    /** An error at the last head. */
    final CodecException bad(String seen, String wanted) {
        return CodecException.at(dialect.specName(), at - start, seen, wanted);
    }
}
