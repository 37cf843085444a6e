package io.kafila.libp2p.internal.pnet;

import io.kafila.libp2p.SwarmKey;
import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Enciphers what leaves a channel and deciphers what arrives. Each side sends its nonce of 24 bytes in front of its first byte.
 * Confined to the channel's event loop.
 *
 * <p>The key is proved by nothing but sense. The first thing that any peer says is the header of multistream, so whoever says
 * something else is of another network and is refused at once, before the layers above wait for the rest of a garbled length.
 */
public final class PrivateNetworkHandler extends ChannelDuplexHandler {
    private static final byte[] MULTISTREAM = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;
    private final byte[] ownNonce = new byte[Salsa20.EXTENDED_NONCE_BYTES];
    private final ByteBuffer peerNonce = ByteBuffer.allocate(Salsa20.EXTENDED_NONCE_BYTES);
    private final Salsa20 encipher;
    private @Nullable Salsa20 decipher;
    private boolean sentNonce;
    private int verified;
    private boolean delivered;
    private boolean over;

    /** @param random strong: nonces must not repeat */
    public PrivateNetworkHandler(SwarmKey key, RandomGenerator random) {
        this.key = key.bytes();
        random.nextBytes(ownNonce);
        this.encipher = Salsa20.extended(this.key, ownNonce);
    }

    /** Puts a handler under all others, but above the one of a private network if there is one. */
    public static void addAbove(ChannelPipeline pipeline, ChannelHandler handler) {
        ChannelHandlerContext network = pipeline.context(PrivateNetworkHandler.class);
        if (network == null) {
            pipeline.addFirst(handler);
        } else {
            pipeline.addAfter(network.name(), null, handler);
        }
    }

    /** Whether the peer has shown that it has the key. */
    public boolean isVerified() {
        return verified == MULTISTREAM.length;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plain)) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new IllegalArgumentException(
                    "pnet: write of " + message.getClass().getName() + ", want a ByteBuf"));
            return;
        }
        if (!sentNonce) {
            sentNonce = true;
            ctx.write(ctx.alloc().ioBuffer(ownNonce.length).writeBytes(ownNonce));
        }
        ByteBuf bytes = owned(ctx, plain);
        apply(encipher, bytes);
        ctx.write(bytes, promise);
    }

    /** The buffer itself if nobody else can see it; the layers above give away what they have just sealed. */
    private static ByteBuf owned(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!bytes.isReadOnly() && bytes.refCnt() == 1) {
            return bytes;
        }
        try {
            return ctx.alloc().ioBuffer(bytes.readableBytes()).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (over || !decipher(ctx, bytes)) {
            bytes.release();
        } else {
            delivered = true;
            ctx.fireChannelRead(bytes);
        }
    }

    /** @return whether there is something for the layers above */
    private boolean decipher(ChannelHandlerContext ctx, ByteBuf bytes) {
        Salsa20 stream = decipher;
        if (stream == null) {
            ByteBuf part = bytes.readSlice(Math.min(peerNonce.remaining(), bytes.readableBytes()));
            part.readBytes(peerNonce.array(), peerNonce.position(), part.capacity());
            peerNonce.position(peerNonce.position() + part.capacity());
            if (isPlain()) {
                refuse(ctx, new HandshakeException(Kind.OTHER_NETWORK, "pnet: the peer speaks without a swarm key"));
                return false;
            }
            if (peerNonce.hasRemaining()) {
                return false;
            }
            stream = Salsa20.extended(key, peerNonce.array());
            Arrays.fill(key, (byte) 0);
            decipher = stream;
        }
        if (!bytes.isReadable()) {
            return false;
        }
        apply(stream, bytes);
        if (!isVerified() && !verify(bytes)) {
            refuse(ctx, new HandshakeException(Kind.OTHER_NETWORK, "pnet: the peer has another swarm key"));
            return false;
        }
        return true;
    }

    /** Whether there stands for a nonce what a peer without a key begins with. */
    private boolean isPlain() {
        return peerNonce.position() >= MULTISTREAM.length
                && Arrays.equals(peerNonce.array(), 0, MULTISTREAM.length, MULTISTREAM, 0, MULTISTREAM.length);
    }

    private boolean verify(ByteBuf plain) {
        for (int i = plain.readerIndex(); i < plain.writerIndex() && verified < MULTISTREAM.length; i++) {
            if (plain.getByte(i) != MULTISTREAM[verified]) {
                return false;
            }
            verified++;
        }
        return true;
    }

    private static void apply(Salsa20 stream, ByteBuf bytes) {
        if (bytes.nioBufferCount() == 1) {
            stream.apply(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
        } else {
            for (ByteBuffer part : bytes.nioBuffers()) {
                stream.apply(part);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean gaveNothing = !delivered;
        delivered = false;
        if (gaveNothing && !over && !ctx.channel().config().isAutoRead()) {
            ctx.read(); // whoever asked above waits for bytes, and a nonce is none
        }
        ctx.fireChannelReadComplete();
    }

    private void refuse(ChannelHandlerContext ctx, HandshakeException reason) {
        over = true;
        ctx.fireExceptionCaught(reason);
        ctx.close();
    }
}
