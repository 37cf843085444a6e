package io.kafila.naming;

import io.kafila.multiformats.PrivateKey;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Keys of a node that keeps nothing. Thread-safe. */
public final class MemoryKeystore implements Keystore {
    private final NavigableMap<String, PrivateKey> keys = new TreeMap<>();

    @Override
    public synchronized Optional<PrivateKey> get(String name) {
        Keystore.requireName(name);
        return Optional.ofNullable(keys.get(name));
    }

    @Override
    public synchronized void put(String name, PrivateKey key) {
        Keystore.requireName(name);
        if (keys.containsKey(name)) {
            throw Keystore.exists();
        }
        if (keys.size() >= MAX_KEYS) {
            throw Keystore.full();
        }
        keys.put(name, key);
    }

    @Override
    public synchronized boolean rename(String from, String to, boolean overwrite) {
        Keystore.requireName(to);
        PrivateKey key = get(from).orElseThrow(Keystore::absent);
        boolean lost = !from.equals(to) && keys.containsKey(to);
        if (lost && !overwrite) {
            throw Keystore.exists();
        }
        keys.remove(from);
        keys.put(to, key);
        return lost;
    }

    @Override
    public synchronized void remove(String name) {
        if (keys.remove(name) == null) {
            throw Keystore.absent();
        }
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(keys.keySet());
    }
}
