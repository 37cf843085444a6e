package io.kafila.dht.internal.wire;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.ProtoReader;
import io.kafila.multiformats.ProtoWriter;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The protobuf of messages (ipfs/specs kad-dht.md, RPC messages; go-libp2p-kad-dht pb/dht.proto). */
public final class MessageCodec {
    private static final int TYPE = 1;
    private static final int KEY = 2;
    private static final int RECORD = 3;
    private static final int CLOSER_PEERS = 8;
    private static final int PROVIDER_PEERS = 9;

    private static final int PEER_ID = 1;
    private static final int PEER_ADDRESSES = 2;

    private static final int RECORD_KEY = 1;
    private static final int RECORD_VALUE = 2;
    private static final int RECORD_TIME_RECEIVED = 5;

    private static final byte[] EMPTY = {};

    private MessageCodec() {}

    /** The protobuf, without the length that goes before it. */
    public static byte[] encode(Message message) {
        ProtoWriter writer = new ProtoWriter().varint(TYPE, message.type().code());
        if (message.key().length > 0) {
            writer.bytes(KEY, message.key());
        }
        ValueRecord record = message.record();
        if (record != null) {
            writer.bytes(RECORD, encode(record));
        }
        message.closerPeers().forEach(peer -> writer.bytes(CLOSER_PEERS, encode(peer)));
        message.providerPeers().forEach(peer -> writer.bytes(PROVIDER_PEERS, encode(peer)));
        return writer.toByteArray();
    }

    /** The protobuf after its length, as it goes on a stream. */
    public static byte[] encodeDelimited(Message message) {
        byte[] body = encode(message);
        ByteBuffer framed = ByteBuffer.allocate(Varint.size(body.length) + body.length);
        Varint.write(framed, body.length);
        return framed.put(body).array();
    }

    public static byte[] encode(ValueRecord record) {
        ProtoWriter writer = new ProtoWriter().bytes(RECORD_KEY, record.key()).bytes(RECORD_VALUE, record.value());
        if (!record.timeReceived().isEmpty()) {
            writer.text(RECORD_TIME_RECEIVED, record.timeReceived());
        }
        return writer.toByteArray();
    }

    private static byte[] encode(PeerEntry entry) {
        ProtoWriter writer = new ProtoWriter().bytes(PEER_ID, entry.peer().bytes());
        entry.addresses().forEach(address -> writer.bytes(PEER_ADDRESSES, address.bytes()));
        return writer.toByteArray();
    }

    /**
     * The message that the bytes are. Peers whose names do not decode and addresses of unknown protocols are left out, as
     * are those beyond the {@link WireLimits}.
     *
     * @throws WireException if the bytes are no message, or its key or value is too long
     */
    public static Message decode(byte[] bytes) {
        try {
            return read(bytes);
        } catch (MultiformatException e) {
            throw new WireException(e);
        }
    }

    private static Message read(byte[] bytes) {
        long type = 0; // proto3 leaves out a zero
        byte[] key = EMPTY;
        ValueRecord record = null;
        List<PeerEntry> closer = new ArrayList<>();
        List<PeerEntry> providers = new ArrayList<>();
        ProtoReader reader = new ProtoReader("message", bytes);
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            if (field == TYPE && reader.isVarint()) {
                type = reader.varint();
            } else if (!reader.isBytes()) {
                reader.skip();
            } else {
                switch (field) {
                    case KEY -> key = limited("key", reader.bytes(), WireLimits.MAX_KEY_BYTES);
                    case RECORD -> record = decodeRecord(reader.bytes());
                    case CLOSER_PEERS -> addPeer(reader, closer, WireLimits.MAX_CLOSER_PEERS);
                    case PROVIDER_PEERS -> addPeer(reader, providers, WireLimits.MAX_PROVIDER_PEERS);
                    default -> reader.skip();
                }
            }
        }
        MessageType known = MessageType.byCode(type);
        if (known == null) {
            throw new WireException("type " + Long.toUnsignedString(type) + ", want 0 to 5");
        }
        return new Message(known, key, record, closer, providers);
    }

    /** @throws WireException if the bytes are no record, or its key or value is too long */
    public static ValueRecord decodeRecord(byte[] bytes) {
        byte[] key = EMPTY;
        byte[] value = EMPTY;
        String timeReceived = "";
        try {
            ProtoReader reader = new ProtoReader("record", bytes);
            for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
                if (!reader.isBytes()) {
                    reader.skip();
                    continue;
                }
                switch (field) {
                    case RECORD_KEY -> key = limited("record key", reader.bytes(), WireLimits.MAX_KEY_BYTES);
                    case RECORD_VALUE -> value = limited("value", reader.bytes(), WireLimits.MAX_VALUE_BYTES);
                    case RECORD_TIME_RECEIVED -> timeReceived = time(reader.bytes());
                    default -> reader.skip();
                }
            }
        } catch (MultiformatException e) {
            throw new WireException(e);
        }
        return new ValueRecord(key, value, timeReceived);
    }

    private static void addPeer(ProtoReader reader, List<PeerEntry> peers, int max) {
        if (peers.size() == max) {
            reader.skip();
            return;
        }
        PeerEntry peer = decodePeer(reader.bytes());
        if (peer != null) {
            peers.add(peer);
        }
    }

    private static @Nullable PeerEntry decodePeer(byte[] bytes) {
        byte[] id = EMPTY;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtoReader reader = new ProtoReader("peer", bytes);
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            if (field == PEER_ID && reader.isBytes()) {
                id = reader.bytes();
            } else if (field == PEER_ADDRESSES && reader.isBytes() && addresses.size() < WireLimits.MAX_ADDRESSES) {
                addAddress(reader.bytes(), addresses);
            } else {
                reader.skip();
            }
        }
        try {
            return new PeerEntry(PeerId.decode(id), addresses);
        } catch (MultiformatException nobody) {
            return null; // one name that is none does not make the others worthless
        }
    }

    private static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        try {
            addresses.add(Multiaddr.decode(bytes));
        } catch (MultiformatException unknownProtocol) {
            return; // the peer may be reached in newer ways than this host knows
        }
    }

    private static byte[] limited(String field, byte[] bytes, int max) {
        if (bytes.length > max) {
            throw new WireException(field + " of " + bytes.length + " bytes, want at most " + max);
        }
        return bytes;
    }

    private static String time(byte[] bytes) {
        return bytes.length > WireLimits.MAX_TIME_BYTES ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
