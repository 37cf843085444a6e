package io.kafila.naming;

import io.kafila.dag.ContentPath;
import io.kafila.dag.IpldNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a record is to say, before it is signed. Immutable.
 *
 * @param value what the name stands for
 * @param sequence of two records the one with the larger number is the newer one; not negative
 * @param validity the time after which the record says nothing
 * @param ttl how long it may be believed without a look for a newer one; a hint
 * @param extra more signed fields, none of which has the name of one of the specification's: whoever does not know them
 *     passes over them
 * @param v1Compatible whether the fields of version 1 are written as well, for readers from before 2021
 */
public record IpnsRecordDraft(
        ContentPath value,
        long sequence,
        Instant validity,
        Duration ttl,
        Map<String, IpldNode> extra,
        boolean v1Compatible) {
    /** How long a record is valid by default: as long as the DHT keeps it. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofDays(2);

    /** The suggested default of the specification, and Kubo's. */
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    public IpnsRecordDraft {
        if (sequence < 0) {
            throw new IllegalArgumentException("ipns record: sequence " + sequence + ", want 0 or more");
        }
        if (ttl.isNegative()) {
            throw new IllegalArgumentException("ipns record: ttl " + ttl + ", want 0 or more");
        }
        for (String key : extra.keySet()) {
            if (key.isEmpty() || IpnsRecord.FIELDS.contains(key)) {
                throw new IllegalArgumentException(
                        "ipns record: extra field \"" + key + "\", want a name that is none of the specification's");
            }
        }
        extra = Collections.unmodifiableMap(new TreeMap<>(extra));
    }

    /** A first record of a value, with the default TTL and for old readers, too. */
    public static IpnsRecordDraft of(ContentPath value, long sequence, Instant validity) {
        return new IpnsRecordDraft(value, sequence, validity, DEFAULT_TTL, Map.of(), true);
    }

    public IpnsRecordDraft withTtl(Duration hint) {
        return new IpnsRecordDraft(value, sequence, validity, hint, extra, v1Compatible);
    }

    public IpnsRecordDraft withExtra(Map<String, IpldNode> fields) {
        return new IpnsRecordDraft(value, sequence, validity, ttl, fields, v1Compatible);
    }

    public IpnsRecordDraft withV1Compatible(boolean compatible) {
        return new IpnsRecordDraft(value, sequence, validity, ttl, extra, compatible);
    }
}
