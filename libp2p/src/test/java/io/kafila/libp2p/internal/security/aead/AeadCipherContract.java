package io.kafila.libp2p.internal.security.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What every suite owes: the answers of RFC 8439, any kind of memory, work in place, and no tolerance for a changed bit. */
abstract class AeadCipherContract {
    static final byte[] NO_DATA = {};

    abstract AeadSuite suite();

    static ByteBuffer memory(boolean direct, int size) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void open_rfc8439AppendixA5_givesItsPlaintext() throws AeadException {
        byte[] key = HexFormat.of().parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
        byte[] data = HexFormat.of().parseHex("f33388860000000000004e91");
        byte[] sealed = HexFormat.of()
                .parseHex("64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e"
                        + "382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd"
                        + "60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c76"
                        + "7b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a"
                        + "0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a67276"
                        + "27097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b0270"
                        + "9beead9d67890cbb22392336fea1851f38");
        byte[] plain = ("Internet-Drafts are draft documents valid for a maximum of six months and may be updated, "
                        + "replaced, or obsoleted by other documents at any time. It is inappropriate to use "
                        + "Internet-Drafts as reference material or to cite them other than as "
                        + "/\u201cwork in progress./\u201d")
                .getBytes(StandardCharsets.UTF_8);
        long nonce = 0x0807060504030201L;

        ByteBuffer opened = ByteBuffer.allocate(plain.length);
        suite().opener(key).open(nonce, data, ByteBuffer.wrap(sealed), opened);
        assertThat(opened.array()).isEqualTo(plain);

        ByteBuffer again = ByteBuffer.allocate(sealed.length);
        suite().sealer(key).seal(nonce, data, ByteBuffer.wrap(plain), again);
        assertThat(again.array()).isEqualTo(sealed);
    }

    @Test
    void sealOpen_anyLengthAndMemory_roundTrips() throws AeadException {
        byte[] key = new Seed(1).bytes(AeadCipher.KEY_BYTES);
        AeadCipher sealer = suite().sealer(key);
        AeadCipher opener = suite().opener(key);
        long nonce = 0;
        for (int length : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 1000, 16_384, AeadCipher.MAX_PLAINTEXT_BYTES}) {
            for (boolean directIn : new boolean[] {true, false}) {
                for (boolean directOut : new boolean[] {true, false}) {
                    byte[] plain = new Seed(length).bytes(length);
                    ByteBuffer in = memory(directIn, length + 7).position(7);
                    in.put(plain).position(7);
                    ByteBuffer sealed =
                            memory(directOut, length + AeadCipher.TAG_BYTES + 5).position(5);
                    sealer.seal(nonce, NO_DATA, in, sealed);
                    assertThat(in.remaining()).isZero();
                    assertThat(sealed.remaining()).isZero();

                    ByteBuffer opened = memory(directIn, length);
                    opener.open(nonce, NO_DATA, sealed.position(5), opened);
                    assertThat(sealed.remaining()).isZero();
                    assertThat(content(opened.flip())).isEqualTo(plain);
                    nonce++;
                }
            }
        }
    }

    @Test
    void sealOpen_inPlace_roundTrips() throws AeadException {
        byte[] key = new Seed(2).bytes(AeadCipher.KEY_BYTES);
        AeadCipher sealer = suite().sealer(key);
        AeadCipher opener = suite().opener(key);
        for (boolean direct : new boolean[] {true, false}) {
            for (int length : new int[] {0, 12, 4096, AeadCipher.MAX_PLAINTEXT_BYTES}) {
                byte[] plain = new Seed(length).bytes(length);
                ByteBuffer memory = memory(direct, length + AeadCipher.TAG_BYTES);
                memory.put(plain);
                long nonce = length + (direct ? 1 : 0);

                sealer.seal(
                        nonce,
                        NO_DATA,
                        memory.duplicate().flip(),
                        memory.duplicate().clear());
                ByteBuffer opened = memory.duplicate().clear();
                opener.open(nonce, NO_DATA, memory.duplicate().clear(), opened);

                assertThat(content(opened.flip())).isEqualTo(plain);
            }
        }
    }

    @Test
    void open_anyChange_throws() throws AeadException {
        byte[] key = new Seed(3).bytes(AeadCipher.KEY_BYTES);
        byte[] plain = new Seed(4).bytes(37);
        byte[] data = {1, 2, 3};
        ByteBuffer sealed = ByteBuffer.allocate(plain.length + AeadCipher.TAG_BYTES);
        suite().sealer(key).seal(9, data, ByteBuffer.wrap(plain), sealed);
        for (int i = 0; i < sealed.capacity(); i++) {
            byte[] changed = sealed.array().clone();
            changed[i] ^= 0x40;
            assertRefused(key, 9, data, changed, changed.length);
        }
        for (int length = 0; length < sealed.capacity(); length++) {
            assertRefused(key, 9, data, sealed.array(), length);
        }
        assertRefused(key, 10, data, sealed.array(), sealed.capacity());
        assertRefused(key, 9, new byte[] {1, 2}, sealed.array(), sealed.capacity());
        assertRefused(new Seed(5).bytes(AeadCipher.KEY_BYTES), 9, data, sealed.array(), sealed.capacity());
    }

    private void assertRefused(byte[] key, long nonce, byte[] data, byte[] sealed, int length) {
        AeadCipher opener = suite().opener(key);
        assertThatThrownBy(() -> opener.open(nonce, data, ByteBuffer.wrap(sealed, 0, length), ByteBuffer.allocate(100)))
                .isInstanceOf(AeadException.class)
                .hasMessageContaining("message " + nonce);
    }

    @Test
    void open_afterAFailure_stillWorks() throws AeadException {
        byte[] key = new Seed(6).bytes(AeadCipher.KEY_BYTES);
        AeadCipher sealer = suite().sealer(key);
        AeadCipher opener = suite().opener(key);
        ByteBuffer sealed = ByteBuffer.allocate(20);
        sealer.seal(1, NO_DATA, ByteBuffer.wrap(new byte[4]), sealed);
        assertThatThrownBy(() -> opener.open(0, NO_DATA, sealed.duplicate().flip(), ByteBuffer.allocate(4)))
                .isInstanceOf(AeadException.class);

        ByteBuffer opened = ByteBuffer.allocate(4);
        opener.open(1, NO_DATA, sealed.duplicate().flip(), opened);
        assertThat(opened.remaining()).isZero();
    }

    @Test
    void cipher_usedInTheOtherDirection_throws() {
        byte[] key = new byte[AeadCipher.KEY_BYTES];
        assertThatThrownBy(() -> suite().opener(key).seal(0, NO_DATA, ByteBuffer.allocate(1), ByteBuffer.allocate(17)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> suite().sealer(key).open(0, NO_DATA, ByteBuffer.allocate(17), ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
