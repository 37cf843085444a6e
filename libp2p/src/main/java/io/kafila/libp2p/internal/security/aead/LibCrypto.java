package io.kafila.libp2p.internal.security.aead;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * The functions of the system's OpenSSL that {@link OpenSslAeadSuite} calls (man pages EVP_EncryptInit(3),
 * OPENSSL_init_crypto(3) and ERR_clear_error(3)), of 3.x or else of 1.1.
 *
 * <p>The first use of the class loads the library; where there is none, it and all later ones end in a {@link LinkageError}.
 * Pointers are addresses, 0 for {@code NULL}: nothing is checked or copied on the way, the caller vouches for all memory.
 * The functions are thread-safe; a context belongs to one thread at a time.
 */
final class LibCrypto {
    /** What functions answer that did not fail. */
    static final int OK = 1;

    /** {@code EVP_CTRL_AEAD_GET_TAG} of openssl/evp.h. */
    static final int GET_TAG = 0x10;

    /** {@code EVP_CTRL_AEAD_SET_TAG}. */
    static final int SET_TAG = 0x11;

    /** As {@code enc}: the direction stays what it was. */
    static final int SAME_DIRECTION = -1;

    private static final String CURRENT = "libcrypto.so.3";
    private static final String FORMER = "libcrypto.so.1.1";

    /**
     * {@code RTLD_NOW} of dlfcn.h, without {@code RTLD_GLOBAL}, which is JNA's default and would offer OpenSSL's functions to the
     * libraries with a BoringSSL of their own, by the same names.
     */
    private static final int OPEN_FLAGS = 2;

    /** {@code OPENSSL_INIT_NO_ATEXIT}: threads may be in a cipher yet when the process ends. */
    private static final long NO_ATEXIT = 0x0008_0000L;

    static {
        load();
    }

    private LibCrypto() {}

    private static void load() {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError(
                    "openssl: pointers of " + Native.POINTER_SIZE + " bytes, want " + Long.BYTES);
        }
        Native.register(LibCrypto.class, open());
        int answer = OPENSSL_init_crypto(NO_ATEXIT, 0);
        if (answer != OK) {
            throw new UnsatisfiedLinkError("openssl: OPENSSL_init_crypto answers " + answer + ", want " + OK);
        }
    }

    private static NativeLibrary open() {
        Map<String, Integer> options = Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS);
        try {
            return NativeLibrary.getInstance(CURRENT, options);
        } catch (UnsatisfiedLinkError e) {
            try {
                return NativeLibrary.getInstance(FORMER, options);
            } catch (UnsatisfiedLinkError former) {
                former.addSuppressed(e);
                throw former;
            }
        }
    }

    static native int OPENSSL_init_crypto(long options, long settings);

    static native long EVP_chacha20_poly1305();

    static native long EVP_CIPHER_CTX_new();

    static native void EVP_CIPHER_CTX_free(long context);

    /** What is 0 stays as it was: the cipher, the key, the nonce. */
    static native int EVP_CipherInit_ex(long context, long cipher, long engine, long key, long nonce, int encrypt);

    /** @param out 0 where {@code in} is associated data */
    static native int EVP_CipherUpdate(long context, long out, long outLength, long in, int inLength);

    static native int EVP_CipherFinal_ex(long context, long out, long outLength);

    static native int EVP_CIPHER_CTX_ctrl(long context, int type, int argument, long pointer);

    /** The oldest error in the thread's queue, 0 where it is empty. */
    static native long ERR_peek_error();

    /** Empties the thread's queue of errors. */
    static native void ERR_clear_error();
}
