package io.kafila.dag.internal;

import io.kafila.dag.IpldNode;
import java.util.Map;

/**
 * The maps that dag-json keeps for links and bytes: those whose first key in the canonical order is "/" (ipld.io/specs/
 * codecs/dag-json, The Reserved Namespace).
 *
 * <p>The order of the canonical form counts, not that of the text: so whatever was read can be written again.
 */
final class ReservedNamespace {
    static final String SLASH = "/";
    static final String BYTES = "bytes";

    private ReservedNamespace() {}

    /** What a map with the key "/" is. */
    enum Form {
        /** An ordinary map. */
        MAP,
        /** One key, whose value is a string. */
        LINK,
        /** One key, whose value is a map of the one key "bytes" with a string. */
        BYTES,
        /** Looks like a link or bytes but has more keys: no dag-json. */
        INVALID
    }

    static Form of(Map<String, IpldNode> entries) {
        IpldNode value = entries.get(SLASH);
        if (value == null || !isFirst(SLASH, entries)) {
            return Form.MAP;
        }
        boolean alone = entries.size() == 1;
        if (value instanceof IpldNode.StringValue) {
            return alone ? Form.LINK : Form.INVALID;
        }
        if (value instanceof IpldNode.MapValue inner
                && inner.entries().get(BYTES) instanceof IpldNode.StringValue
                && isFirst(BYTES, inner.entries())) {
            return alone && inner.entries().size() == 1 ? Form.BYTES : Form.INVALID;
        }
        return Form.MAP;
    }

    private static boolean isFirst(String key, Map<String, IpldNode> entries) {
        for (String other : entries.keySet()) {
            if (Utf8.BYTE_ORDER.compare(other, key) < 0) {
                return false;
            }
        }
        return true;
    }
}
