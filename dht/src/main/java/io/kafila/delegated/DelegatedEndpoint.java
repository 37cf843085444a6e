package io.kafila.delegated;

import java.net.URI;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One delegated router and what it is asked for. Immutable.
 *
 * @param base scheme and authority, without a path
 */
public record DelegatedEndpoint(URI base, Set<Ability> abilities) {
    private static final String API = "/routing/v1";

    /** Knows who provides content, and nothing else; Kubo makes the same exception. */
    private static final String PROVIDERS_ONLY = "https://cid.contact";

    /** What a router may be asked for. */
    public enum Ability {
        PROVIDERS,
        PEERS,
        IPNS_GET,
        IPNS_PUT,
        CLOSEST_PEERS
    }

    public DelegatedEndpoint {
        abilities = Set.copyOf(abilities);
    }

    /**
     * The endpoints of two lists of URLs. Each URL is that of a router, which is asked for everything that its list is for,
     * or one with a path such as {@code /routing/v1/ipns}, which is asked for that alone.
     *
     * @param routers asked for providers, peers and records
     * @param publishers given records
     * @throws IllegalArgumentException if one of them is no such URL
     */
    public static List<DelegatedEndpoint> of(Collection<String> routers, Collection<String> publishers) {
        Map<URI, Set<Ability>> found = new LinkedHashMap<>();
        routers.forEach(url ->
                add(found, url, EnumSet.of(Ability.PROVIDERS, Ability.PEERS, Ability.IPNS_GET, Ability.CLOSEST_PEERS)));
        publishers.forEach(url -> add(found, url, EnumSet.of(Ability.IPNS_PUT)));
        return found.entrySet().stream()
                .map(entry -> new DelegatedEndpoint(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static void add(Map<URI, Set<Ability>> found, String url, Set<Ability> purpose) {
        URI whole;
        try {
            whole = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("delegated router \"" + url + "\": no URL", e);
        }
        String scheme = whole.getScheme();
        if (scheme == null || !(scheme.equals("http") || scheme.equals("https")) || whole.getHost() == null) {
            throw new IllegalArgumentException("delegated router \"" + url + "\": want http:// or https:// and a host");
        }
        String path = whole.getPath().replaceFirst("/+$", "");
        Set<Ability> named = switch (path.startsWith(API) ? path.substring(API.length()) : path) {
            case "" -> EnumSet.allOf(Ability.class);
            case "/providers" -> EnumSet.of(Ability.PROVIDERS);
            case "/peers" -> EnumSet.of(Ability.PEERS);
            case "/ipns" -> EnumSet.of(Ability.IPNS_GET, Ability.IPNS_PUT);
            default ->
                throw new IllegalArgumentException(
                        "delegated router \"" + url + "\": path " + path + ", want none or " + API);
        };
        named.retainAll(purpose);
        URI base = URI.create(scheme + "://" + whole.getRawAuthority());
        if (base.toString().equals(PROVIDERS_ONLY)) {
            named.retainAll(EnumSet.of(Ability.PROVIDERS));
        }
        if (!named.isEmpty()) {
            found.computeIfAbsent(base, absent -> EnumSet.noneOf(Ability.class)).addAll(named);
        }
    }

    public boolean can(Ability ability) {
        return abilities.contains(ability);
    }
}
