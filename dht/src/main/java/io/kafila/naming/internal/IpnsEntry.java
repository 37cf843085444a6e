package io.kafila.naming.internal;

import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.ProtoReader;
import io.kafila.multiformats.ProtoWriter;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The protobuf message IpnsEntry (ipfs/specs ipns-record.md, Record Serialization Format). Fields 1 to 6 are the copies that
 * version 1 reads; what counts is {@code data} and the signature over it.
 *
 * @param pubKey the protobuf of the key, where the name does not hold it
 */
@SuppressWarnings("ArrayRecordComponent") // made and read once, never compared
public record IpnsEntry(
        byte @Nullable [] value,
        byte @Nullable [] signatureV1,
        OptionalLong validityType,
        byte @Nullable [] validity,
        OptionalLong sequence,
        OptionalLong ttl,
        byte @Nullable [] pubKey,
        byte @Nullable [] signatureV2,
        byte @Nullable [] data) {

    private static final int VALUE = 1;
    private static final int SIGNATURE_V1 = 2;
    private static final int VALIDITY_TYPE = 3;
    private static final int VALIDITY = 4;
    private static final int SEQUENCE = 5;
    private static final int TTL = 6;
    private static final int PUB_KEY = 7;
    private static final int SIGNATURE_V2 = 8;
    private static final int DATA = 9;

    /** Whether there is something that readers of version 1 would believe. */
    public boolean hasV1() {
        return isPresent(signatureV1) || isPresent(value);
    }

    /** Whether a field is there and not empty. */
    public static boolean isPresent(byte @Nullable [] field) {
        return field != null && field.length > 0;
    }

    public byte[] encode() {
        ProtoWriter out = new ProtoWriter();
        bytes(out, VALUE, value);
        bytes(out, SIGNATURE_V1, signatureV1);
        validityType.ifPresent(number -> out.varint(VALIDITY_TYPE, number));
        bytes(out, VALIDITY, validity);
        sequence.ifPresent(number -> out.varint(SEQUENCE, number));
        ttl.ifPresent(number -> out.varint(TTL, number));
        bytes(out, PUB_KEY, pubKey);
        bytes(out, SIGNATURE_V2, signatureV2);
        bytes(out, DATA, data);
        return out.toByteArray();
    }

    private static void bytes(ProtoWriter out, int field, byte @Nullable [] value) {
        if (value != null) {
            out.bytes(field, value);
        }
    }

    /**
     * Reads an entry; unknown fields are passed over.
     *
     * @throws MultiformatException if it is malformed, or a known field is there twice: readers would choose differently
     */
    public static IpnsEntry decode(byte[] message) {
        byte[][] bytes = new byte[DATA + 1][];
        OptionalLong[] numbers = new OptionalLong[DATA + 1];
        ProtoReader in = new ProtoReader("ipns record", message);
        for (int field = in.nextField(); field != 0; field = in.nextField()) {
            if (field > DATA) {
                in.skip();
            } else if (bytes[field] != null || numbers[field] != null) {
                throw new MultiformatException("ipns record: field " + field + " is there twice");
            } else if (isNumber(field)) {
                require(in.isVarint(), field, "a varint");
                numbers[field] = OptionalLong.of(in.varint());
            } else {
                require(in.isBytes(), field, "bytes");
                bytes[field] = in.bytes();
            }
        }
        return new IpnsEntry(
                bytes[VALUE],
                bytes[SIGNATURE_V1],
                number(numbers, VALIDITY_TYPE),
                bytes[VALIDITY],
                number(numbers, SEQUENCE),
                number(numbers, TTL),
                bytes[PUB_KEY],
                bytes[SIGNATURE_V2],
                bytes[DATA]);
    }

    private static boolean isNumber(int field) {
        return field == VALIDITY_TYPE || field == SEQUENCE || field == TTL;
    }

    private static OptionalLong number(OptionalLong[] numbers, int field) {
        OptionalLong value = numbers[field];
        return value == null ? OptionalLong.empty() : value;
    }

    private static void require(boolean fits, int field, String wanted) {
        if (!fits) {
            throw new MultiformatException("ipns record: field " + field + " is of another type, want " + wanted);
        }
    }

    /** The data as a buffer; empty where there is none. */
    public ByteBuffer dataBuffer() {
        return data == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(data).asReadOnlyBuffer();
    }
}
