package io.kafila.daemon.internal.command;

/** How output is written. */
public enum Encoding {
    JSON("json", "application/json"),
    TEXT("text", "text/plain");

    private final String specName;
    private final String mimeType;

    Encoding(String specName, String mimeType) {
        this.specName = specName;
        this.mimeType = mimeType;
    }

    public String specName() {
        return specName;
    }

    public String mimeType() {
        return mimeType;
    }

    public static Encoding byName(String name) {
        for (Encoding encoding : values()) {
            if (encoding.specName.equals(name)) {
                return encoding;
            }
        }
        throw CommandException.client("invalid encoding: " + name);
    }
}
