package io.kafila.libp2p.internal.yamux;

import io.netty.buffer.ByteBuf;

/**
 * The twelve bytes before each frame, big endian: version, type, flags (2), stream id (4), length (4).
 *
 * @param streamId unsigned 32 bits, 0 for the session itself
 * @param length unsigned 32 bits; its meaning depends on the type
 */
public record FrameHeader(FrameType type, int flags, long streamId, long length) {
    public static final int BYTES = 12;
    static final int VERSION = 0;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;
    static final int GO_AWAY_INTERNAL_ERROR = 2;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * Takes {@link #BYTES} bytes from {@code in}.
     *
     * @throws YamuxException for another version or an unknown type
     */
    static FrameHeader read(ByteBuf in) {
        int version = in.readUnsignedByte();
        int code = in.readUnsignedByte();
        int flags = in.readUnsignedShort();
        long streamId = in.readUnsignedInt();
        long length = in.readUnsignedInt();
        if (version != VERSION) {
            throw new YamuxException(YamuxException.Kind.VERSION, "version " + version + ", want " + VERSION);
        }
        FrameType type = FrameType.byCode(code);
        if (type == null) {
            throw new YamuxException(YamuxException.Kind.FRAME_TYPE, "frame type " + code + ", want 0 to 3");
        }
        return new FrameHeader(type, flags, streamId, length);
    }

    public void write(ByteBuf out) {
        out.writeByte(VERSION);
        out.writeByte(type.code());
        out.writeShort(flags);
        out.writeInt((int) streamId);
        out.writeInt((int) length);
    }
}
