package io.kafila.dht.internal.records;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.RecordValidator;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The validators of all namespaces that a node knows. Immutable. */
public final class Validators {
    private final Map<String, RecordValidator> byNamespace = new HashMap<>();

    public Validators(Collection<RecordValidator> validators) {
        validators.forEach(each -> byNamespace.put(each.namespace(), each));
    }

    /** @throws InvalidRecordException if the key is of no known namespace, or its validator refuses the value */
    public void validate(byte[] key, byte[] value) {
        of(key).validate(key, value);
    }

    /** The index of the best of several valid values. */
    public int select(byte[] key, List<byte[]> values) {
        return of(key).select(key, values);
    }

    private RecordValidator of(byte[] key) {
        String namespace = namespace(key);
        RecordValidator validator = byNamespace.get(namespace);
        if (validator == null) {
            throw new InvalidRecordException("record: namespace \"" + printable(namespace) + "\", want one of "
                    + byNamespace.keySet().stream().sorted().toList());
        }
        return validator;
    }

    private static String namespace(byte[] key) {
        if (key.length > 0 && key[0] == '/') {
            for (int i = 1; i < key.length; i++) {
                if (key[i] == '/') {
                    return new String(key, 1, i - 1, StandardCharsets.US_ASCII);
                }
            }
        }
        return "";
    }

    private static String printable(String namespace) {
        return namespace.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
