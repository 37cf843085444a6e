package io.kafila.naming;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.RecordValidator;
import java.time.Clock;
import java.util.List;

/** Tells the DHT which records of names are valid, and which of several is the newest. Thread-safe. */
public final class IpnsRecordValidator implements RecordValidator {
    private final Clock clock;

    public IpnsRecordValidator(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String namespace() {
        return "ipns";
    }

    @Override
    public void validate(byte[] key, byte[] value) {
        try {
            IpnsRecord.decode(value).verify(IpnsName.ofRoutingKey(key), clock.instant());
        } catch (NamingException e) {
            throw new InvalidRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public int select(byte[] key, List<byte[]> values) {
        int best = 0;
        IpnsRecord newest = IpnsRecord.decode(values.get(0));
        for (int i = 1; i < values.size(); i++) {
            IpnsRecord record = IpnsRecord.decode(values.get(i));
            if (record.compareAge(newest) > 0) {
                best = i;
                newest = record;
            }
        }
        return best;
    }
}
