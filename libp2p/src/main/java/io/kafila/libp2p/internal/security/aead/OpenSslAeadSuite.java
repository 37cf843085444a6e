package io.kafila.libp2p.internal.security.aead;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ChaCha20-Poly1305 of the OpenSSL that the system brings (man pages EVP_chacha20_poly1305(3), EVP_EncryptInit(3) with its
 * section on AEAD), by JNA: four calls for a message, from direct buffer to direct buffer without a copy. Bytes of heap
 * buffers pass through direct memory that all ciphers of a thread share.
 *
 * <p>A cipher's context, about a KiB of OpenSSL's memory, is freed after the garbage collector has found the cipher
 * unreachable, and wiped with the key in it; no other copy of the key is kept.
 */
final class OpenSslAeadSuite implements AeadSuite {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSslAeadSuite.class);

    /** For heap buffers and associated data: at most what one call works on. */
    private static final FastThreadLocal<DirectMemory> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected DirectMemory initialValue() {
            return new DirectMemory(AeadCipher.MAX_PLAINTEXT_BYTES + AeadCipher.TAG_BYTES);
        }
    };

    private OpenSslAeadSuite() {}

    /** The suite, unless the system has no OpenSSL, one without the cipher, or JNA does not work on this platform. */
    static Optional<AeadSuite> load() {
        try {
            AeadSuite suite = new OpenSslAeadSuite();
            if (AeadSelfTest.passes(suite)) {
                return Optional.of(suite);
            }
            LOG.debug("OpenSSL gives a wrong answer");
            return Optional.empty();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error | RuntimeException e) {
            // JNA throws a plain Error where it meets a native library of another version.
            LOG.debug("OpenSSL does not load", e);
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "openssl";
    }

    @Override
    public AeadCipher sealer(byte[] key) {
        return new ContextCipher(true, key);
    }

    @Override
    public AeadCipher opener(byte[] key) {
        return new ContextCipher(false, key);
    }

    private static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }

    private static void require(int answer, String function) {
        if (answer != LibCrypto.OK) {
            String error = Long.toHexString(LibCrypto.ERR_peek_error());
            LibCrypto.ERR_clear_error();
            throw new IllegalStateException("chacha20-poly1305: " + function + " of OpenSSL answers " + answer
                    + " with error " + error + ", want " + LibCrypto.OK);
        }
    }

    private static final class DirectMemory {
        private final ByteBuffer buffer;
        private final long address;

        DirectMemory(int bytes) {
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            address = address(buffer);
        }
    }

    /** Frees a context. Does not know the cipher, which would never become unreachable else. */
    private record Disposal(long context) implements Runnable {
        private static final Cleaner CLEANER = Cleaner.create();

        static void after(ContextCipher cipher, long context) {
            CLEANER.register(cipher, new Disposal(context));
        }

        @Override
        public void run() {
            LibCrypto.EVP_CIPHER_CTX_free(context);
        }
    }

    /**
     * Checks all lengths before it hands out an address, for OpenSSL checks none, and keeps what lies there reachable until OpenSSL
     * is done, for the garbage collector knows nothing of addresses.
     */
    private static final class ContextCipher extends OneWayCipher {
        // What lies where in the memory of a cipher.
        private static final int NONCE_AT = 0;
        private static final int LENGTH_AT = 12;
        private static final int KEY_AT = 16;

        private final DirectMemory own = new DirectMemory(KEY_AT + KEY_BYTES);
        private final long context;

        ContextCipher(boolean sealing, byte[] key) {
            super(sealing);
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        "chacha20-poly1305: key of " + key.length + " bytes, want " + KEY_BYTES);
            }
            context = LibCrypto.EVP_CIPHER_CTX_new();
            if (context == 0) {
                throw new IllegalStateException("chacha20-poly1305: OpenSSL has no memory for a context");
            }
            Disposal.after(this, context);
            own.buffer.put(KEY_AT, key);
            try {
                int answer = LibCrypto.EVP_CipherInit_ex(
                        context, LibCrypto.EVP_chacha20_poly1305(), 0, own.address + KEY_AT, 0, sealing ? 1 : 0);
                require(answer, "EVP_CipherInit_ex");
            } finally {
                own.buffer.put(KEY_AT, new byte[KEY_BYTES]);
                Reference.reachabilityFence(this);
            }
        }

        @Override
        void sealMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) {
            int length = in.remaining();
            requireRoom(length, length + TAG_BYTES, out);
            try {
                begin(nonce, associatedData);
                long source = source(in);
                long target = target(out);
                crypt(source, target, length);
                require(finish(), "EVP_CipherFinal_ex");
                tag(LibCrypto.GET_TAG, target + length);
                deliver(length + TAG_BYTES, in, out);
            } finally {
                Reference.reachabilityFence(in);
                Reference.reachabilityFence(out);
                Reference.reachabilityFence(this);
            }
        }

        @Override
        void openMessage(long nonce, byte[] associatedData, ByteBuffer in, ByteBuffer out) throws AeadException {
            int length = in.remaining() - TAG_BYTES;
            requireRoom(length, length, out);
            try {
                begin(nonce, associatedData);
                long source = source(in);
                tag(LibCrypto.SET_TAG, source + length);
                crypt(source, target(out), length);
                if (finish() != LibCrypto.OK) {
                    LibCrypto.ERR_clear_error();
                    throw AeadException.forged(nonce, null);
                }
                deliver(length, in, out);
            } finally {
                Reference.reachabilityFence(in);
                Reference.reachabilityFence(out);
                Reference.reachabilityFence(this);
            }
        }

        private static void requireRoom(int plain, int result, ByteBuffer out) {
            if (plain > MAX_PLAINTEXT_BYTES) {
                throw new IllegalArgumentException(
                        "chacha20-poly1305: plaintext of " + plain + " bytes, want at most " + MAX_PLAINTEXT_BYTES);
            }
            if (out.isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
            if (out.remaining() < result) {
                throw new IllegalArgumentException(
                        "chacha20-poly1305: room for " + out.remaining() + " bytes, want " + result);
            }
        }

        private void begin(long nonce, byte[] associatedData) {
            own.buffer.put(NONCE_AT, nonceBytes(nonce));
            int answer =
                    LibCrypto.EVP_CipherInit_ex(context, 0, 0, 0, own.address + NONCE_AT, LibCrypto.SAME_DIRECTION);
            require(answer, "EVP_CipherInit_ex");
            for (int from = 0; from < associatedData.length; ) {
                DirectMemory scratch = SCRATCH.get();
                int step = Math.min(associatedData.length - from, scratch.buffer.capacity());
                scratch.buffer.put(0, associatedData, from, step);
                crypt(scratch.address, 0, step);
                from += step;
            }
        }

        /** The address of all of {@code in}, or of its copy in the thread's memory. */
        private static long source(ByteBuffer in) {
            if (in.isDirect()) {
                return address(in);
            }
            DirectMemory scratch = SCRATCH.get();
            scratch.buffer.put(0, in, in.position(), in.remaining());
            return scratch.address;
        }

        /** Where the result goes: to {@code out}, or first to the thread's memory, in place of a source there. */
        private static long target(ByteBuffer out) {
            return out.isDirect() ? address(out) : SCRATCH.get().address;
        }

        private static void deliver(int length, ByteBuffer in, ByteBuffer out) {
            in.position(in.limit());
            if (out.isDirect()) {
                out.position(out.position() + length);
            } else {
                out.put(SCRATCH.get().buffer.slice(0, length));
            }
        }

        /** Works on bytes; with {@code target} 0 they are associated data. */
        private void crypt(long source, long target, int length) {
            if (length == 0) {
                return;
            }
            int answer = LibCrypto.EVP_CipherUpdate(context, target, own.address + LENGTH_AT, source, length);
            require(answer, "EVP_CipherUpdate");
            int done = own.buffer.getInt(LENGTH_AT);
            if (done != length) {
                throw new IllegalStateException(
                        "chacha20-poly1305: EVP_CipherUpdate of OpenSSL did " + done + " bytes, want " + length);
            }
        }

        /** Ends the message, which has no bytes left: what could be written goes to the memory of the cipher. */
        private int finish() {
            return LibCrypto.EVP_CipherFinal_ex(context, own.address + KEY_AT, own.address + LENGTH_AT);
        }

        private void tag(int control, long address) {
            require(LibCrypto.EVP_CIPHER_CTX_ctrl(context, control, TAG_BYTES, address), "EVP_CIPHER_CTX_ctrl");
        }
    }
}
