package io.kafila.daemon.internal.process;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.dag.ContentPath;
import io.kafila.dag.PathException;
import io.kafila.naming.NameSystem;
import io.kafila.node.NodeOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * Names that the variable IPFS_NS_MAP fixes, as suites that test gateways set it: {@code name:/ipfs/<cid>}, with commas between
 * several.
 */
final class FixedNames {
    private static final String VARIABLE = "IPFS_NS_MAP";

    private FixedNames() {}

    /** The options with the names that the variables of the process fix. */
    static NodeOptions in(NodeOptions options, Map<String, String> variables) {
        String list = variables.getOrDefault(VARIABLE, "");
        if (list.isEmpty()) {
            return options;
        }
        Map<String, ContentPath> fixed = new HashMap<>();
        for (String pair : list.split(",", -1)) {
            int colon = pair.indexOf(':');
            try {
                fixed.put(pair.substring(0, Math.max(colon, 0)), ContentPath.parseStrict(pair.substring(colon + 1)));
            } catch (PathException e) {
                throw new CommandException(VARIABLE + ": \"" + pair + "\": " + e.getMessage(), e);
            }
        }
        NameSystem.Options resolving = options.naming().resolving();
        return options.withNaming(options.naming()
                .withResolving(new NameSystem.Options(resolving.cacheSize(), resolving.maxCacheTtl(), fixed)));
    }
}
