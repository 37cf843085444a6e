package io.kafila.blockstore.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.HashFunction;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentFormatTest {
    private static final SegmentHeader HEADER = new SegmentHeader(7, 0x1112131415161718L, 0x2122232425262728L);
    private static final byte[] KEY =
            HashFunction.SHA2_256.digest(new byte[] {1}).bytes();

    private static String hex(ByteBuffer bytes, int from, int length) {
        byte[] part = new byte[length];
        bytes.duplicate().position(from).get(part);
        return HexFormat.of().formatHex(part);
    }

    private static List<GroupEntry> entries() {
        return List.of(GroupEntry.payload(9, KEY, 5000, 0x0a0b0c0d), GroupEntry.removal(3, KEY, 2));
    }

    private static ByteBuffer trailer(List<GroupEntry> entries, int payloadBytes) {
        return GroupTrailer.encode(HEADER, 8192, payloadBytes, entries);
    }

    private static GroupTrailer.Footer footer(ByteBuffer encoded, int payloadBytes) {
        long end = 8192 + payloadBytes + encoded.capacity();
        return GroupTrailer.footer(HEADER, encoded.slice(encoded.capacity() - 64, 64), end);
    }

    private static ByteBuffer trailerBytes(ByteBuffer encoded, GroupTrailer.Footer footer) {
        return encoded.slice(encoded.capacity() - footer.trailerBytes(), footer.trailerBytes());
    }

    @Test
    void header_goldenBytes() {
        ByteBuffer page = HEADER.encode();
        assertThat(page.remaining()).isEqualTo(4096);
        assertThat(hex(page, 0, 40))
                .isEqualTo("4b41465345474d54" + "00000001" + "00001000" + "0000000000000007" + "1112131415161718"
                        + "2122232425262728");
        assertThat(hex(page, 44, 4052)).isEqualTo("00".repeat(4052));
        assertThat(SegmentHeader.decode(page, "s")).isEqualTo(HEADER);
    }

    @Test
    void header_everyFlippedByteThatCounts_refused() {
        for (int i = 0; i < 44; i++) {
            ByteBuffer page = HEADER.encode();
            page.put(i, (byte) (page.get(i) ^ 0x40));
            assertThatThrownBy(() -> SegmentHeader.decode(page, "file")).isInstanceOf(SegmentFormatException.class);
        }
        assertThatThrownBy(() -> SegmentHeader.decode(ByteBuffer.allocate(4095), "file"))
                .hasMessage("segment file: header of 4095 bytes, want 4096");
        ByteBuffer newer = HEADER.encode();
        newer.putInt(8, 2);
        assertThatThrownBy(() -> SegmentHeader.decode(newer, "file")).hasMessage("segment file: version 2, want 1");
    }

    @Test
    void trailer_goldenBytes() {
        ByteBuffer encoded = trailer(entries(), 5000);
        assertThat(encoded.capacity()).isEqualTo(8192 - 5000);
        String key = HexFormat.of().formatHex(KEY);
        int entryBytes = 2 * (19 + 34);
        int body = encoded.capacity() - 64 - entryBytes;
        assertThat(hex(encoded, 0, body)).isEqualTo("00".repeat(body));
        assertThat(hex(encoded, body, entryBytes))
                .isEqualTo("01" + "0000000000000009" + "0022" + key + "00001388" + "0a0b0c0d" + "02"
                        + "0000000000000003" + "0022" + key + "0000000000000002");
        assertThat(hex(encoded, body + entryBytes, 60))
                .isEqualTo("4b414647524f5550" + "1112131415161718" + "2122232425262728" + "0000000000002000"
                        + "0000000000001388" + "0000006a" + "00000002" + "00".repeat(12));
    }

    @Test
    void trailer_roundTrip() {
        Seed.each(200, random -> {
            List<GroupEntry> entries = new ArrayList<>();
            int payloadBytes = 0;
            for (int i = random.nextInt(50); i > 0; i--) {
                byte[] key = new byte[2 + random.nextInt(100)];
                random.nextBytes(key);
                int size = random.nextInt(3000);
                boolean payload = random.nextBoolean();
                payloadBytes += payload ? size : 0;
                entries.add(
                        payload
                                ? GroupEntry.payload(random.nextLong(), key, size, random.nextInt())
                                : GroupEntry.removal(random.nextLong(), key, random.nextLong()));
            }
            ByteBuffer encoded = trailer(entries, payloadBytes);
            GroupTrailer.Footer footer = footer(encoded, payloadBytes);
            GroupTrailer decoded = GroupTrailer.decode(footer, trailerBytes(encoded, footer));
            assertThat(decoded.end() % 4096).isZero();
            assertThat(decoded.entries()).hasSameSizeAs(entries);
            for (int i = 0; i < entries.size(); i++) {
                assertThat(decoded.entries().get(i).key())
                        .isEqualTo(entries.get(i).key());
                assertThat(decoded.entries().get(i).birth())
                        .isEqualTo(entries.get(i).birth());
                assertThat(decoded.entries().get(i).sizeBytes())
                        .isEqualTo(entries.get(i).sizeBytes());
                assertThat(decoded.entries().get(i).checksum())
                        .isEqualTo(entries.get(i).checksum());
                assertThat(decoded.entries().get(i).victim())
                        .isEqualTo(entries.get(i).victim());
            }
        });
    }

    @Test
    void trailer_everyFlippedBit_isNoTrailer() {
        ByteBuffer encoded = trailer(entries(), 5000);
        GroupTrailer.Footer sound = footer(encoded, 5000);
        for (int bit = (encoded.capacity() - sound.trailerBytes()) * 8; bit < encoded.capacity() * 8; bit++) {
            ByteBuffer damaged = ByteBuffer.wrap(encoded.array().clone());
            damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ (1 << (bit % 8))));
            GroupTrailer.Footer footer = footer(damaged, 5000);
            if (footer != null) {
                assertThat(footer.trailerBytes()).isLessThanOrEqualTo(damaged.capacity());
                assertThatThrownBy(() -> GroupTrailer.decode(footer, trailerBytes(damaged, footer)))
                        .isInstanceOf(SegmentFormatException.class);
            }
        }
    }

    @Test
    void footer_ofAnotherSegmentOrPlace_isNone() {
        ByteBuffer encoded = trailer(entries(), 5000);
        ByteBuffer footer = encoded.slice(encoded.capacity() - 64, 64);
        assertThat(GroupTrailer.footer(HEADER, footer, 16384)).isNotNull();
        assertThat(GroupTrailer.footer(HEADER, footer, 16384 + 4096)).isNull();
        assertThat(GroupTrailer.footer(new SegmentHeader(7, 1, 2), footer, 16384))
                .isNull();
        assertThat(GroupTrailer.footer(HEADER, footer.slice(0, 63), 16384)).isNull();
    }

    @Test
    void decoders_rubbishWithValidChecksum_neverHangsOrAllocatesWithoutBound() {
        Seed.each(2000, random -> {
            ByteBuffer encoded = trailer(entries(), 5000);
            GroupTrailer.Footer sound = footer(encoded, 5000);
            int from = encoded.capacity() - sound.trailerBytes();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                encoded.put(from + random.nextInt(sound.trailerBytes() - 4), (byte) random.nextInt(256));
            }
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(encoded.slice(from, sound.trailerBytes() - 4));
            encoded.putInt(encoded.capacity() - 4, (int) crc.getValue());
            GroupTrailer.Footer footer = footer(encoded, 5000);
            if (footer == null || footer.trailerBytes() > encoded.capacity()) {
                return;
            }
            try {
                long sum = GroupTrailer.decode(footer, trailerBytes(encoded, footer)).entries().stream()
                        .mapToLong(GroupEntry::sizeBytes)
                        .sum();
                assertThat(sum).isEqualTo(footer.payloadBytes());
            } catch (SegmentFormatException e) {
                assertThat(e).hasMessageContaining("segment trailer");
            }
        });
    }

    @Test
    void location_roundTripAndRubbish() {
        List<Location> all = List.of(
                new Location(1, 2, 4096, 5, null),
                new Location(Long.MAX_VALUE, 1L << 40, 1L << 50, Integer.MAX_VALUE, null),
                new Location(3, 1, 4096, 3, new byte[] {1, 2, 3}),
                new Location(3, 1, 4096, 0, new byte[0]),
                Location.reference(9, 1 << 20));
        for (Location location : all) {
            Location decoded = Location.decode(location.encode());
            assertThat(decoded).usingRecursiveComparison().isEqualTo(location);
        }
        assertThat(HexFormat.of().formatHex(all.get(0).encode())).isEqualTo("01" + "01" + "05" + "02" + "8020");
        Random random = new Random(5);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = all.get(i % all.size()).encode();
            if (random.nextBoolean()) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Location.decode(bytes).sizeBytes()).isNotNegative();
            } catch (io.kafila.blockstore.BlockstoreException e) {
                assertThat(e).hasMessageContaining("index: a location");
            }
        }
    }

    @Test
    void hashedPayload_roundTrips_andIsRefusedWithAKeyThatIsNoHash() {
        GroupEntry entry = GroupEntry.hashed(9, KEY, 5000);
        ByteBuffer encoded = trailer(List.of(entry), 5000);
        GroupTrailer.Footer footer = footer(encoded, 5000);
        GroupTrailer read = GroupTrailer.decode(footer, trailerBytes(encoded, footer));
        assertThat(read.entries()).hasSize(1);
        assertThat(read.entries().get(0).kind()).isEqualTo(GroupEntry.Kind.HASHED_PAYLOAD);
        assertThat(read.entries().get(0).key()).isEqualTo(KEY);
        assertThat(read.entries().get(0).sizeBytes()).isEqualTo(5000);
        assertThat(hex(trailerBytes(encoded, footer), 0, 11)).isEqualTo("03" + "0000000000000009" + "0022");

        byte[] other = HashFunction.SHA2_512.digest(new byte[] {1}).bytes();
        assertThatThrownBy(() -> GroupEntry.hashed(9, other, 5000)).isInstanceOf(IllegalArgumentException.class);
        GroupEntry forged = new GroupEntry(GroupEntry.Kind.HASHED_PAYLOAD, 9, other, 5000, 0, 0);
        ByteBuffer bad = trailer(List.of(forged), 5000);
        GroupTrailer.Footer badFooter = footer(bad, 5000);
        assertThatThrownBy(() -> GroupTrailer.decode(badFooter, trailerBytes(bad, badFooter)))
                .isInstanceOf(SegmentFormatException.class)
                .hasMessageContaining("whose key is no SHA-256");
    }
}
