package io.kafila.libp2p.internal.peers;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stored form of a peer's addresses: a version byte, the number of addresses, then for each its expiry in milliseconds
 * since the epoch and its bytes with their length; numbers are varints.
 */
final class PeerRecord {
    private static final int VERSION = 1;

    private PeerRecord() {}

    static byte[] encode(Map<Multiaddr, Long> expiryByAddress) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(VERSION);
        out.writeBytes(Varint.encode(expiryByAddress.size()));
        expiryByAddress.forEach((address, expiryMs) -> {
            out.writeBytes(Varint.encode(expiryMs));
            out.writeBytes(Varint.encode(address.bytes().length));
            out.writeBytes(address.bytes());
        });
        return out.toByteArray();
    }

    /** @throws MultiformatException if {@code record} is not what {@link #encode} makes */
    static Map<Multiaddr, Long> decode(byte[] record) {
        ByteBuffer in = ByteBuffer.wrap(record);
        try {
            if (in.get() != VERSION) {
                throw new MultiformatException("peer record: version " + record[0] + ", want " + VERSION);
            }
            long count = Varint.read(in);
            if (count > PeerBook.MAX_ADDRESSES) {
                throw new MultiformatException(
                        "peer record: " + count + " addresses, want at most " + PeerBook.MAX_ADDRESSES);
            }
            Map<Multiaddr, Long> expiryByAddress = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                long expiryMs = Varint.read(in);
                long length = Varint.read(in);
                if (length > Math.min(in.remaining(), Multiaddr.MAX_BYTES)) {
                    throw new MultiformatException("peer record: address of " + length + " bytes");
                }
                byte[] address = new byte[(int) length];
                in.get(address);
                expiryByAddress.put(Multiaddr.decode(address), expiryMs);
            }
            if (in.hasRemaining()) {
                throw new MultiformatException("peer record: " + in.remaining() + " bytes behind its end");
            }
            return expiryByAddress;
        } catch (BufferUnderflowException e) {
            throw new MultiformatException("peer record: truncated", e);
        }
    }
}
