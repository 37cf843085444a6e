package io.kafila.naming;

import io.kafila.dag.Codec;
import io.kafila.dag.CodecException;
import io.kafila.dag.Codecs;
import io.kafila.dag.ContentPath;
import io.kafila.dag.IpldNode;
import io.kafila.dag.PathException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.PublicKey;
import io.kafila.naming.internal.IpnsEntry;
import io.kafila.naming.internal.Rfc3339;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of a key says that the key's name stands for (ipfs/specs ipns-record.md). Immutable.
 *
 * <p>A record that was decoded is not yet believed: {@link #verify} says whether it is the name's. All accessors read the
 * signed data, never the copies of version 1; they throw an {@link IpnsRecordException} where a field is absent or of
 * another type.
 */
public final class IpnsRecord {
    /** The longest record that is read or made (ipns-record.md, Record Size Limit). */
    public static final int MAX_BYTES = 10 * 1024;

    /** The media type of an encoded record. */
    public static final String MEDIA_TYPE = "application/vnd.ipfs.ipns-record";

    /** What an empty value stands for: nothing, as a Cid that holds its own zero bytes. */
    public static final ContentPath NO_VALUE = ContentPath.parseStrict("/ipfs/bafkqaaa");

    private static final byte[] SIGNATURE_PREFIX = "ipns-signature:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EOL = "EOL".getBytes(StandardCharsets.US_ASCII);
    private static final String VALUE = "Value";
    private static final String VALIDITY = "Validity";
    private static final String VALIDITY_TYPE = "ValidityType";
    private static final String SEQUENCE = "Sequence";
    private static final String TTL = "TTL";
    static final Set<String> FIELDS = Set.of(VALUE, VALIDITY, VALIDITY_TYPE, SEQUENCE, TTL);
    private static final Codec DAG_CBOR = Codecs.standard().require(Multicodec.DAG_CBOR.code());

    private final byte[] encoded;
    private final IpnsEntry entry;
    private final Map<String, IpldNode> data;

    private IpnsRecord(byte[] encoded, IpnsEntry entry, Map<String, IpldNode> data) {
        this.encoded = encoded;
        this.entry = entry;
        this.data = data;
    }

    /**
     * Reads a record without believing it: its data must be a map of strict dag-cbor, its fields are not looked at.
     *
     * @throws IpnsRecordException if it is too large or malformed
     */
    public static IpnsRecord decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IpnsRecordException(IpnsRecordException.Kind.TOO_LARGE);
        }
        IpnsEntry entry;
        try {
            entry = IpnsEntry.decode(bytes);
        } catch (MultiformatException e) {
            throw IpnsRecordException.malformed(String.valueOf(e.getMessage()), e);
        }
        if (!IpnsEntry.isPresent(entry.data())) {
            throw IpnsRecordException.malformed("record is missing the dag-cbor data field");
        }
        try {
            if (DAG_CBOR.decode(entry.dataBuffer()) instanceof IpldNode.MapValue map) {
                return new IpnsRecord(bytes.clone(), entry, map.entries());
            }
        } catch (CodecException e) {
            throw IpnsRecordException.malformed(String.valueOf(e.getMessage()), e);
        }
        throw IpnsRecordException.malformed("data is no map of dag-cbor");
    }

    /**
     * Makes and signs a record. The public key goes into it where the name does not hold it.
     *
     * @throws IpnsRecordException if it becomes larger than {@link #MAX_BYTES}
     */
    public static IpnsRecord create(PrivateKey key, IpnsRecordDraft draft) {
        byte[] value = draft.value().toString().getBytes(StandardCharsets.UTF_8);
        byte[] validity = Rfc3339.format(draft.validity()).getBytes(StandardCharsets.US_ASCII);
        Map<String, IpldNode> data = new LinkedHashMap<>(draft.extra());
        data.put(VALUE, IpldNode.BytesValue.of(value));
        data.put(VALIDITY, IpldNode.BytesValue.of(validity));
        data.put(VALIDITY_TYPE, IpldNode.IntValue.of(0));
        data.put(SEQUENCE, IpldNode.IntValue.of(draft.sequence()));
        data.put(TTL, IpldNode.IntValue.of(draft.ttl().toNanos()));
        byte[] signed = DAG_CBOR.encode(new IpldNode.MapValue(data));
        boolean v1 = draft.v1Compatible();
        IpnsEntry entry = new IpnsEntry(
                v1 ? value : null,
                v1 ? key.sign(concat(value, validity, EOL)) : null,
                v1 ? OptionalLong.of(0) : OptionalLong.empty(),
                v1 ? validity : null,
                v1 ? OptionalLong.of(draft.sequence()) : OptionalLong.empty(),
                v1 ? OptionalLong.of(draft.ttl().toNanos()) : OptionalLong.empty(),
                key.peerId().inlinedKey().isPresent() ? null : key.publicKey().protobuf(),
                key.sign(concat(SIGNATURE_PREFIX, signed)),
                signed);
        return decode(entry.encode());
    }

    /**
     * Whether the record is the name's and valid at a time: size, signature, then the copies of version 1 where there are
     * any, the validity. What the value says is not looked at, for the specification leaves it open.
     *
     * @throws IpnsRecordException at the first thing that is wrong
     */
    public void verify(IpnsName name, Instant now) {
        PublicKey key = key(name);
        byte @Nullable [] signature = entry.signatureV2();
        byte @Nullable [] signed = entry.data();
        if (signature == null || signed == null || !key.verify(concat(SIGNATURE_PREFIX, signed), signature)) {
            throw new IpnsRecordException(IpnsRecordException.Kind.SIGNATURE);
        }
        if (entry.hasV1()) {
            verifyCopies();
        }
        sequence();
        if (now.isAfter(validity())) {
            throw new IpnsRecordException(IpnsRecordException.Kind.EXPIRED);
        }
    }

    private PublicKey key(IpnsName name) {
        if (!IpnsEntry.isPresent(entry.pubKey())) {
            return name.peer()
                    .inlinedKey()
                    .orElseThrow(() -> new IpnsRecordException(IpnsRecordException.Kind.PUBLIC_KEY));
        }
        PublicKey key = publicKey().orElseThrow();
        if (!name.peer().matches(key)) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.PUBLIC_KEY, "record public key does not match the expected public key");
        }
        return key;
    }

    private void verifyCopies() {
        requireSame(VALUE, Arrays.equals(orEmpty(entry.value()), bytes(VALUE)));
        requireSame(VALIDITY, Arrays.equals(orEmpty(entry.validity()), bytes(VALIDITY)));
        requireSame(VALIDITY_TYPE, entry.validityType().orElse(0) == unsigned(VALIDITY_TYPE));
        requireSame(SEQUENCE, entry.sequence().orElse(0) == unsigned(SEQUENCE));
        requireSame(TTL, entry.ttl().orElse(0) == unsigned(TTL));
    }

    private static byte[] orEmpty(byte @Nullable [] field) {
        return field == null ? new byte[0] : field;
    }

    private static void requireSame(String field, boolean same) {
        if (!same) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.MISMATCH,
                    "field \"" + field + "\" did not match between protobuf and CBOR");
        }
    }

    /** A copy of the encoded record. */
    public byte[] bytes() {
        return encoded.clone();
    }

    public int sizeBytes() {
        return encoded.length;
    }

    /** What the name stands for: a path, or a binary Cid as one; {@link #NO_VALUE} where the value is empty. */
    public ContentPath value() {
        byte[] value = bytes(VALUE);
        if (value.length == 0) {
            return NO_VALUE;
        }
        try {
            return value[0] == '/'
                    ? ContentPath.parseStrict(new String(value, StandardCharsets.UTF_8))
                    : ContentPath.of(Cid.decode(value));
        } catch (PathException | MultiformatException e) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.VALUE, "value is not a valid content path\n" + e.getMessage(), e);
        }
    }

    /** What {@link #validity} means: 0 is the end of life, and nothing else is known. */
    public long validityType() {
        return unsigned(VALIDITY_TYPE);
    }

    /** The time after which the record says nothing. */
    public Instant validity() {
        if (validityType() != 0) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.VALIDITY, "record contains an unrecognized validity type");
        }
        try {
            return Rfc3339.parse(new String(bytes(VALIDITY), StandardCharsets.ISO_8859_1));
        } catch (DateTimeException e) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.VALIDITY, "record contains an invalid validity\n" + e.getMessage(), e);
        }
    }

    /** 64 bits, unsigned. */
    public long sequence() {
        return unsigned(SEQUENCE);
    }

    /** How long the record may be believed without a look for a newer one; at most what 63 bits of nanoseconds hold. */
    public Duration ttl() {
        long nanos = unsigned(TTL);
        return Duration.ofNanos(nanos < 0 ? Long.MAX_VALUE : nanos);
    }

    /** How long from {@code now} the record may be kept: its TTL, or the default, but not past its validity; 0 once that is over. */
    public Duration cacheableFor(Instant now) {
        Duration hint = data.containsKey(TTL) ? ttl() : IpnsRecordDraft.DEFAULT_TTL;
        Duration left = Duration.between(now, validity());
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(hint) < 0 ? left : hint;
    }

    /** The signed fields that are none of the specification's. */
    public Map<String, IpldNode> extra() {
        Map<String, IpldNode> extra = new LinkedHashMap<>(data);
        extra.keySet().removeAll(FIELDS);
        return Collections.unmodifiableMap(extra);
    }

    /** The key in the record, where there is one. */
    public Optional<PublicKey> publicKey() {
        byte @Nullable [] protobuf = entry.pubKey();
        if (protobuf == null || protobuf.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(PublicKey.decode(protobuf));
        } catch (MultiformatException e) {
            throw new IpnsRecordException(
                    IpnsRecordException.Kind.PUBLIC_KEY, "public key invalid\n" + e.getMessage(), e);
        }
    }

    /** Whether readers of version 1 find something in it. */
    public boolean hasV1() {
        return entry.hasV1();
    }

    /**
     * Above 0 where this is the newer one of two records of a name: by sequence, then by validity, then by their bytes, so
     * that all choose the same.
     */
    public int compareAge(IpnsRecord other) {
        int bySequence = Long.compareUnsigned(sequence(), other.sequence());
        if (bySequence != 0) {
            return bySequence;
        }
        int byValidity = validity().compareTo(other.validity());
        return byValidity != 0 ? byValidity : Arrays.compareUnsigned(encoded, other.encoded);
    }

    private byte[] bytes(String field) {
        if (data.get(field) instanceof IpldNode.BytesValue bytes) {
            return bytes.toByteArray();
        }
        throw wrong(field, "bytes");
    }

    private long unsigned(String field) {
        if (data.get(field) instanceof IpldNode.IntValue number && !number.negative()) {
            return number.magnitude();
        }
        throw wrong(field, "an integer of 0 or more");
    }

    private IpnsRecordException wrong(String field, String wanted) {
        IpldNode seen = data.get(field);
        return IpnsRecordException.malformed("field \"" + field + "\" is "
                + (seen == null ? "absent" : "of kind " + seen.kind()) + ", want " + wanted);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof IpnsRecord that && Arrays.equals(encoded, that.encoded));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "ipns record of " + encoded.length + " bytes";
    }
}
