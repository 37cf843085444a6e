package io.kafila.dht.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.ProtoWriter;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final PeerId PEER = PeerId.parse("QmbEcdv4CMsk3RtUYgr1dc7ZAiwPMRt4WHRgSTf3ndB5D7");
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001");

    private static Message fixture(int number) {
        return MessageCodec.decode(Fixtures.bytes("js-libp2p/packages/kad-dht/test/fixtures/msg-" + number));
    }

    @Test
    void decode_messagesOfJsLibp2p() {
        byte[] hello = "/v/hello".getBytes(UTF_8);
        byte[] content =
                HexFormat.of().parseHex("1220d18f46f364ebeeec500929c72a4898feb2747730b129d970de15cf80626ebcbc");

        assertThat(fixture(1)).isEqualTo(Message.findNode(hello));
        Message put = fixture(2);
        assertThat(put.type()).isEqualTo(MessageType.PUT_VALUE);
        assertThat(put.key()).isEqualTo(hello);
        assertThat(put.record()).isEqualTo(new ValueRecord(hello, "world".getBytes(UTF_8)));
        assertThat(fixture(3)).isEqualTo(Message.getValue(hello));
        for (int number = 4; number <= 6; number++) {
            assertThat(fixture(number)).isEqualTo(Message.findNode(content));
        }
        for (int number = 7; number <= 8; number++) {
            Message add = fixture(number);
            assertThat(add.type()).isEqualTo(MessageType.ADD_PROVIDER);
            assertThat(add.key()).isEqualTo(content);
            assertThat(add.providerPeers()).hasSize(1);
            assertThat(add.providerPeers().get(0).addresses()).hasSize(1);
        }
    }

    @Test
    void encode_goldenBytes() {
        Message message = Message.addProvider(new byte[] {0x12, 0x01, 0x7f}, new PeerEntry(PEER, List.of(ADDRESS)));
        String peer = HexFormat.of().formatHex(PEER.bytes());
        assertThat(HexFormat.of().formatHex(MessageCodec.encodeDelimited(message)))
                .isEqualTo("37" + "0802" + "120312017f" + "4a2e" + "0a22" + peer + "1208" + "04c000020706" + "0fa1");
        assertThat(HexFormat.of().formatHex(MessageCodec.encode(Message.getValue(new byte[] {1}))))
                .isEqualTo("0801" + "120101");
    }

    @Test
    void roundTrip_randomMessages() {
        Seed.each(200, random -> {
            Message message = random(random);
            assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
        });
    }

    @Test
    void decode_truncatedAnywhere_refusedOrShorter() {
        Seed.each(20, random -> {
            byte[] bytes = MessageCodec.encode(random(random));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                try {
                    MessageCodec.decode(cut);
                } catch (WireException e) {
                    assertThat(e).hasMessageStartingWith("dht message: ");
                }
            }
        });
    }

    @Test
    void decode_mutated_nothingButWireException() {
        Seed.each(2_000, random -> {
            byte[] bytes = MessageCodec.encode(random(random));
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                MessageCodec.decode(bytes);
            } catch (WireException e) {
                assertThat(e).hasMessageStartingWith("dht message: ");
            }
        });
    }

    @Test
    void decode_oversizeOrUnknown_refusedByName() {
        assertThatThrownBy(() -> MessageCodec.decode(new ProtoWriter()
                        .varint(1, 1)
                        .bytes(2, new byte[WireLimits.MAX_KEY_BYTES + 1])
                        .toByteArray()))
                .isInstanceOf(WireException.class)
                .hasMessage("dht message: key of 257 bytes, want at most 256");
        byte[] record = new ProtoWriter()
                .bytes(2, new byte[WireLimits.MAX_VALUE_BYTES + 1])
                .toByteArray();
        assertThatThrownBy(() -> MessageCodec.decode(
                        new ProtoWriter().varint(1, 0).bytes(3, record).toByteArray()))
                .isInstanceOf(WireException.class)
                .hasMessage("dht message: value of 10241 bytes, want at most 10240");
        assertThatThrownBy(
                        () -> MessageCodec.decode(new ProtoWriter().varint(1, 6).toByteArray()))
                .isInstanceOf(WireException.class)
                .hasMessage("dht message: type 6, want 0 to 5");
        assertThatThrownBy(() -> MessageCodec.decode(new byte[] {0x12, (byte) 0xff, 0x01}))
                .isInstanceOf(WireException.class)
                .hasMessage("dht message: message: field of 255 bytes, but 0 are left");
    }

    @Test
    void decode_listsOfStrangers_bounded() {
        ProtoWriter writer = new ProtoWriter().varint(1, 4);
        ProtoWriter peer = new ProtoWriter().bytes(1, PEER.bytes());
        for (int i = 0; i < 2 * WireLimits.MAX_ADDRESSES; i++) {
            peer.bytes(2, ADDRESS.bytes());
        }
        for (int i = 0; i < 2 * WireLimits.MAX_CLOSER_PEERS; i++) {
            writer.bytes(8, peer.toByteArray());
        }
        writer.bytes(8, new ProtoWriter().bytes(1, new byte[] {1, 2, 3}).toByteArray());
        Message message = MessageCodec.decode(writer.toByteArray());
        assertThat(message.closerPeers()).hasSize(WireLimits.MAX_CLOSER_PEERS);
        assertThat(message.closerPeers().get(0).addresses()).hasSize(WireLimits.MAX_ADDRESSES);
    }

    @Test
    void decode_peerWithoutName_leftOut() {
        byte[] nobody = new ProtoWriter().bytes(1, new byte[] {1, 2, 3}).toByteArray();
        byte[] somebody = new ProtoWriter().bytes(1, PEER.bytes()).toByteArray();
        Message message = MessageCodec.decode(new ProtoWriter()
                .varint(1, 4)
                .bytes(8, nobody)
                .bytes(8, somebody)
                .toByteArray());
        assertThat(message.closerPeers()).containsExactly(new PeerEntry(PEER, List.of()));
    }

    private static Message random(Random random) {
        MessageType type = MessageType.values()[random.nextInt(MessageType.values().length)];
        byte[] key = bytes(random, random.nextInt(81));
        ValueRecord record = random.nextBoolean()
                ? null
                : new ValueRecord(key, bytes(random, random.nextInt(200)), random.nextBoolean() ? "" : "2026-01-01");
        return new Message(type, key, record, peers(random), peers(random));
    }

    private static List<PeerEntry> peers(Random random) {
        List<PeerEntry> peers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] id = bytes(random, 34);
            id[0] = 0x12;
            id[1] = 0x20;
            peers.add(new PeerEntry(PeerId.decode(id), random.nextBoolean() ? List.of() : List.of(ADDRESS)));
        }
        return peers;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
