package io.kafila.libp2p.internal.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.ProtoWriter;
import io.kafila.multiformats.Varint;
import io.kafila.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated envelopes, and envelopes whose signature is good and whose payload is rubbish: nothing but an {@link IdentifyException}. */
class SignedPeerRecordFuzz {
    private static final int RUNS = Integer.getInteger("kafila.fuzz", 1500);
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    private static final byte[] DOMAIN = "libp2p-peer-record".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = {3, 1};

    @Test
    void open_mutatedEnvelope_isRefused() {
        byte[] sealed = SignedPeerRecord.seal(KEY, 7, List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5")));
        Seed.each(RUNS, random -> open(mutated(sealed, random)));
    }

    @Test
    void open_wellSignedRubbish_isARecordOrRefused() {
        byte[] address = new ProtoWriter()
                .bytes(1, Multiaddr.parse("/ip4/1.2.3.4/tcp/5").bytes())
                .toByteArray();
        byte[] record = new ProtoWriter()
                .bytes(1, KEY.peerId().bytes())
                .varint(2, 7)
                .bytes(3, address)
                .toByteArray();
        Seed.each(RUNS, random -> {
            byte[] payload = mutated(record, random);
            open(new ProtoWriter()
                    .bytes(1, KEY.publicKey().protobuf())
                    .bytes(2, TYPE)
                    .bytes(3, payload)
                    .bytes(5, KEY.sign(signed(payload)))
                    .toByteArray());
        });
    }

    @Test
    void decode_mutatedIdentifyMessage_isAMessageOrRefused() {
        byte[] message = new IdentifyMessage(
                        KEY.publicKey().protobuf(),
                        List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5")),
                        List.of("/a", "/b"),
                        Multiaddr.parse("/ip4/1.2.3.4/tcp/6"),
                        "ipfs/0.1.0",
                        "agent",
                        null)
                .encode()
                .get(0);
        Seed.each(RUNS, random -> {
            try {
                IdentifyMessage decoded = IdentifyMessage.decode(List.of(mutated(message, random)));
                assertThat(decoded.listenAddresses().size()).isLessThanOrEqualTo(IdentifyMessage.MAX_ADDRESSES);
            } catch (IdentifyException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        });
    }

    private static void open(byte[] envelope) {
        try {
            assertThat(SignedPeerRecord.open(envelope).peer()).isEqualTo(KEY.peerId());
        } catch (IdentifyException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static byte[] signed(byte[] payload) {
        byte[][] parts = {
            Varint.encode(DOMAIN.length),
            DOMAIN,
            Varint.encode(TYPE.length),
            TYPE,
            Varint.encode(payload.length),
            payload
        };
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int end = all.length;
            all = Arrays.copyOf(all, end + part.length);
            System.arraycopy(part, 0, all, end, part.length);
        }
        return all;
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(6) == 0 ? random.nextInt(good.length + 20) : good.length);
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
