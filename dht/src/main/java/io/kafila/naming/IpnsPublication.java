package io.kafila.naming;

import io.kafila.dag.ContentPath;
import io.kafila.dag.IpldNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a user wants a name to stand for, and the rules by which it follows the name's former record. Immutable.
 *
 * @param sequence of the record; empty for the next one, which is the former one's where the value stays the same
 * @param extra more signed fields, whose names begin with {@value #EXTRA_PREFIX}, so that none is ever one of the
 *     specification's
 */
public record IpnsPublication(
        ContentPath value,
        Duration lifetime,
        Duration ttl,
        OptionalLong sequence,
        Map<String, IpldNode> extra,
        boolean v1Compatible) {
    /** What the names of extra fields begin with. */
    public static final String EXTRA_PREFIX = "_";

    public IpnsPublication {
        for (String key : extra.keySet()) {
            if (!key.startsWith(EXTRA_PREFIX)) {
                throw new IllegalArgumentException(
                        "ipns record: extra field \"" + key + "\", want a name that begins with " + EXTRA_PREFIX);
            }
        }
        extra = Map.copyOf(extra);
    }

    /** A value with the default times. */
    public static IpnsPublication of(ContentPath value) {
        return new IpnsPublication(
                value,
                IpnsRecordDraft.DEFAULT_LIFETIME,
                IpnsRecordDraft.DEFAULT_TTL,
                OptionalLong.empty(),
                Map.of(),
                true);
    }

    /**
     * The record that follows {@code former}.
     *
     * @throws NamingException if a sequence was asked for that is not larger than the former one's
     */
    public IpnsRecordDraft after(Optional<IpnsRecord> former, Instant now) {
        return new IpnsRecordDraft(value, nextSequence(former), now.plus(lifetime), ttl, extra, v1Compatible);
    }

    private long nextSequence(Optional<IpnsRecord> former) {
        if (former.isEmpty()) {
            return sequence.orElse(0);
        }
        long last = former.get().sequence();
        if (sequence.isPresent()) {
            if (Long.compareUnsigned(sequence.getAsLong(), last) <= 0) {
                throw new NamingException("sequence number must be greater than the current record sequence");
            }
            return sequence.getAsLong();
        }
        boolean same = isValue(former.get()) && former.get().extra().equals(extra);
        if (!same && (last == -1 || last == Long.MAX_VALUE)) {
            throw new NamingException("sequence number " + Long.toUnsignedString(last) + " is the last one");
        }
        return same ? last : last + 1;
    }

    private boolean isValue(IpnsRecord former) {
        try {
            return former.value().equals(value);
        } catch (IpnsRecordException e) {
            return false;
        }
    }

    /** The same record again, valid for longer: value, sequence and everything else stay. */
    public static IpnsRecordDraft renewed(IpnsRecord record, Duration lifetime, Instant now) {
        Instant end = now.plus(lifetime);
        return new IpnsRecordDraft(
                record.value(),
                record.sequence(),
                record.validity().isAfter(end) ? record.validity() : end,
                record.ttl(),
                record.extra(),
                record.hasV1());
    }
}
