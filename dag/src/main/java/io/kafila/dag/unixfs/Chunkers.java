package io.kafila.dag.unixfs;

import io.kafila.dag.unixfs.internal.BuzhashChunker;
import io.kafila.dag.unixfs.internal.RabinChunker;
import io.kafila.dag.unixfs.internal.SizeChunker;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** The chunkers that users name: {@code size-N}, {@code rabin}, {@code rabin-AVG}, {@code rabin-MIN-AVG-MAX}, {@code buzhash}. */
public final class Chunkers {
    /** What {@code default}, {@code rabin} and an empty text mean, in bytes. */
    static final int DEFAULT_BYTES = 256 * 1024;

    private Chunkers() {}

    /**
     * The chunker of a text, as Kubo reads it; {@code default} and the empty text are {@code size-262144}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Chunker.Factory parse(String spec) {
        if (spec.isEmpty() || spec.equals("default")) {
            return size(DEFAULT_BYTES);
        }
        String[] parts = spec.split("-", -1);
        switch (parts[0]) {
            case "size":
                if (parts.length != 2) {
                    throw new IllegalArgumentException("incorrect chunker string format (expected size-{size})");
                }
                return size(number(spec, parts[1]));
            case "rabin":
                return rabin(spec, parts);
            case "buzhash":
                return new NamedFactory("buzhash", BuzhashChunker::new);
            default:
                throw new IllegalArgumentException("unrecognized chunker option: " + spec);
        }
    }

    /** Chunks of {@code sizeBytes}, the last one shorter. */
    public static Chunker.Factory size(int sizeBytes) {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("chunker size must be greater than 0");
        }
        requireFits(sizeBytes);
        return new SizeFactory(sizeBytes);
    }

    /** Chunks that end where the fingerprint of the last 16 bytes says so. */
    public static Chunker.Factory rabin(int minBytes, int avgBytes, int maxBytes) {
        return rabin("rabin-" + minBytes + "-" + avgBytes + "-" + maxBytes, minBytes, avgBytes, maxBytes);
    }

    private static Chunker.Factory rabin(String spec, String[] parts) {
        switch (parts.length) {
            case 1:
                return rabinAround(spec, DEFAULT_BYTES);
            case 2:
                return rabinAround(spec, number(spec, parts[1]));
            case 4:
                return rabin(
                        spec,
                        number(spec, unlabelled(parts[1], "first", "min")),
                        number(spec, unlabelled(parts[2], "second", "avg")),
                        number(spec, unlabelled(parts[3], "final", "max")));
            default:
                throw new IllegalArgumentException(
                        "incorrect format (expected 'rabin' 'rabin-[avg]' or 'rabin-[min]-[avg]-[max]'");
        }
    }

    private static Chunker.Factory rabinAround(String spec, int avgBytes) {
        // Halves are added to an int of at most 2^31: in a long there is no overflow.
        requireFits((long) avgBytes + avgBytes / 2);
        return rabin(spec, avgBytes / 3, avgBytes, avgBytes + avgBytes / 2);
    }

    private static Chunker.Factory rabin(String spec, int minBytes, int avgBytes, int maxBytes) {
        if (minBytes < RabinChunker.WINDOW_BYTES) {
            throw new IllegalArgumentException("rabin min must be greater than " + RabinChunker.WINDOW_BYTES);
        }
        if (minBytes >= avgBytes) {
            throw new IllegalArgumentException("incorrect format: rabin-min must be smaller than rabin-avg");
        }
        if (avgBytes >= maxBytes) {
            throw new IllegalArgumentException("incorrect format: rabin-avg must be smaller than rabin-max");
        }
        requireFits(maxBytes);
        return new NamedFactory(spec, () -> new RabinChunker(minBytes, avgBytes, maxBytes));
    }

    private static String unlabelled(String part, String place, String label) {
        int colon = part.lastIndexOf(':');
        if (colon < 0) {
            return part;
        }
        if (!part.startsWith(label + ":")) {
            throw new IllegalArgumentException(place + " label must be " + label);
        }
        return part.substring(colon + 1);
    }

    private static int number(String spec, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("chunker " + spec + ": parsing \"" + text + "\": invalid syntax", e);
        }
    }

    private static void requireFits(long chunkBytes) {
        if (chunkBytes > Chunker.MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException(
                    "chunker parameters may not exceed the maximum chunk size of " + Chunker.MAX_CHUNK_BYTES);
        }
    }

    private record SizeFactory(int sizeBytes) implements Chunker.Factory {
        @Override
        public Chunker newChunker() {
            return new SizeChunker(sizeBytes);
        }

        @Override
        public OptionalInt chunkBytes() {
            return OptionalInt.of(sizeBytes);
        }

        @Override
        public String spec() {
            return "size-" + sizeBytes;
        }
    }

    private record NamedFactory(String spec, Supplier<Chunker> chunkers) implements Chunker.Factory {
        @Override
        public Chunker newChunker() {
            return chunkers.get();
        }
    }
}
