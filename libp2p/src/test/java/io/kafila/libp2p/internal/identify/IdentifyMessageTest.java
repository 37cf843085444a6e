package io.kafila.libp2p.internal.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.ProtoWriter;
import io.kafila.testkit.Seed;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());

    @Test
    void golden_fieldsOfTheSpecification() {
        byte[] encoded = new IdentifyMessage(new byte[] {1}, List.of(ADDRESS), List.of("/a"), ADDRESS, "p", "v", null)
                .encode()
                .get(0);
        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo(
                        "0a0101" + "1208047f000001060fa1" + "1a022f61" + "2208047f000001060fa1" + "2a0170" + "320176");
    }

    @Test
    void roundTrip() {
        IdentifyMessage message = message(60, 60);
        List<byte[]> encoded = message.encode();
        assertThat(encoded)
                .as("the signed record of a long message goes separately")
                .hasSize(2);
        IdentifyMessage decoded = IdentifyMessage.decode(encoded);
        assertThat(decoded).usingRecursiveComparison().isEqualTo(message);
    }

    @Test
    void longLists_areCut_longNamesLeftOut() {
        IdentifyMessage decoded = IdentifyMessage.decode(message(1000, 1000).encode());
        assertThat(decoded.listenAddresses()).hasSize(IdentifyMessage.MAX_ADDRESSES);
        assertThat(decoded.protocols()).hasSize(IdentifyMessage.MAX_PROTOCOLS);
        IdentifyMessage wordy = new IdentifyMessage(
                new byte[0], List.of(), List.of("/" + "x".repeat(300), "/ok"), null, "", "v".repeat(1000), null);
        assertThat(IdentifyMessage.decode(wordy.encode()).protocols()).containsExactly("/ok");
        assertThat(IdentifyMessage.decode(wordy.encode()).agentVersion()).hasSize(IdentifyMessage.MAX_TEXT_BYTES);
    }

    @Test
    void unknownFieldsAndAddresses_areLeftOut() {
        byte[] bytes = new ProtoWriter()
                .varint(99, 7)
                .bytes(98, new byte[3])
                .bytes(2, new byte[] {(byte) 0xff, 0x7f, 1})
                .bytes(2, ADDRESS.bytes())
                .toByteArray();
        assertThat(IdentifyMessage.decode(List.of(bytes)).listenAddresses()).containsExactly(ADDRESS);
    }

    @Test
    void truncation_atEveryByte_failsOrIsShorter() {
        byte[] encoded = message(2, 2).encode().get(0);
        for (int cut = 0; cut < encoded.length; cut++) {
            byte[] head = Arrays.copyOf(encoded, cut);
            try {
                IdentifyMessage decoded = IdentifyMessage.decode(List.of(head));
                assertThat(decoded.signedPeerRecord()).isNull();
            } catch (IdentifyException e) {
                assertThat(e).hasMessageStartingWith("identify: message");
            }
        }
    }

    @Test
    void rubbish_throwsNothingElse() {
        Seed.each(500, random -> {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            try {
                IdentifyMessage.decode(List.of(bytes));
                SignedPeerRecord.open(bytes);
            } catch (IdentifyException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }

    @Test
    void record_opensWhatWasSealed() {
        SignedPeerRecord record = SignedPeerRecord.open(SignedPeerRecord.seal(KEY, 42, List.of(ADDRESS)));
        assertThat(record).isEqualTo(new SignedPeerRecord(KEY.peerId(), 42, List.of(ADDRESS)));
    }

    @Test
    void record_anyChangedByte_isRefused() {
        byte[] sealed = SignedPeerRecord.seal(KEY, 42, List.of(ADDRESS));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 0x10;
            assertThatThrownBy(() -> SignedPeerRecord.open(changed)).isInstanceOf(IdentifyException.class);
        }
    }

    @Test
    void record_ofAnotherPeer_isRefused() {
        PrivateKey other = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        byte[] payload = new ProtoWriter().bytes(1, other.peerId().bytes()).toByteArray();
        byte[] domain = "\022libp2p-peer-record\002\003\001".getBytes();
        byte[] signed = new byte[domain.length + 1 + payload.length];
        System.arraycopy(domain, 0, signed, 0, domain.length);
        signed[domain.length] = (byte) payload.length;
        System.arraycopy(payload, 0, signed, domain.length + 1, payload.length);
        byte[] envelope = new ProtoWriter()
                .bytes(1, KEY.publicKey().protobuf())
                .bytes(2, new byte[] {3, 1})
                .bytes(3, payload)
                .bytes(5, KEY.sign(signed))
                .toByteArray();
        assertThatThrownBy(() -> SignedPeerRecord.open(envelope))
                .hasMessage("identify: peer record of " + other.peerId() + " signed by " + KEY.peerId());
    }

    private static IdentifyMessage message(int addresses, int protocols) {
        return new IdentifyMessage(
                KEY.publicKey().protobuf(),
                Collections.nCopies(addresses, ADDRESS),
                Collections.nCopies(protocols, "/a/protocol/of/some/length/1.0.0"),
                ADDRESS,
                "ipfs/0.1.0",
                "kafila/0.1.0",
                SignedPeerRecord.seal(KEY, 1, List.of(ADDRESS)));
    }
}
