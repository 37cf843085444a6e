package io.kafila.libp2p.internal.security.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Besides the contract: what native code would not survive to be asked. */
class OpenSslAeadSuiteTest extends AeadCipherContract {
    private final byte[] key = new Seed(11).bytes(AeadCipher.KEY_BYTES);
    private AeadSuite suite = new BouncyCastleAeadSuite();

    @BeforeEach
    void load() {
        Optional<AeadSuite> loaded = OpenSslAeadSuite.load();
        Fixtures.require(loaded.isPresent(), "the system has no OpenSSL with ChaCha20-Poly1305");
        suite = loaded.orElseThrow();
    }

    @Override
    AeadSuite suite() {
        return suite;
    }

    private ByteBuffer sealed(byte[] data, byte[] plain) {
        ByteBuffer sealed = ByteBuffer.allocateDirect(plain.length + AeadCipher.TAG_BYTES);
        suite.sealer(key).seal(0, data, ByteBuffer.wrap(plain), sealed);
        return sealed.flip();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void seal_roomTooSmall_throwsAndWritesNothing(boolean direct) {
        ByteBuffer memory = memory(direct, 64 + AeadCipher.TAG_BYTES);
        for (int room = 0; room < 64 + AeadCipher.TAG_BYTES; room++) {
            ByteBuffer out = memory.duplicate().limit(room);
            int remaining = room;
            assertThatThrownBy(() -> suite.sealer(key).seal(0, NO_DATA, memory(direct, 64), out))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("chacha20-poly1305: room for " + remaining + " bytes, want 80");
        }
        assertThat(memory).isEqualTo(memory(direct, 64 + AeadCipher.TAG_BYTES));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void open_roomTooSmall_throwsAndWritesNothing(boolean direct) {
        ByteBuffer sealed = sealed(NO_DATA, new byte[64]);
        ByteBuffer memory = memory(direct, 64);
        for (int room = 0; room < 64; room++) {
            ByteBuffer out = memory.duplicate().limit(room);
            int remaining = room;
            assertThatThrownBy(() -> suite.opener(key).open(0, NO_DATA, sealed.duplicate(), out))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("chacha20-poly1305: room for " + remaining + " bytes, want 64");
        }
        assertThat(memory).isEqualTo(memory(direct, 64));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sealOpen_longerThanTheLongest_throws(boolean direct) {
        int length = AeadCipher.MAX_PLAINTEXT_BYTES + 1;
        ByteBuffer plain = memory(direct, length);
        ByteBuffer sealed = memory(direct, length + AeadCipher.TAG_BYTES);
        assertThatThrownBy(() -> suite.sealer(key).seal(0, NO_DATA, plain, sealed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chacha20-poly1305: plaintext of 65520 bytes, want at most 65519");
        assertThatThrownBy(() -> suite.opener(key).open(0, NO_DATA, sealed, plain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chacha20-poly1305: plaintext of 65520 bytes, want at most 65519");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sealOpen_intoMemoryToReadOnly_throws(boolean direct) {
        ByteBuffer out = memory(direct, 100).asReadOnlyBuffer();
        assertThatThrownBy(() -> suite.sealer(key).seal(0, NO_DATA, memory(direct, 8), out))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> suite.opener(key).open(0, NO_DATA, sealed(NO_DATA, new byte[8]), out))
                .isInstanceOf(ReadOnlyBufferException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sealOpen_slicesOfMemoryToReadOnly_takeTheirOwnBytes(boolean direct) throws AeadException {
        byte[] plain = new Seed(12).bytes(300);
        ByteBuffer memory = memory(direct, 1000).put(50, plain);
        ByteBuffer out = memory(direct, 1000);

        suite.sealer(key)
                .seal(
                        7,
                        NO_DATA,
                        memory.slice(40, 500).position(10).limit(310).asReadOnlyBuffer(),
                        out.slice(100, 500).position(3));
        ByteBuffer sealed = out.slice(103, 316).asReadOnlyBuffer();
        ByteBuffer opened = memory(direct, 700);
        suite.opener(key).open(7, NO_DATA, sealed, opened.slice(200, 400).position(1));

        assertThat(opened.slice(201, 300)).isEqualTo(ByteBuffer.wrap(plain));
        assertThat(out.slice(0, 103)).isEqualTo(ByteBuffer.allocate(103));
        assertThat(out.slice(419, 581)).isEqualTo(ByteBuffer.allocate(581));
        assertThat(opened.slice(0, 201)).isEqualTo(ByteBuffer.allocate(201));
        assertThat(opened.slice(501, 199)).isEqualTo(ByteBuffer.allocate(199));
    }

    @Test
    void seal_associatedDataLongerThanTheMemoryOfAThread_isThatOfTheOthers() {
        byte[] data = new Seed(13).bytes(2 * (AeadCipher.MAX_PLAINTEXT_BYTES + AeadCipher.TAG_BYTES) + 5);
        byte[] plain = new Seed(14).bytes(33);
        ByteBuffer want = ByteBuffer.allocate(plain.length + AeadCipher.TAG_BYTES);
        new BouncyCastleAeadSuite().sealer(key).seal(0, data, ByteBuffer.wrap(plain), want);

        assertThat(sealed(data, plain)).isEqualTo(want.flip());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void ciphers_keyOfAnotherLength_throw(int length) {
        assertThatThrownBy(() -> suite.sealer(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chacha20-poly1305: key of " + length + " bytes, want 32");
        assertThatThrownBy(() -> suite.opener(new byte[length])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void open_forged_leavesNoErrorInTheQueueOfTheThread() {
        ByteBuffer sealed = sealed(NO_DATA, new byte[64]);
        sealed.put(5, (byte) ~sealed.get(5));
        AeadCipher opener = suite.opener(key);
        // Not every version tells the queue of a forged message: an error of another kind goes with it.
        long context = LibCrypto.EVP_CIPHER_CTX_new();
        assertThat(LibCrypto.EVP_CipherInit_ex(context, 0, 0, 0, 0, LibCrypto.SAME_DIRECTION))
                .isZero();
        LibCrypto.EVP_CIPHER_CTX_free(context);
        assertThat(LibCrypto.ERR_peek_error()).isNotZero();

        assertThatThrownBy(() -> opener.open(0, NO_DATA, sealed, ByteBuffer.allocateDirect(64)))
                .isInstanceOf(AeadException.class)
                .hasMessage("message 0 fails authentication");

        assertThat(LibCrypto.ERR_peek_error()).isZero();
    }

    /** Else no context would ever be freed. */
    @Test
    void cipher_thatNobodyHolds_isUnreachable() {
        WeakReference<AeadCipher> cipher = new WeakReference<>(suite.sealer(key));
        for (int i = 0; i < 100 && cipher.get() != null; i++) {
            System.gc();
        }
        assertThat(cipher.get()).isNull();
    }
}
