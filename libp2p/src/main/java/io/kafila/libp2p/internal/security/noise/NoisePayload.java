package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.EarlyMuxer;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message NoiseHandshakePayload of libp2p/specs noise: who the sender is, and what it speaks.
 *
 * @param identityKey the protobuf of the public key
 * @param identitySignature by that key over the Noise static key
 * @param muxers the extension {@code stream_muxers}, most wanted first
 */
@SuppressWarnings("ArrayRecordComponent") // made and read once, never compared
record NoisePayload(byte[] identityKey, byte[] identitySignature, List<String> muxers) {
    private static final int IDENTITY_KEY = 1;
    private static final int IDENTITY_SIGNATURE = 2;
    private static final int EXTENSIONS = 4;
    private static final int STREAM_MUXERS = 2;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeBytes(out, IDENTITY_KEY, identityKey);
        writeBytes(out, IDENTITY_SIGNATURE, identitySignature);
        if (!muxers.isEmpty()) {
            ByteArrayOutputStream extensions = new ByteArrayOutputStream();
            for (String muxer : muxers) {
                writeBytes(extensions, STREAM_MUXERS, muxer.getBytes(StandardCharsets.UTF_8));
            }
            writeBytes(out, EXTENSIONS, extensions.toByteArray());
        }
        return out.toByteArray();
    }

    /**
     * Decodes a payload; unknown fields are skipped, the last of a repeated single field counts.
     *
     * @throws HandshakeException if it is no such message, or lists more than {@link EarlyMuxer#MAX_MUXERS} muxers
     */
    static NoisePayload decode(byte[] bytes) {
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (MultiformatException e) {
            throw malformed(e.getMessage());
        }
    }

    private static NoisePayload read(ByteBuffer in) {
        byte[] key = {};
        byte[] signature = {};
        List<String> muxers = new ArrayList<>();
        while (in.hasRemaining()) {
            long tag = Varint.read(in);
            if (tag == tag(IDENTITY_KEY)) {
                key = readBytes(in);
            } else if (tag == tag(IDENTITY_SIGNATURE)) {
                signature = readBytes(in);
            } else if (tag == tag(EXTENSIONS)) {
                readExtensions(ByteBuffer.wrap(readBytes(in)), muxers);
            } else {
                skip(in, tag);
            }
        }
        return new NoisePayload(key, signature, List.copyOf(muxers));
    }

    private static void readExtensions(ByteBuffer in, List<String> muxers) {
        while (in.hasRemaining()) {
            long tag = Varint.read(in);
            if (tag != tag(STREAM_MUXERS)) {
                skip(in, tag);
                continue;
            }
            if (muxers.size() == EarlyMuxer.MAX_MUXERS) {
                throw malformed("more than " + EarlyMuxer.MAX_MUXERS + " muxers");
            }
            muxers.add(new String(readBytes(in), StandardCharsets.UTF_8));
        }
    }

    private static void skip(ByteBuffer in, long tag) {
        switch ((int) (tag & 7)) {
            case VARINT -> skipVarint(in);
            case FIXED64 -> skipBytes(in, Long.BYTES);
            case BYTES -> skipBytes(in, readLength(in));
            case FIXED32 -> skipBytes(in, Integer.BYTES);
            default -> throw malformed("wire type " + (tag & 7));
        }
    }

    /** A protobuf varint may be of any form and has up to ten bytes. */
    private static void skipVarint(ByteBuffer in) {
        for (int i = 0; i < 10; i++) {
            if (!in.hasRemaining()) {
                throw malformed("truncated varint");
            }
            if (in.get() >= 0) {
                return;
            }
        }
        throw malformed("varint of more than 10 bytes");
    }

    private static void skipBytes(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw malformed("field of " + length + " bytes, " + in.remaining() + " left");
        }
        in.position(in.position() + length);
    }

    private static byte[] readBytes(ByteBuffer in) {
        byte[] bytes = new byte[readLength(in)];
        in.get(bytes);
        return bytes;
    }

    private static int readLength(ByteBuffer in) {
        long length = Varint.read(in);
        if (length > in.remaining()) {
            throw malformed("field of " + length + " bytes, " + in.remaining() + " left");
        }
        return (int) length;
    }

    private static void writeBytes(ByteArrayOutputStream out, int field, byte[] bytes) {
        out.writeBytes(Varint.encode(tag(field)));
        out.writeBytes(Varint.encode(bytes.length));
        out.writeBytes(bytes);
    }

    private static long tag(int field) {
        return (long) field << 3 | BYTES;
    }

    private static HandshakeException malformed(@Nullable String what) {
        return new HandshakeException(Kind.MALFORMED, "noise: handshake payload: " + what);
    }
}
