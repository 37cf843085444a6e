package io.kafila.node;

import io.kafila.dag.unixfs.ImportOptions;

/**
 * How files are added.
 *
 * @param imports how blocks are made of them
 * @param pin whether the root is kept from garbage collection
 * @param pinName what the user calls the pin; empty for none
 */
public record AddOptions(ImportOptions imports, boolean pin, String pinName) {
    /** The profile {@code unixfs-v1-2025}, pinned without a name. */
    public static final AddOptions DEFAULT = new AddOptions(ImportOptions.defaults(), true, "");

    public AddOptions withImports(ImportOptions value) {
        return new AddOptions(value, pin, pinName);
    }

    public AddOptions withPin(boolean value) {
        return new AddOptions(imports, value, pinName);
    }

    public AddOptions withPinName(String value) {
        return new AddOptions(imports, pin, value);
    }
}
