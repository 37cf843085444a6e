package io.kafila.bitswap.internal.wire;

import static io.kafila.bitswap.internal.wire.ProtoReader.BYTES;
import static io.kafila.bitswap.internal.wire.ProtoReader.VARINT;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the protobuf body of a message (ipfs/specs bitswap-protocol.md, Wire Format), of any dialect.
 *
 * <p>Blocks become slices of the body. Small ones are copied instead, so that one small block that lives on does not hold
 * the memory of a whole message.
 */
public final class MessageDecoder {
    /** Blocks up to this size are copied out of the message, unless they are most of it. */
    static final int COPIED_BLOCK_BYTES = 8 * 1024;

    static final int WANTLIST = 1 << 3 | BYTES;
    static final int BLOCKS = 2 << 3 | BYTES;
    static final int PAYLOAD = 3 << 3 | BYTES;
    static final int PRESENCES = 4 << 3 | BYTES;
    static final int PENDING_BYTES = 5 << 3 | VARINT;
    static final int WANTLIST_ENTRIES = 1 << 3 | BYTES;
    static final int WANTLIST_FULL = 2 << 3 | VARINT;
    static final int ENTRY_BLOCK = 1 << 3 | BYTES;
    static final int ENTRY_PRIORITY = 2 << 3 | VARINT;
    static final int ENTRY_CANCEL = 3 << 3 | VARINT;
    static final int ENTRY_WANT_TYPE = 4 << 3 | VARINT;
    static final int ENTRY_SEND_DONT_HAVE = 5 << 3 | VARINT;
    static final int BLOCK_PREFIX = 1 << 3 | BYTES;
    static final int BLOCK_DATA = 2 << 3 | BYTES;
    static final int PRESENCE_CID = 1 << 3 | BYTES;
    static final int PRESENCE_TYPE = 2 << 3 | VARINT;

    static final int WANT_TYPE_HAVE = 1;

    private final Payload body;
    private final ProtoReader reader;
    private final List<WantEntry> wants = new ArrayList<>();
    private final List<WireBlock> blocks = new ArrayList<>();
    private final List<Presence> presences = new ArrayList<>();
    private boolean full;
    private int pendingBytes;

    private MessageDecoder(Payload body) {
        this.body = body;
        this.reader = new ProtoReader(body.buffers());
    }

    /**
     * Reads a body, which is borrowed: the blocks of the answer own what they need of it.
     *
     * @throws WireException if it is malformed or passes a limit
     */
    public static Message decode(Payload body) {
        if (body.size() > WireLimits.MAX_MESSAGE_BYTES) {
            throw new WireException(
                    "bitswap message: " + body.size() + " bytes, want at most " + WireLimits.MAX_MESSAGE_BYTES);
        }
        MessageDecoder decoder = new MessageDecoder(body);
        boolean done = false;
        try {
            Message message = decoder.message();
            done = true;
            return message;
        } catch (MultiformatException e) {
            throw new WireException("bitswap message: " + e.getMessage(), e);
        } finally {
            if (!done) {
                decoder.blocks.forEach(WireBlock::close);
            }
        }
    }

    private Message message() {
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case WANTLIST -> wantlist(reader.length("wantlist", WireLimits.MAX_MESSAGE_BYTES));
                case BLOCKS -> legacyBlock(reader.length("block", WireLimits.MAX_BLOCK_BYTES));
                case PAYLOAD ->
                    block(reader.length("payload", WireLimits.MAX_BLOCK_BYTES + WireLimits.MAX_PREFIX_BYTES + 16));
                case PRESENCES -> presence(reader.length("presence", 2 * WireLimits.MAX_CID_BYTES));
                case PENDING_BYTES -> pendingBytes = (int) reader.varint();
                default -> reader.skipField(tag);
            }
        }
        return new Message(full, wants, blocks, presences, pendingBytes);
    }

    private void wantlist(int length) {
        int outer = reader.enter(length);
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case WANTLIST_ENTRIES -> entry(reader.length("wantlist entry", 2 * WireLimits.MAX_CID_BYTES));
                case WANTLIST_FULL -> full = reader.varint() != 0;
                default -> reader.skipField(tag);
            }
        }
        reader.leave(outer);
    }

    private void entry(int length) {
        requireRoom(wants, WireLimits.MAX_ENTRIES, "wantlist entries");
        int outer = reader.enter(length);
        Cid cid = null;
        // The priority of proto3's default; boxo writes it always.
        int priority = 0;
        boolean cancel = false;
        WantType type = WantType.BLOCK;
        boolean sendDontHave = false;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case ENTRY_BLOCK -> cid = cid("wantlist entry");
                case ENTRY_PRIORITY -> priority = (int) reader.varint();
                case ENTRY_CANCEL -> cancel = reader.varint() != 0;
                case ENTRY_WANT_TYPE -> type = reader.varint() == WANT_TYPE_HAVE ? WantType.HAVE : WantType.BLOCK;
                case ENTRY_SEND_DONT_HAVE -> sendDontHave = reader.varint() != 0;
                default -> reader.skipField(tag);
            }
        }
        reader.leave(outer);
        wants.add(new WantEntry(required(cid, "wantlist entry"), priority, cancel, type, sendDontHave));
    }

    private void presence(int length) {
        requireRoom(presences, WireLimits.MAX_PRESENCES, "presences");
        int outer = reader.enter(length);
        Cid cid = null;
        boolean has = true;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case PRESENCE_CID -> cid = cid("presence");
                case PRESENCE_TYPE -> has = reader.varint() == 0;
                default -> reader.skipField(tag);
            }
        }
        reader.leave(outer);
        presences.add(new Presence(required(cid, "presence"), has));
    }

    private void block(int length) {
        int outer = reader.enter(length);
        Cid.Prefix prefix = null;
        int offset = reader.position();
        int size = 0;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case BLOCK_PREFIX ->
                    prefix =
                            Cid.Prefix.decode(reader.bytes(reader.length("block prefix", WireLimits.MAX_PREFIX_BYTES)));
                case BLOCK_DATA -> {
                    size = reader.length("block", WireLimits.MAX_BLOCK_BYTES);
                    offset = reader.position();
                    reader.skip(size);
                }
                default -> reader.skipField(tag);
            }
        }
        reader.leave(outer);
        if (prefix == null) {
            throw new WireException("bitswap message: block without a prefix");
        }
        addBlock(prefix, offset, size);
    }

    private void legacyBlock(int size) {
        int offset = reader.position();
        reader.skip(size);
        addBlock(WireBlock.LEGACY_PREFIX, offset, size);
    }

    private void addBlock(Cid.Prefix prefix, int offset, int size) {
        requireRoom(blocks, WireLimits.MAX_BLOCKS, "blocks");
        Payload slice = body.slice(offset, size);
        if (size <= COPIED_BLOCK_BYTES && size < body.size() / 2) {
            try (Payload shared = slice) {
                slice = Payload.of(shared.toByteArray());
            }
        }
        blocks.add(new WireBlock(prefix, slice));
    }

    private Cid cid(String field) {
        return Cid.decode(reader.bytes(reader.length("Cid of a " + field, WireLimits.MAX_CID_BYTES)));
    }

    private static Cid required(@Nullable Cid cid, String field) {
        if (cid == null) {
            throw new WireException("bitswap message: " + field + " without a Cid");
        }
        return cid;
    }

    private static void requireRoom(List<?> list, int max, String what) {
        if (list.size() >= max) {
            throw new WireException("bitswap message: more than " + max + " " + what);
        }
    }
}
