package io.kafila.libp2p.internal.identify;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.ProtoReader;
import io.kafila.multiformats.ProtoWriter;
import io.kafila.multiformats.PublicKey;
import io.kafila.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a peer under its own signature: a peer record (libp2p/specs RFC 0003) in an envelope (RFC 0002).
 *
 * @param sequence a later record of a peer has a higher one
 */
public record SignedPeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {
    private static final byte[] DOMAIN = "libp2p-peer-record".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};

    public SignedPeerRecord {
        addresses = List.copyOf(addresses);
    }

    /** The sealed envelope of a host's own record. */
    public static byte[] seal(PrivateKey key, long sequence, List<Multiaddr> addresses) {
        ProtoWriter record =
                new ProtoWriter().bytes(1, PeerId.of(key.publicKey()).bytes()).varint(2, sequence);
        for (Multiaddr address : addresses) {
            record.bytes(3, new ProtoWriter().bytes(1, address.bytes()).toByteArray());
        }
        byte[] payload = record.toByteArray();
        return new ProtoWriter()
                .bytes(1, key.publicKey().protobuf())
                .bytes(2, PAYLOAD_TYPE)
                .bytes(3, payload)
                .bytes(5, key.sign(signed(payload)))
                .toByteArray();
    }

    /** @throws IdentifyException unless the envelope holds a peer record that its peer has signed */
    public static SignedPeerRecord open(byte[] envelope) {
        try {
            return read(envelope);
        } catch (MultiformatException e) {
            throw new IdentifyException(e);
        }
    }

    private static SignedPeerRecord read(byte[] envelope) {
        byte @Nullable [] key = null;
        byte @Nullable [] type = null;
        byte @Nullable [] payload = null;
        byte @Nullable [] signature = null;
        ProtoReader reader = new ProtoReader("envelope", envelope);
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            if (!reader.isBytes() || field > 5 || field == 4) {
                reader.skip();
                continue;
            }
            byte[] value = reader.bytes();
            switch (field) {
                case 1 -> key = value;
                case 2 -> type = value;
                case 3 -> payload = value;
                default -> signature = value;
            }
        }
        if (key == null || type == null || payload == null || signature == null) {
            throw new IdentifyException("envelope lacks its key, type, payload or signature");
        }
        if (!Arrays.equals(type, PAYLOAD_TYPE)) {
            throw new IdentifyException("envelope of another type than a peer record");
        }
        PublicKey publicKey = publicKey(key);
        if (!publicKey.verify(signed(payload), signature)) {
            throw new IdentifyException("signature of the peer record of " + publicKey.peerId() + " does not verify");
        }
        SignedPeerRecord record = decode(payload);
        if (!record.peer().matches(publicKey)) {
            throw new IdentifyException("peer record of " + record.peer() + " signed by " + publicKey.peerId());
        }
        return record;
    }

    private static SignedPeerRecord decode(byte[] payload) {
        PeerId peer = null;
        long sequence = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtoReader reader = new ProtoReader("peer record", payload);
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            if (field == 1 && reader.isBytes()) {
                peer = peerId(reader.bytes());
            } else if (field == 2 && reader.isVarint()) {
                sequence = reader.varint();
            } else if (field == 3 && reader.isBytes()) {
                addAddress(reader.bytes(), addresses);
            } else {
                reader.skip();
            }
        }
        if (peer == null) {
            throw new IdentifyException("peer record without a peer");
        }
        return new SignedPeerRecord(peer, sequence, addresses);
    }

    private static void addAddress(byte[] addressInfo, List<Multiaddr> addresses) {
        ProtoReader reader = new ProtoReader("address of a peer record", addressInfo);
        for (int field = reader.nextField(); field != 0; field = reader.nextField()) {
            if (field == 1 && reader.isBytes()) {
                IdentifyMessage.addAddress(reader.bytes(), addresses);
            } else {
                reader.skip();
            }
        }
    }

    private static PublicKey publicKey(byte[] protobuf) {
        try {
            return PublicKey.decode(protobuf);
        } catch (MultiformatException e) {
            throw new IdentifyException("key of the envelope: " + e.getMessage(), e);
        }
    }

    private static PeerId peerId(byte[] bytes) {
        try {
            return PeerId.decode(bytes);
        } catch (MultiformatException e) {
            throw new IdentifyException("peer of the record: " + e.getMessage(), e);
        }
    }

    /** What the signature covers: domain, type and payload, each after its length. */
    private static byte[] signed(byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : List.of(DOMAIN, PAYLOAD_TYPE, payload)) {
            out.writeBytes(Varint.encode(part.length));
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
