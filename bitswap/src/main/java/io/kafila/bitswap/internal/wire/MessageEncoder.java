package io.kafila.bitswap.internal.wire;

import static io.kafila.bitswap.internal.wire.MessageDecoder.BLOCKS;
import static io.kafila.bitswap.internal.wire.MessageDecoder.BLOCK_DATA;
import static io.kafila.bitswap.internal.wire.MessageDecoder.BLOCK_PREFIX;
import static io.kafila.bitswap.internal.wire.MessageDecoder.ENTRY_BLOCK;
import static io.kafila.bitswap.internal.wire.MessageDecoder.ENTRY_CANCEL;
import static io.kafila.bitswap.internal.wire.MessageDecoder.ENTRY_PRIORITY;
import static io.kafila.bitswap.internal.wire.MessageDecoder.ENTRY_SEND_DONT_HAVE;
import static io.kafila.bitswap.internal.wire.MessageDecoder.ENTRY_WANT_TYPE;
import static io.kafila.bitswap.internal.wire.MessageDecoder.PAYLOAD;
import static io.kafila.bitswap.internal.wire.MessageDecoder.PENDING_BYTES;
import static io.kafila.bitswap.internal.wire.MessageDecoder.PRESENCES;
import static io.kafila.bitswap.internal.wire.MessageDecoder.PRESENCE_CID;
import static io.kafila.bitswap.internal.wire.MessageDecoder.PRESENCE_TYPE;
import static io.kafila.bitswap.internal.wire.MessageDecoder.WANTLIST;
import static io.kafila.bitswap.internal.wire.MessageDecoder.WANTLIST_ENTRIES;
import static io.kafila.bitswap.internal.wire.MessageDecoder.WANTLIST_FULL;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes messages with their length in front. All bytes but the blocks' data go into one buffer, of which the answer holds
 * parts between the blocks' own buffers; no block is copied.
 */
public final class MessageEncoder {
    private MessageEncoder() {}

    /**
     * The message as it goes on a stream of the dialect; takes over the message. What the dialect does not know is left
     * out: presences, the type of a want, prefixes.
     *
     * @throws WireException if it would pass {@link WireLimits#MAX_MESSAGE_BYTES}; the message is closed then too
     */
    public static Payload encode(Message message, ProtocolVersion version) {
        List<Entry> entries = new ArrayList<>(message.wants().size());
        for (WantEntry want : message.wants()) {
            entries.add(new Entry(want, want.cid().bytes(), version.presences()));
        }
        List<byte[]> prefixes = new ArrayList<>(message.blocks().size());
        for (WireBlock block : message.blocks()) {
            prefixes.add(version.prefixes() ? block.prefix().bytes() : new byte[0]);
        }
        List<Presence> presences = version.presences() ? message.presences() : List.of();
        int pendingBytes = version.presences() ? Math.max(0, message.pendingBytes()) : 0;

        long wantlistBytes = message.full() ? 2 : 0;
        for (Entry entry : entries) {
            wantlistBytes += field(entry.size());
        }
        boolean wantlist = wantlistBytes > 0;
        long bodyBytes = wantlist ? field(wantlistBytes) : 0;
        for (int i = 0; i < prefixes.size(); i++) {
            int data = message.blocks().get(i).data().size();
            bodyBytes += version.prefixes() ? field(blockBytes(prefixes.get(i), data)) : field(data);
        }
        for (Presence presence : presences) {
            bodyBytes += field(presenceBytes(presence));
        }
        bodyBytes += pendingBytes > 0 ? 1 + varintSize(pendingBytes) : 0;
        if (bodyBytes > WireLimits.MAX_MESSAGE_BYTES) {
            message.close();
            throw new WireException(
                    "bitswap message: " + bodyBytes + " bytes, want at most " + WireLimits.MAX_MESSAGE_BYTES);
        }

        int headerBytes = (int) (varintSize(bodyBytes) + bodyBytes - message.blockBytes());
        ByteBuffer header = ByteBuffer.allocate(headerBytes);
        List<ByteBuffer> pieces = new ArrayList<>(2 + 3 * prefixes.size());
        varint(header, bodyBytes);
        if (wantlist) {
            bytesField(header, WANTLIST, wantlistBytes);
            entries.forEach(entry -> entry.write(header));
            if (message.full()) {
                varintField(header, WANTLIST_FULL, 1);
            }
        }
        int written = 0;
        for (int i = 0; i < prefixes.size(); i++) {
            Payload data = message.blocks().get(i).data();
            if (version.prefixes()) {
                bytesField(header, PAYLOAD, blockBytes(prefixes.get(i), data.size()));
                bytes(header, BLOCK_PREFIX, prefixes.get(i));
                bytesField(header, BLOCK_DATA, data.size());
            } else {
                bytesField(header, BLOCKS, data.size());
            }
            pieces.add(header.slice(written, header.position() - written));
            written = header.position();
            pieces.addAll(data.buffers());
        }
        for (Presence presence : presences) {
            bytesField(header, PRESENCES, presenceBytes(presence));
            bytes(header, PRESENCE_CID, presence.cid().bytes());
            varintField(header, PRESENCE_TYPE, presence.has() ? 0 : 1);
        }
        if (pendingBytes > 0) {
            varintField(header, PENDING_BYTES, pendingBytes);
        }
        if (header.position() > written) {
            pieces.add(header.slice(written, header.position() - written));
        }
        return Payload.of(pieces, message::close);
    }

