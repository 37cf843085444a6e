package io.kafila.bitswap.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final Cid RAW = Cid.v1(0x55, HashFunction.SHA2_256.digest(HELLO));
    private static final Cid V0 = Cid.v0(HashFunction.SHA2_256.digest(HELLO));
    private static final String DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private static final String RAW_CID = "01551220" + DIGEST;

    private static byte[] encode(Message message, ProtocolVersion version) {
        try (Payload payload = MessageEncoder.encode(message, version)) {
            return payload.toByteArray();
        }
    }

    private static Message decodeBody(byte[] body) {
        try (Payload payload = Payload.of(body)) {
            return MessageDecoder.decode(payload);
        }
    }

    private static Message block(Cid cid, byte[] data) {
        return new Message(false, List.of(), List.of(WireBlock.take(new Block(cid, Payload.of(data)))), List.of(), 0);
    }

    @Test
    void encode_wants_matchesTheBytesOfTheSpec() {
        Message message =
                Message.ofWants(true, List.of(WantEntry.have(RAW, 7), WantEntry.block(RAW, 1), WantEntry.cancel(RAW)));
        String have = "0a" + "2c" + "0a24" + RAW_CID + "1007" + "2001" + "2801";
        String want = "0a" + "2a" + "0a24" + RAW_CID + "1001" + "2801";
        String cancel = "0a" + "2a" + "0a24" + RAW_CID + "1000" + "1801";
        String wantlist = have + want + cancel + "1001";
        String body = "0a" + "8801" + wantlist;
        assertThat(wantlist).hasSize(2 * 136);
        assertThat(HEX.formatHex(encode(message, ProtocolVersion.V1_2))).isEqualTo("8b01" + body);
    }

    @Test
    void encode_blockAndPresences_matchesTheBytesOfTheSpec() {
        Message message = new Message(
                false,
                List.of(),
                List.of(WireBlock.take(new Block(RAW, Payload.of(HELLO)))),
                List.of(new Presence(RAW, true), new Presence(RAW, false)),
                300);
        String block = "1a" + "0d" + "0a04" + "01551220" + "1205" + "68656c6c6f";
        String have = "22" + "28" + "0a24" + RAW_CID + "1000";
        String dontHave = "22" + "28" + "0a24" + RAW_CID + "1001";
        assertThat(HEX.formatHex(encode(message, ProtocolVersion.V1_2)))
                .isEqualTo("66" + block + have + dontHave + "28ac02");
    }

    @Test
    void encode_olderDialects_leaveOutWhatTheyDoNotKnow() {
        Message message = new Message(
                false,
                List.of(WantEntry.block(V0, 1)),
                List.of(WireBlock.take(new Block(V0, Payload.of(HELLO)))),
                List.of(new Presence(V0, true)),
                5);
        String want = "0a28" + "0a26" + "0a22" + "1220" + DIGEST + "1001";
        String bare = "1205" + "68656c6c6f";
        String prefixed = "1a0d" + "0a04" + "00701220" + "1205" + "68656c6c6f";
        assertThat(HEX.formatHex(encode(message, ProtocolVersion.V1_0))).isEqualTo("31" + want + bare);
        Message again = new Message(
                false,
                List.of(WantEntry.block(V0, 1)),
                List.of(WireBlock.take(new Block(V0, Payload.of(HELLO)))),
                List.of(new Presence(V0, true)),
                5);
        assertThat(HEX.formatHex(encode(again, ProtocolVersion.V1_1))).isEqualTo("39" + want + prefixed);
    }

    @Test
    void decode_legacyBlock_isCidV0() {
        try (Message message = decodeBody(HEX.parseHex("120568656c6c6f"))) {
            WireBlock block = message.blocks().get(0);
            assertThat(block.prefix().cidOf(block.data())).isEqualTo(V0);
        }
    }

    @Test
    void decode_blockWithoutData_isTheEmptyBlock() {
        try (Message message = decodeBody(HEX.parseHex("1a06" + "0a04" + "01551220"))) {
            assertThat(message.blocks().get(0).data().size()).isZero();
        }
    }

    @Test
    void decode_fieldsInAnotherOrder_andUnknownOnes_areUnderstood() {
        String block = "1a0d" + "1205" + "68656c6c6f" + "0a04" + "01551220";
        try (Message message =
                decodeBody(HEX.parseHex("3801" + block + "7a03616263" + "590102030405060708" + "5d01020304"))) {
            WireBlock only = message.blocks().get(0);
            assertThat(only.prefix().cidOf(only.data())).isEqualTo(RAW);
        }
    }

    @Test
    void decode_negativePriority_isKept() {
        Message message = Message.ofWants(false, List.of(WantEntry.block(RAW, -3)));
        byte[] bytes = encode(message, ProtocolVersion.V1_2);
        try (Message back = decodeBody(Arrays.copyOfRange(bytes, 1, bytes.length))) {
            assertThat(back.wants()).containsExactly(WantEntry.block(RAW, -3));
        }
    }

    @Test
    void decode_truncatedAtEveryByte_fails_orIsAWholeShorterMessage() {
        Message message = new Message(
                true,
                List.of(WantEntry.have(RAW, 7)),
                List.of(WireBlock.take(new Block(RAW, Payload.of(HELLO)))),
                List.of(new Presence(RAW, false)),
                300);
        byte[] whole = encode(message, ProtocolVersion.V1_2);
        byte[] body = Arrays.copyOfRange(whole, 1, whole.length);
        int failures = 0;
        for (int length = 0; length < body.length; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            try (Message shorter = decodeBody(cut)) {
                // A cut between two fields leaves fewer fields.
                assertThat(shorter.wants().size()
                                + shorter.blocks().size()
                                + shorter.presences().size())
                        .isLessThanOrEqualTo(3);
            } catch (WireException e) {
                failures++;
                assertThat(e).hasMessageContaining("bitswap message");
            }
        }
        assertThat(failures).isGreaterThanOrEqualTo(body.length - 4);
    }

    @Test
    void decode_oversizeLengths_areRefusedBeforeAllocation() {
        // A block that announces 2 MiB and one byte, in every dialect.
        assertRefused("12818080" + "01", "block of 2097153 bytes, want at most 2097152");
        assertRefused("1a8a808001" + "0a04" + "01551220" + "1281808001", "bytes are left|but|want at most");
        // A Cid of 169 bytes, a prefix of 41.
        assertRefused("0aaf01" + "0aac01" + "0aa901" + "00".repeat(169), "want at most 168");
        assertRefused("1a2b" + "0a29" + "00".repeat(41), "want at most 40");
        // Lengths with all bits set.
        assertRefused("0affffffffffffffffff01", "want at most");
        assertRefused("12ffffffffffffffff7f", "want at most");
        assertRefused("08ffffffffffffffffffff01", "longer than 10 bytes");
        assertRefused("0b", "wire type 3");
        assertRefused("00", "field tag 0");
        assertRefused("1a020a00", "");
        assertRefused("22020800", "");
    }

    private static void assertRefused(String hex, String pattern) {
        assertThatThrownBy(() -> decodeBody(HEX.parseHex(hex)).close())
                .isInstanceOf(WireException.class)
                .message()
                .containsPattern(pattern);
    }

    @Test
    void decode_tooManyEntriesPresencesBlocks_isRefused() {
        String entry = "0a2a0a24" + RAW_CID + "10012801";
        String presence = "22280a24" + RAW_CID + "1000";
        byte[] one = HEX.parseHex(entry);
        ByteBuffer wantlist = ByteBuffer.allocate(one.length * (WireLimits.MAX_ENTRIES + 1) + 5);
        wantlist.put((byte) 0x0a);
        int length = one.length * (WireLimits.MAX_ENTRIES + 1);
        wantlist.put((byte) (length | 0x80)).put((byte) (length >>> 7 | 0x80)).put((byte) (length >>> 14));
        for (int i = 0; i <= WireLimits.MAX_ENTRIES; i++) {
            wantlist.put(one);
        }
        assertThatThrownBy(() -> decodeBody(Arrays.copyOf(wantlist.array(), wantlist.position())))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("more than 16384 wantlist entries");
        assertThatThrownBy(() -> decodeBody(HEX.parseHex(presence.repeat(WireLimits.MAX_PRESENCES + 1))))
                .hasMessageContaining("more than 16384 presences");
        assertThatThrownBy(() -> decodeBody(HEX.parseHex("1200".repeat(WireLimits.MAX_BLOCKS + 1))))
                .hasMessageContaining("more than 16384 blocks");
    }

    @Test
    void encode_messageAboveTheLimit_isRefusedAndReleased() {
        AtomicInteger released = new AtomicInteger();
        List<WireBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Payload data = Payload.of(List.of(ByteBuffer.allocate(2 * 1024 * 1024)), released::incrementAndGet);
            blocks.add(new WireBlock(RAW.prefix(), data));
        }
        Message message = new Message(false, List.of(), blocks, List.of(), 0);
        assertThatThrownBy(() -> MessageEncoder.encode(message, ProtocolVersion.V1_2))
                .isInstanceOf(WireException.class);
        assertThat(released).hasValue(3);
    }

    @Test
    void encodeAndAssemble_anyDialectAnyPieces_roundTripsWithoutLeak() {
        Seed.forAll(200, random -> {
            AtomicInteger live = new AtomicInteger();
            List<Message> sent = new ArrayList<>();
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            int count = 1 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                Message message = randomMessage(random, live);
                sent.add(message);
                message.blocks().forEach(block -> block.data().retain());
                Payload bytes = MessageEncoder.encode(message, ProtocolVersion.V1_2);
                wire.writeBytes(bytes.toByteArray());
                bytes.close();
            }
            MessageAssembler assembler = new MessageAssembler();
            ByteBuffer all = ByteBuffer.wrap(wire.toByteArray());
            List<Message> received = new ArrayList<>();
            while (all.hasRemaining()) {
                int part = Math.min(all.remaining(), 1 + random.nextInt(random.nextBoolean() ? 3 : 4000));
                live.incrementAndGet();
                assembler.take(Payload.of(List.of(all.slice(all.position(), part)), live::decrementAndGet));
                all.position(all.position() + part);
                for (Payload body = assembler.poll(); body != null; body = assembler.poll()) {
                    received.add(MessageDecoder.decode(body));
                    body.close();
                }
            }
            assertThat(assembler.isEmpty()).isTrue();
            assertThat(received).hasSameSizeAs(sent);
            for (int i = 0; i < count; i++) {
                Message a = sent.get(i);
                Message b = received.get(i);
                assertThat(b.wants()).isEqualTo(a.wants());
                assertThat(b.presences()).isEqualTo(a.presences());
                assertThat(b.full()).isEqualTo(a.full());
                assertThat(b.pendingBytes()).isEqualTo(a.pendingBytes());
                assertThat(b.blocks()).hasSameSizeAs(a.blocks());
                for (int j = 0; j < a.blocks().size(); j++) {
                    assertThat(b.blocks().get(j).prefix())
                            .isEqualTo(a.blocks().get(j).prefix());
                    assertThat(b.blocks().get(j).data().toByteArray())
                            .isEqualTo(a.blocks().get(j).data().toByteArray());
                }
                a.close();
                b.close();
            }
            assembler.close();
            assertThat(live).hasValue(0);
        });
    }

    private static Message randomMessage(Random random, AtomicInteger live) {
        List<WantEntry> wants = new ArrayList<>();
        List<WireBlock> blocks = new ArrayList<>();
        List<Presence> presences = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] data = new byte[random.nextInt(random.nextBoolean() ? 50 : 20_000)];
            random.nextBytes(data);
            Cid cid = Cid.v1(random.nextBoolean() ? 0x55 : 0x70, HashFunction.SHA2_256.digest(data));
            switch (random.nextInt(3)) {
                case 0 ->
                    wants.add(new WantEntry(
                            cid,
                            random.nextInt(),
                            random.nextBoolean(),
                            random.nextBoolean() ? WantType.HAVE : WantType.BLOCK,
                            random.nextBoolean()));
                case 1 -> {
                    live.incrementAndGet();
                    blocks.add(new WireBlock(
                            cid.prefix(), Payload.of(List.of(ByteBuffer.wrap(data)), live::decrementAndGet)));
                }
                default -> presences.add(new Presence(cid, random.nextBoolean()));
            }
        }
        return new Message(random.nextBoolean(), wants, blocks, presences, random.nextInt(1000));
    }

    @Test
    void decode_largeBlock_isASliceOfWhatWasReceived_aSmallOneIsNot() {
        byte[] data = new byte[100_000];
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
        byte[] wire = encode(block(cid, data), ProtocolVersion.V1_2);
        AtomicInteger released = new AtomicInteger();
        Payload body = Payload.of(List.of(ByteBuffer.wrap(wire, 3, wire.length - 3)), released::incrementAndGet);
        Message message = MessageDecoder.decode(body);
        body.close();
        assertThat(released).hasValue(0);
        message.close();
        assertThat(released).hasValue(1);

        byte[] small = HEX.parseHex(("1a0d" + "0a04" + "01551220" + "1205" + "68656c6c6f").repeat(3));
        Payload smallBody = Payload.of(List.of(ByteBuffer.wrap(small)), released::incrementAndGet);
        Message smallMessage = MessageDecoder.decode(smallBody);
        smallBody.close();
        assertThat(released).hasValue(2);
        assertThat(smallMessage.blocks()).hasSize(3);
        smallMessage.close();
    }

    @Test
    void assembler_announcedLengthAboveTheLimit_isRefusedAtOnce() {
        for (String hex : List.of("81808002", "ffffffff0f", "80808080", "ffffffffffffffffff01")) {
            try (MessageAssembler assembler = new MessageAssembler()) {
                assembler.take(Payload.of(HEX.parseHex(hex)));
                assertThatThrownBy(assembler::poll)
                        .isInstanceOf(WireException.class)
                        .hasMessageContaining("more than 4194304 bytes");
            }
        }
        try (MessageAssembler assembler = new MessageAssembler()) {
            assembler.take(Payload.of(HEX.parseHex("80808002")));
            assertThat(assembler.poll()).isNull();
            assertThat(assembler.bodyBytes()).isEqualTo(4 * 1024 * 1024);
        }
    }

    @Test
    void assembler_bytesOneByOne_areMerged_andLoseNothing() {
        byte[] data = new Seed(5).bytes(30_000);
        Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(data));
        byte[] wire = encode(block(cid, data), ProtocolVersion.V1_2);
        AtomicInteger live = new AtomicInteger();
        int most = 0;
        MessageAssembler assembler = new MessageAssembler();
        Payload body = null;
        for (byte one : wire) {
            live.incrementAndGet();
            assembler.take(Payload.of(List.of(ByteBuffer.wrap(new byte[] {one})), live::decrementAndGet));
            most = Math.max(most, live.get());
            Payload polled = assembler.poll();
            body = polled == null ? body : polled;
        }
        assertThat(body).isNotNull();
        assertThat(most).isLessThan(100);
        try (Message message = MessageDecoder.decode(body)) {
            WireBlock block = message.blocks().get(0);
            assertThat(block.prefix().cidOf(block.data())).isEqualTo(cid);
        }
        body.close();
        assembler.close();
        assertThat(live).hasValue(0);
    }

    @Test
    void decode_randomAndMutatedBytes_givesAMessageOrAWireException() {
        Seed.forAll(3000, random -> {
            byte[] body;
            if (random.nextInt(4) == 0) {
                body = new byte[random.nextInt(200)];
                random.nextBytes(body);
            } else {
                Message message = randomMessage(random, new AtomicInteger());
                byte[] wire = encode(message, ProtocolVersion.values()[random.nextInt(4)]);
                int start = 0;
                while (start < wire.length - 1 && wire[start] < 0) {
                    start++;
                }
                body = Arrays.copyOfRange(wire, Math.min(start + 1, wire.length), wire.length);
                for (int i = 1 + random.nextInt(4); i > 0 && body.length > 0; i--) {
                    body[random.nextInt(Math.min(body.length, 100))] = (byte) random.nextInt();
                }
            }
            AtomicInteger live = new AtomicInteger(1);
            Payload payload = Payload.of(List.of(ByteBuffer.wrap(body)), live::decrementAndGet);
            try (Message message = MessageDecoder.decode(payload)) {
                assertThat(message.blockBytes()).isLessThanOrEqualTo(body.length);
            } catch (WireException e) {
                assertThat(e.getMessage()).startsWith("bitswap message");
            }
            payload.close();
            assertThat(live).hasValue(0);
        });
    }
}
