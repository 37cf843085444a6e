package io.kafila.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The config file of a daemon with the verbs of {@code ipfs}, made so that it meets nobody by itself. */
final class DaemonConfig {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DaemonConfig() {}

    /** Rewrites the file in a repo: listens at the site only, no bootstrap, routing, discovery or relays. */
    static void isolate(Path repo, Site site, PeerOptions options) {
        Path file = repo.resolve("config");
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), isolated(config, site, options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode isolated(ObjectNode config, Site site, PeerOptions options) {
        config.putArray("Bootstrap");
        ObjectNode addresses = config.withObject("/Addresses");
        addresses.putArray("Swarm").add("/ip4/" + site.swarmHost() + "/tcp/0");
        addresses.put("API", "/ip4/" + site.apiHost() + "/tcp/0");
        addresses.put("Gateway", "");
        config.withObject("/Discovery/MDNS").put("Enabled", false);
        ObjectNode routing = config.withObject("/Routing");
        routing.put("Type", "none");
        routing.putArray("DelegatedRouters");
        config.withObject("/AutoConf").put("Enabled", false);
        config.withObject("/AutoTLS").put("Enabled", false);
        config.withObject("/DNS").putObject("Resolvers");
        config.withObject("/Ipns").putArray("DelegatedPublishers");
        config.withObject("/Experimental").put("FilestoreEnabled", true);
        ObjectNode security = config.withObject("/Swarm/Transports/Security");
        security.set("TLS", priority(options.security().equals("tls")));
        security.set("Noise", priority(options.security().equals("noise")));
        return config;
    }

    /** Kubo's value for a channel: a priority, or {@code false} for off. */
    private static JsonNode priority(boolean on) {
        return on
                ? JSON.getNodeFactory().numberNode(100)
                : JSON.getNodeFactory().booleanNode(false);
    }
}