    /** An upper bound of the bytes that an entry or a presence takes. */
    public static int entryBytes(int cidBytes) {
        return cidBytes + 24;
    }

    /** An upper bound of the bytes that a block takes besides its data. */
    public static int blockOverheadBytes() {
        return WireLimits.MAX_PREFIX_BYTES + 16;
    }

    private static long blockBytes(byte[] prefix, int data) {
        return field(prefix.length) + field(data);
    }

    private static int presenceBytes(Presence presence) {
        return (int) field(presence.cid().bytes().length) + 2;
    }

    /** A one-byte tag, a length, and {@code length} bytes. */
    private static long field(long length) {
        return 1 + varintSize(length) + length;
    }

    private static int varintSize(long value) {
        return 1 + (63 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    private static void varint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static void varintField(ByteBuffer out, int tag, long value) {
        varint(out, tag);
        varint(out, value);
    }

    private static void bytesField(ByteBuffer out, int tag, long length) {
        varint(out, tag);
        varint(out, length);
    }

    private static void bytes(ByteBuffer out, int tag, byte[] bytes) {
        bytesField(out, tag, bytes.length);
        out.put(bytes);
    }

    /** A wantlist entry with its Cid written out once. */
    private static final class Entry {
        private final WantEntry want;
        private final byte[] cid;
        private final boolean presences;

        Entry(WantEntry want, byte[] cid, boolean presences) {
            this.want = want;
            this.cid = cid;
            this.presences = presences;
        }

        int size() {
            // A negative int32 is ten bytes on the wire.
            int size = (int) field(cid.length) + 1 + priorityBytes();
            size += want.cancel() ? 2 : 0;
            size += have() ? 2 : 0;
            size += dontHave() ? 2 : 0;
            return size;
        }

        void write(ByteBuffer out) {
            bytesField(out, WANTLIST_ENTRIES, size());
            bytes(out, ENTRY_BLOCK, cid);
            varintField(out, ENTRY_PRIORITY, want.priority());
            if (want.cancel()) {
                varintField(out, ENTRY_CANCEL, 1);
            }
            if (have()) {
                varintField(out, ENTRY_WANT_TYPE, MessageDecoder.WANT_TYPE_HAVE);
            }
            if (dontHave()) {
                varintField(out, ENTRY_SEND_DONT_HAVE, 1);
            }
        }

        private boolean have() {
            return presences && want.type() == WantType.HAVE;
        }

        private boolean dontHave() {
            return presences && want.sendDontHave();
        }

        private int priorityBytes() {
            return want.priority() < 0 ? 10 : varintSize(want.priority());
        }
    }
}
