package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PeerIdTest {
    private static final String RSA = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
    private static final String ED25519 = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

    /** The texts of one peer in the specification of PeerIds. */
    @Test
    void parse_bothTexts_samePeer() {
        PeerId peer = PeerId.parse(RSA);
        assertThat(PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"))
                .isEqualTo(peer);
        assertThat(peer.toCid()).hasToString("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe");
        assertThat(peer).hasToString(RSA);
        PeerId inlined = PeerId.parse(ED25519);
        assertThat(inlined).hasToString(ED25519).isNotEqualTo(peer);
        assertThat(inlined.inlinedKey()).map(PublicKey::type).contains(KeyType.ED25519);
        assertThat(inlined.inlinedKey().orElseThrow().peerId()).isEqualTo(inlined);
        assertThat(peer.inlinedKey()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void parse_cidInEveryBase_samePeer(Multibase base) {
        for (String text : new String[] {RSA, ED25519}) {
            PeerId peer = PeerId.parse(text);
            assertThat(PeerId.parse(peer.toCid().toString(base)))
                    .isEqualTo(peer)
                    .hasSameHashCodeAs(peer);
        }
    }

    @Test
    void decode_bytes_roundTrip() {
        for (KeyType type : KeyType.values()) {
            PeerId peer = PrivateKey.generate(type, new SecureRandom()).peerId();
            assertThat(PeerId.decode(peer.bytes())).isEqualTo(peer).isEqualByComparingTo(peer);
            assertThat(PeerId.parse(peer.toString())).isEqualTo(peer);
            assertThat(PeerId.of(peer.toCid())).isEqualTo(peer);
            boolean small = type == KeyType.ED25519 || type == KeyType.SECP256K1;
            assertThat(peer.multihash().code()).isEqualTo(small ? 0x00 : 0x12);
        }
    }

    @Test
    void inlinedKey_noKeyOrOtherForm_empty() {
        assertThat(PeerId.decode(HexFormat.of().parseHex("0003616263")).inlinedKey())
                .isEmpty();
        PublicKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom()).publicKey();
        byte[] reordered = HexFormat.of().parseHex("1220" + HexFormat.of().formatHex(key.raw()) + "0801");
        PeerId other = PeerId.of(HashFunction.IDENTITY.digest(reordered));
        assertThat(PublicKey.decode(reordered)).isEqualTo(key);
        assertThat(other.inlinedKey()).isEmpty();
        assertThat(other.matches(key)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty text",
        "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5, multihash: ",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku, 'codec 0x55, want libp2p-key'",
        "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0, U+0030",
        "QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY, digest of"
    })
    void parse_malformed_refused(String text, String reason) {
        assertThatThrownBy(() -> PeerId.parse(text))
                .isInstanceOf(MultiformatException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void of_otherFunctions_refused() {
        assertThatThrownBy(() -> PeerId.of(HashFunction.SHA1.digest(new byte[1])))
                .hasMessage("peer id: function 0x11 of 20 bytes, want sha2-256 of 32 or identity");
        assertThatThrownBy(() -> PeerId.of(HashFunction.SHA2_256.digest(new byte[1], 31)))
                .hasMessage("peer id: function 0x12 of 31 bytes, want sha2-256 of 32 or identity");
    }
}
