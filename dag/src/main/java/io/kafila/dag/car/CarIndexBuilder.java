package io.kafila.dag.car;

import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Gathers where each block of an archive lies and writes that down sorted. Confined to its writer. */
final class CarIndexBuilder {
    private final CarIndex.Format format;
    /** By function, by length of the digest. A sorted index knows no functions: there all are under 0. */
    private final Map<Long, Map<Integer, Records>> byFunction = new TreeMap<>(Long::compareUnsigned);

    CarIndexBuilder(CarIndex.Format format) {
        this.format = format;
    }

    void add(Multihash multihash, long offset) {
        byFunction
                .computeIfAbsent(format == CarIndex.Format.SORTED ? 0 : multihash.code(), code -> new TreeMap<>())
                .computeIfAbsent(multihash.length(), Records::new)
                .add(multihash.digest(), offset);
    }

    void encode(Consumer<ByteBuffer> out) {
        out.accept(ByteBuffer.wrap(Varint.encode(format.code())));
        if (format == CarIndex.Format.SORTED) {
            buckets(byFunction.getOrDefault(0L, Map.of()), out);
            return;
        }
        out.accept(little(4).putInt(byFunction.size()).flip());
        for (Map.Entry<Long, Map<Integer, Records>> function : byFunction.entrySet()) {
            out.accept(little(8).putLong(function.getKey()).flip());
            buckets(function.getValue(), out);
        }
    }

    private static void buckets(Map<Integer, Records> byLength, Consumer<ByteBuffer> out) {
        out.accept(little(4).putInt(byLength.size()).flip());
        for (Records records : byLength.values()) {
            records.encode(out);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Digests of one length and their offsets, packed as the index has them. */
    private static final class Records {
        private final int width;
        private byte[] packed = new byte[0];
        private int count;

        Records(int digestBytes) {
            this.width = digestBytes + Long.BYTES;
        }

        void add(byte[] digest, long offset) {
            int at = Math.multiplyExact(count, width);
            if (at + width > packed.length) {
                packed = Arrays.copyOf(packed, (int)
                        Math.max(64L * width, Math.min(packed.length * 2L, Integer.MAX_VALUE - 8)));
            }
            ByteBuffer record = ByteBuffer.wrap(packed, at, width).order(ByteOrder.LITTLE_ENDIAN);
            record.put(digest).putLong(offset);
            count++;
        }

        void encode(Consumer<ByteBuffer> out) {
            out.accept(little(12).putInt(width).putLong((long) count * width).flip());
            for (int record : sorted()) {
                out.accept(ByteBuffer.wrap(packed, record * width, width));
            }
        }

        /** The numbers of the records, by digest, equal ones as they came: a merge sort, bottom up. */
        private int[] sorted() {
            int[] from = new int[count];
            for (int i = 0; i < count; i++) {
                from[i] = i;
            }
            int[] to = new int[count];
            for (int run = 1; run < count && run > 0; run *= 2) {
                for (int low = 0; low < count; low += 2 * run) {
                    merge(from, to, low, Math.min(low + run, count), Math.min(low + 2 * run, count));
                }
                int[] swap = from;
                from = to;
                to = swap;
            }
            return from;
        }

        private void merge(int[] from, int[] to, int low, int middle, int high) {
            int left = low;
            int right = middle;
            for (int i = low; i < high; i++) {
                boolean takeLeft = left < middle && (right >= high || compare(from[left], from[right]) <= 0);
                to[i] = takeLeft ? from[left++] : from[right++];
            }
        }

        private int compare(int a, int b) {
            int digestBytes = width - Long.BYTES;
            return Arrays.compareUnsigned(
                    packed, a * width, a * width + digestBytes, packed, b * width, b * width + digestBytes);
        }
    }
}
