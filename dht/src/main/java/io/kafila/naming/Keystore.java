package io.kafila.naming;

import io.kafila.multiformats.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The keys that a node signs records with, by the names that its user gave them. Thread-safe; calls block briefly. */
public interface Keystore {
    /** The longest name in bytes of UTF-8: what a file name holds once it is written in base32. */
    int MAX_NAME_BYTES = 128;

    /** How many keys there may be. */
    int MAX_KEYS = 10_000;

    /** The message of a look for a key that is not there, as Kubo's clients know it. */
    String NO_SUCH_KEY = "no key by the given name was found";

    Optional<PrivateKey> get(String name);

    /** @throws NamingException if there is a key of that name, the name is none, or there are {@link #MAX_KEYS} */
    void put(String name, PrivateKey key);

    /**
     * Gives a key another name, at once and durably.
     *
     * @param overwrite whether a key of the new name may be lost
     * @return whether one was
     * @throws NamingException if the old name has no key, or the new one has and may not lose it
     */
    boolean rename(String from, String to, boolean overwrite);

    /** @throws NamingException if there is no key of that name */
    void remove(String name);

    /** All names in order. */
    List<String> names();

    /** @throws NamingException if {@code name} is empty or longer than {@link #MAX_NAME_BYTES} */
    static void requireName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0) {
            throw new NamingException("key name must be at least one character");
        }
        if (length > MAX_NAME_BYTES) {
            throw new NamingException("key name of " + length + " bytes, want at most " + MAX_NAME_BYTES);
        }
    }

    static NamingException exists() {
        return new NamingException("key by that name already exists, refusing to overwrite");
    }

    static NamingException absent() {
        return new NamingException(NO_SUCH_KEY);
    }

    static NamingException full() {
        return new NamingException("the keystore holds " + MAX_KEYS + " keys, which is the most");
    }
}
