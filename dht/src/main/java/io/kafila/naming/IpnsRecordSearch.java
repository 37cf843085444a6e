package io.kafila.naming;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest valid record of a name among those that come in, in any order. Plain: no I/O, no clock. Confined to one thread
 * or guarded by a lock.
 */
public final class IpnsRecordSearch {
    private final IpnsName name;
    private @Nullable IpnsRecord best;
    private int refused;

    public IpnsRecordSearch(IpnsName name) {
        this.name = name;
    }

    /** Takes what somebody says is a record of the name; whether it is valid and newer than all before. */
    public boolean offer(byte[] value, Instant now) {
        IpnsRecord record;
        try {
            record = IpnsRecord.decode(value);
            record.verify(name, now);
        } catch (IpnsRecordException e) {
            refused++;
            return false;
        }
        if (best != null && record.compareAge(best) <= 0) {
            return false;
        }
        best = record;
        return true;
    }

    public Optional<IpnsRecord> best() {
        return Optional.ofNullable(best);
    }

    /** How many were no valid records of the name. */
    public int refusedCount() {
        return refused;
    }
}
