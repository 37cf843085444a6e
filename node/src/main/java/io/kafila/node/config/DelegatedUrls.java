package io.kafila.node.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The delegated routers that a config names, with {@code auto} replaced by what it stands for. Immutable.
 *
 * @param routers asked who has content, where peers are and what names stand for: {@code Routing.DelegatedRouters}
 * @param publishers given the records of names: {@code Ipns.DelegatedPublishers}
 */
public record DelegatedUrls(List<String> routers, List<String> publishers) {
    /** The indexers of the public network, which the DHT does not know of (boxo autoconf/fallbacks.go). */
    static final String INDEXERS = "https://cid.contact/routing/v1/providers";

    /** What knows the DHT for those who do not take part in it (boxo autoconf/fallbacks.go). */
    static final String DHT = "https://delegated-ipfs.dev/routing/v1";

    public DelegatedUrls {
        routers = List.copyOf(routers);
        publishers = List.copyOf(publishers);
    }

    /**
     * What the config says, in its order. {@code auto} stands for the indexers, and without a DHT also for who knows the DHT;
     * for nothing in a private network or where {@code AutoConf.Enabled} is false.
     */
    public static DelegatedUrls of(Config config, boolean inPrivateNetwork, boolean withDht) {
        boolean known = !inPrivateNetwork && config.flag("AutoConf.Enabled", true);
        return new DelegatedUrls(
                expanded(
                        config.texts("Routing.DelegatedRouters"),
                        !known ? List.of() : withDht ? List.of(INDEXERS) : List.of(INDEXERS, DHT)),
                expanded(
                        config.texts("Ipns.DelegatedPublishers"),
                        known && !withDht ? List.of(DHT + "/ipns") : List.of()));
    }

    private static List<String> expanded(List<String> texts, List<String> standing) {
        List<String> urls = new ArrayList<>();
        for (String text : texts) {
            if (!text.equals(Config.AUTO)) {
                urls.add(text);
            } else if (!urls.containsAll(standing)) {
                urls.addAll(standing);
            }
        }
        return urls;
    }
}
