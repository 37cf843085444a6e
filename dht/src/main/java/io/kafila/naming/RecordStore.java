package io.kafila.naming;

import io.kafila.libp2p.Datastore;
import java.util.List;
import java.util.Optional;

/**
 * The newest record of each name that this node published or was given: what the next one's sequence is counted from, and
 * what is published again. Durable where its datastore is. Thread-safe; calls block briefly.
 */
public final class RecordStore {
    /** How many names there may be. Only this node's user adds to them. */
    public static final int MAX_NAMES = 100_000;

    private static final byte[] NOTHING = new byte[0];

    private final Datastore records;

    public RecordStore(Datastore records) {
        this.records = records;
    }

    /** The record of a name, expired or not; empty where there is none or it cannot be read. */
    public Optional<IpnsRecord> get(IpnsName name) {
        byte[] bytes = records.get(name.peer().bytes());
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(IpnsRecord.decode(bytes));
        } catch (IpnsRecordException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps a record in place of the name's former one; durable on return.
     *
     * @throws NamingException if it is the first one of its name and there are {@link #MAX_NAMES}
     */
    public synchronized void put(IpnsName name, IpnsRecord record) {
        byte[] key = name.peer().bytes();
        if (records.get(key) == null
                && records.scan(NOTHING, NOTHING, MAX_NAMES).size() >= MAX_NAMES) {
            throw new NamingException("the store of records holds " + MAX_NAMES + " names, which is the most");
        }
        records.write(List.of(new Datastore.Entry(key, record.bytes())));
    }
}
