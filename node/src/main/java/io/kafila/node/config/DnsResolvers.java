package io.kafila.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** The resolvers that a config names for domains, with {@code auto} replaced by what it stands for. */
public final class DnsResolvers {
    private static final String KEY = "DNS.Resolvers";

    /** Domains that the DNS of the internet does not know, and who does (boxo autoconf/fallbacks.go). */
    static final Map<String, String> KNOWN = Map.of("eth.", "https://dns.eth.limo/dns-query");

    private DnsResolvers() {}

    /**
     * For each domain the URL of its resolver, empty for that of the system. {@code auto} at a domain stands for the known resolver of
     * that domain, and wherever it is written also brings those of the other known domains, unless they are written; nothing in a private
     * network or where {@code AutoConf.Enabled} is false. All other names are the system's.
     *
     * @throws ConfigException if it is no map of texts
     */
    public static Map<String, String> of(Config config, boolean inPrivateNetwork) {
        boolean known = !inPrivateNetwork && config.flag("AutoConf.Enabled", true);
        JsonNode written = config.value(KEY).orElse(null);
        Map<String, String> urls = new TreeMap<>();
        if (written == null || written.isNull()) {
            return urls;
        }
        if (!written.isObject()) {
            throw new ConfigException(KEY + ": " + written.getNodeType() + ", want a map of domains to URLs");
        }
        boolean auto = false;
        for (Map.Entry<String, JsonNode> entry : written.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new ConfigException(KEY + "." + entry.getKey() + ": "
                        + entry.getValue().getNodeType() + ", want the text of a URL, empty or auto");
            }
            if (entry.getValue().asText().equals(Config.AUTO)) {
                auto = true;
            } else {
                urls.put(entry.getKey(), entry.getValue().asText());
            }
        }
        if (auto && known) {
            KNOWN.forEach(urls::putIfAbsent);
        }
        return urls;
    }
}
