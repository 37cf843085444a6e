package io.kafila.dag;

import io.kafila.multiformats.Cid;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of the IPLD data model (ipld.io/docs/data-model): what a structured block decodes to. Immutable.
 *
 * <p>Two nodes are equal when they have the same kind and content; the order of a map's entries does not count, and the
 * integer 1 is not the float 1.0. Comparing, hashing and printing recur with the depth, which decoding bounds; codecs do
 * not.
 */
public sealed interface IpldNode {

    Kind kind();

    /** The kinds of the data model. */
    enum Kind {
        NULL,
        BOOL,
        INT,
        FLOAT,
        STRING,
        BYTES,
        LIST,
        MAP,
        LINK
    }

    /** The absence of a value. */
    record NullValue() implements IpldNode {
        @Override
        public Kind kind() {
            return Kind.NULL;
        }
    }

    record BoolValue(boolean value) implements IpldNode {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }
    }

    /**
     * An integer from -2^64 to 2^64 - 1, the range of CBOR's major types 0 and 1.
     *
     * @param negative whether the value is -1 - magnitude
     * @param magnitude 64 bits, unsigned
     */
    record IntValue(boolean negative, long magnitude) implements IpldNode {
        private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

        public static IntValue of(long value) {
            return value < 0 ? new IntValue(true, ~value) : new IntValue(false, value);
        }

        /** @throws IllegalArgumentException if the value is out of range */
        public static IntValue of(BigInteger value) {
            BigInteger magnitude = value.signum() < 0 ? value.not() : value;
            if (magnitude.bitLength() > 64) {
                throw new IllegalArgumentException("integer of " + value.bitLength() + " bits, want at most 64");
            }
            return new IntValue(value.signum() < 0, magnitude.longValue());
        }

        /** Whether the value is in the range of a {@code long}. */
        public boolean isLong() {
            return magnitude >= 0;
        }

        /** @throws ArithmeticException if the value is out of the range of a {@code long} */
        public long longValue() {
            if (!isLong()) {
                throw new ArithmeticException("integer " + value() + " is out of the range of 64 bits with a sign");
            }
            return negative ? ~magnitude : magnitude;
        }

        public BigInteger value() {
            BigInteger unsigned = BigInteger.valueOf(magnitude).and(MASK);
            return negative ? unsigned.not() : unsigned;
        }

        @Override
        public Kind kind() {
            return Kind.INT;
        }

        @Override
        public String toString() {
            return "IntValue[" + value() + "]";
        }
    }

    record FloatValue(double value) implements IpldNode {
        @Override
        public Kind kind() {
            return Kind.FLOAT;
        }
    }

    record StringValue(String value) implements IpldNode {
        @Override
        public Kind kind() {
            return Kind.STRING;
        }
    }

    /**
     * @param value what remains in the buffer; it is not copied, and whoever gives it away no longer writes to it. The
     *     accessor answers a fresh read-only view.
     */
    record BytesValue(ByteBuffer value) implements IpldNode {
        public BytesValue {
            value = value.slice().asReadOnlyBuffer();
        }

        public static BytesValue of(byte[] bytes) {
            return new BytesValue(ByteBuffer.wrap(bytes));
        }

        @Override
        public ByteBuffer value() {
            return value.duplicate();
        }

        public byte[] toByteArray() {
            byte[] bytes = new byte[value.remaining()];
            value.duplicate().get(bytes);
            return bytes;
        }

        @Override
        public Kind kind() {
            return Kind.BYTES;
        }
    }

    record ListValue(List<IpldNode> items) implements IpldNode {
        public ListValue {
            items = List.copyOf(items);
        }

        @Override
        public Kind kind() {
            return Kind.LIST;
        }
    }

    /** @param entries in the order of the block; a codec that sorts does it when it encodes */
    record MapValue(Map<String, IpldNode> entries) implements IpldNode {
        public MapValue {
            entries = entries.size() <= 1
                    ? Map.copyOf(entries)
                    : Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public Kind kind() {
            return Kind.MAP;
        }
    }

    record LinkValue(Cid cid) implements IpldNode {
        @Override
        public Kind kind() {
            return Kind.LINK;
        }
    }
}
