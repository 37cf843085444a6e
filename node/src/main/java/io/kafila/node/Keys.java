package io.kafila.node;

import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.Keystore;
import io.kafila.naming.NamingException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that a node can publish names with: its own, which is called {@value #SELF}, and those of its keystore.
 * Thread-safe; calls block briefly.
 */
public final class Keys {
    /** The name of the node's own key. */
    public static final String SELF = "self";

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

    private final PrivateKey self;
    private final Keystore keystore;

    Keys(PrivateKey self, Keystore keystore) {
        this.self = self;
        this.keystore = keystore;
    }

    /**
     * A key's name and what it publishes.
     *
     * @param name empty for one that has left the keystore
     */
    public record Entry(String name, IpnsName id) {
        static Entry of(String name, PrivateKey key) {
            return new Entry(name, IpnsName.of(key.publicKey()));
        }
    }

    /** The own key first, then the others by name; those that cannot be read are left out. */
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.of(SELF, self));
        for (String name : keystore.names()) {
            try {
                keystore.get(name).ifPresent(key -> entries.add(Entry.of(name, key)));
            } catch (NamingException e) {
                LOG.error("cannot get key from keystore: {}", e.getMessage());
            }
        }
        return entries;
    }

    /** @throws NamingException if there is no key of that name */
    public PrivateKey get(String name) {
        return name.equals(SELF)
                ? self
                : keystore.get(name).orElseThrow(() -> new NamingException(Keystore.NO_SUCH_KEY));
    }

    /**
     * The key of that name, or the one whose id that is.
     *
     * @throws NamingException if there is none
     */
    public PrivateKey find(String nameOrId) {
        if (nameOrId.equals(SELF)) {
            return self;
        }
        if (!nameOrId.isEmpty() && keystore.names().contains(nameOrId)) {
            return get(nameOrId);
        }
        IpnsName id = IpnsName.tryParse(nameOrId).orElseThrow(() -> new NamingException(Keystore.NO_SUCH_KEY));
        return list().stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .map(entry -> get(entry.name()))
                .orElseThrow(() -> new NamingException("no key by the given name or PeerID was found"));
    }

    public boolean contains(String name) {
        return name.equals(SELF) || keystore.get(name).isPresent();
    }

    /** Keeps a key under a name that is free. */
    public Entry add(String name, PrivateKey key) {
        requireOther(name, "create");
        keystore.put(name, key);
        return Entry.of(name, key);
    }

    /** A key under its new name; {@code overwritten} tells of another key that this cost. */
    public record Renamed(Entry entry, boolean overwritten) {}

    public Renamed rename(String name, String newName, boolean overwrite) {
        requireOther(name, "rename");
        requireOther(newName, "overwrite");
        PrivateKey key = keystore.get(name).orElseThrow(() -> absent(name));
        boolean overwritten = keystore.rename(name, newName, overwrite);
        return new Renamed(Entry.of(newName, key), overwritten);
    }

    public Entry remove(String name) {
        requireOther(name, "remove");
        PrivateKey key = keystore.get(name).orElseThrow(() -> absent(name));
        keystore.remove(name);
        return Entry.of("", key);
    }

    private static void requireOther(String name, String action) {
        if (name.equals(SELF)) {
            throw new NamingException("cannot " + action + " key with name '" + SELF + "'");
        }
    }

    private static NamingException absent(String name) {
        return new NamingException("no key named " + name + " was found");
    }
}
