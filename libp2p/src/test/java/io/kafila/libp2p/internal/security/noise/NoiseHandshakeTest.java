package io.kafila.libp2p.internal.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoiseHandshakeTest {
    private static final AeadSuite SUITE = AeadSuite.fastest();
    private static final String YAMUX = "/yamux/1.0.0";

    private final SecureRandom random = new SecureRandom();
    private final PrivateKey alice = PrivateKey.generate(KeyType.ED25519, random);
    private final PrivateKey bob = PrivateKey.generate(KeyType.ED25519, random);

    private NoiseHandshake side(Role role, PrivateKey key, @Nullable PeerId expected, List<String> muxers) {
        return new NoiseHandshake(
                role, SUITE, NoiseIdentity.create(key, random), X25519KeyPair.generate(random), expected, muxers);
    }

    private static byte[] must(byte @Nullable [] message) {
        if (message == null) {
            throw new AssertionError("no message");
        }
        return message;
    }

    private static void shake(NoiseHandshake initiator, NoiseHandshake responder) {
        byte[] second = must(responder.receive(must(initiator.start())));
        byte[] third = must(initiator.receive(second));
        assertThat(responder.receive(third)).isNull();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void handshake_anyKeyType_provesBothIdentities(KeyType type) {
        PrivateKey other = PrivateKey.generate(type, random);
        NoiseHandshake initiator = side(Role.INITIATOR, other, bob.peerId(), List.of(YAMUX));
        NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of(YAMUX));

        shake(initiator, responder);

        assertThat(initiator.isComplete()).isTrue();
        assertThat(responder.isComplete()).isTrue();
        assertThat(initiator.session().peer()).isEqualTo(bob.peerId());
        assertThat(initiator.session().key()).isEqualTo(bob.publicKey());
        assertThat(responder.session().peer()).isEqualTo(other.peerId());
        assertThat(initiator.session().protocolId()).isEqualTo("/noise");
        assertThat(initiator.transportKeys()[0]).isEqualTo(responder.transportKeys()[1]);
        assertThat(initiator.transportKeys()[1]).isEqualTo(responder.transportKeys()[0]);
        assertThat(initiator.transportKeys()[0]).isNotEqualTo(initiator.transportKeys()[1]);
    }

    @Test
    void muxers_listsDiffer_bothTakeTheInitiatorsFirstCommon() {
        NoiseHandshake initiator = side(Role.INITIATOR, alice, bob.peerId(), List.of("/new/2", "/b", YAMUX));
        NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of(YAMUX, "/b"));
        shake(initiator, responder);
        assertThat(initiator.session().muxer()).isEqualTo("/b");
        assertThat(responder.session().muxer()).isEqualTo("/b");
    }

    @Test
    void muxers_oneSideSilent_leftToMultistream() {
        NoiseHandshake initiator = side(Role.INITIATOR, alice, bob.peerId(), List.of());
        NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of(YAMUX));
        shake(initiator, responder);
        assertThat(initiator.session().muxer()).isNull();
        assertThat(responder.session().muxer()).isNull();
    }

    @Test
    void receive_anotherPeerAnswers_initiatorTellsItNothing() {
        PeerId wanted = PrivateKey.generate(KeyType.ED25519, random).peerId();
        NoiseHandshake initiator = side(Role.INITIATOR, alice, wanted, List.of());
        NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of());
        byte[] second = must(responder.receive(must(initiator.start())));

        assertThatThrownBy(() -> initiator.receive(second))
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_PEER))
                .hasMessage("noise: peer id mismatch: the peer is " + bob.peerId() + ", want " + wanted);
        assertThatThrownBy(initiator::session).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void receive_expectedInitiatorIsAnother_responderRefuses() {
        NoiseHandshake initiator = side(Role.INITIATOR, alice, bob.peerId(), List.of());
        NoiseHandshake responder = side(Role.RESPONDER, bob, bob.peerId(), List.of());

        assertThatThrownBy(() -> shake(initiator, responder)).hasMessageContaining("peer id mismatch");
    }

    @Test
    void receive_signatureOverAnotherStaticKey_badIdentity() {
        NoiseIdentity mine = NoiseIdentity.create(bob, random);
        NoisePayload proof = mine.payload(List.of());
        byte[] otherStatic = X25519KeyPair.generate(random).publicKey();

        assertThatThrownBy(() -> NoiseIdentity.verify(proof, otherStatic))
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_IDENTITY));
        NoisePayload keyless = new NoisePayload(new byte[0], proof.identitySignature(), List.of());
        assertThatThrownBy(() -> NoiseIdentity.verify(keyless, mine.staticKeys().publicKey()))
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BAD_IDENTITY));
        NoisePayload borrowed = new NoisePayload(alice.publicKey().protobuf(), proof.identitySignature(), List.of());
        assertThatThrownBy(
                        () -> NoiseIdentity.verify(borrowed, mine.staticKeys().publicKey()))
                .isInstanceOf(HandshakeException.class);
        assertThat(NoiseIdentity.verify(proof, mine.staticKeys().publicKey())).isEqualTo(bob.publicKey());
    }

    @Test
    void receive_anyByteOfAnyMessageChanged_fails() {
        for (int changedMessage = 0; changedMessage < 3; changedMessage++) {
            int length = Integer.MAX_VALUE;
            for (int i = 0; i < length; i += 3) {
                NoiseHandshake initiator = side(Role.INITIATOR, alice, bob.peerId(), List.of(YAMUX));
                NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of(YAMUX));
                int at = i;
                int which = changedMessage;
                byte[] first = must(initiator.start());
                if (which == 0) {
                    length = first.length;
                    flip(first, at);
                    byte[] second = must(responder.receive(first));
                    // The top bit of an X25519 key is ignored by the curve but not by the transcript.
                    assertThatThrownBy(() -> initiator.receive(second)).isInstanceOf(HandshakeException.class);
                    continue;
                }
                byte[] second = must(responder.receive(first));
                if (which == 1) {
                    length = second.length;
                    flip(second, at);
                    assertThatThrownBy(() -> initiator.receive(second)).isInstanceOf(HandshakeException.class);
                    continue;
                }
                byte[] third = must(initiator.receive(second));
                length = third.length;
                flip(third, at);
                assertThatThrownBy(() -> responder.receive(third)).isInstanceOf(HandshakeException.class);
            }
        }
    }

    private static void flip(byte[] bytes, int at) {
        bytes[at] ^= (byte) 0x80;
    }

    @Test
    void receive_messageTruncatedAnywhere_fails() {
        NoiseHandshake responder = side(Role.RESPONDER, bob, null, List.of());
        byte[] first = must(side(Role.INITIATOR, alice, bob.peerId(), List.of()).start());
        for (int length = 0; length < first.length; length++) {
            byte[] cut = Arrays.copyOf(first, length);
            assertThatThrownBy(() -> side(Role.RESPONDER, bob, null, List.of()).receive(cut))
                    .isInstanceOfSatisfying(
                            HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
        }
        int secondLength = must(responder.receive(first)).length;
        for (int length = 0; length < secondLength; length += 5) {
            NoiseHandshake initiator = side(Role.INITIATOR, alice, bob.peerId(), List.of());
            byte[] second = must(side(Role.RESPONDER, bob, null, List.of()).receive(must(initiator.start())));
            byte[] cut = Arrays.copyOf(second, Math.min(length, second.length - 1));
            assertThatThrownBy(() -> initiator.receive(cut))
                    .isInstanceOfSatisfying(
                            HandshakeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED));
        }
    }

    @Test
    void receive_hostileBytes_failsOnlyAsDeclared() {
        Seed.each(300, draw -> {
            byte[] noise = new byte[draw.nextInt(200)];
            draw.nextBytes(noise);
            NoiseHandshake side = side(draw.nextBoolean() ? Role.INITIATOR : Role.RESPONDER, bob, null, List.of());
            side.start();
            try {
                side.receive(noise);
                assertThat(side.isComplete()).isFalse();
            } catch (HandshakeException e) {
                assertThat(e.kind()).isEqualTo(Kind.MALFORMED);
            }
        });
    }

    @Test
    void payload_unknownFieldsAndRepeats_skipped() {
        byte[] encoded = {
            0x0a,
            1,
            'k', // identity_key
            0x1a,
            2,
            9,
            9, // the old field data
            0x12,
            1,
            's', // identity_sig
            0x28,
            (byte) 0xff,
            (byte) 0x80,
            0x00, // a varint, not minimal
            0x31,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8, // fixed64
            0x3d,
            1,
            2,
            3,
            4, // fixed32
            0x22,
            7,
            0x0a,
            1,
            7,
            0x12,
            2,
            '/',
            'y' // extensions: a certificate hash, a muxer
        };
        NoisePayload payload = NoisePayload.decode(encoded);

        assertThat(payload.identityKey()).isEqualTo(new byte[] {'k'});
        assertThat(payload.identitySignature()).isEqualTo(new byte[] {'s'});
        assertThat(payload.muxers()).containsExactly("/y");
        int cuts = 0;
        for (int length = 0; length < encoded.length; length++) {
            try {
                NoisePayload.decode(Arrays.copyOf(encoded, length));
            } catch (HandshakeException e) {
                assertThat(e.kind()).isEqualTo(Kind.MALFORMED);
                cuts++;
            }
        }
        assertThat(cuts).isEqualTo(encoded.length - 7);
    }

    @Test
    void payload_tooManyMuxersOrBadLength_refused() {
        NoisePayload hundred = new NoisePayload(new byte[0], new byte[0], Collections.nCopies(100, "/m"));
        assertThat(NoisePayload.decode(hundred.encode()).muxers()).hasSize(100);
        NoisePayload more = new NoisePayload(new byte[0], new byte[0], Collections.nCopies(101, "/m"));
        assertThatThrownBy(() -> NoisePayload.decode(more.encode()))
                .hasMessage("noise: handshake payload: more than 100 muxers");
        assertThatThrownBy(() -> NoisePayload.decode(new byte[] {0x0a, (byte) 0xff, (byte) 0xff, 0x7f}))
                .hasMessageContaining("field of 2097151 bytes, 0 left");
        assertThatThrownBy(() -> NoisePayload.decode(new byte[] {0x0b})).hasMessageContaining("wire type 3");
        Seed.each(2000, draw -> {
            byte[] noise = new byte[draw.nextInt(64)];
            draw.nextBytes(noise);
            try {
                assertThat(NoisePayload.decode(noise).muxers()).hasSizeLessThan(64);
            } catch (HandshakeException e) {
                assertThat(e.kind()).isEqualTo(Kind.MALFORMED);
            }
        });
    }
}
