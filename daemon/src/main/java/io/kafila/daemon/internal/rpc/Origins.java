package io.kafila.daemon.internal.rpc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which web pages may call the RPC: those of {@code API.HTTPHeaders.Access-Control-Allow-Origin}, of this machine, and two
 * browser extensions. A page elsewhere must not reach the daemon through its visitor's browser.
 */
final class Origins {
    private static final List<String> LOCAL = List.of(
            "http://127.0.0.1:",
            "https://127.0.0.1:",
            "http://[::1]:",
            "https://[::1]:",
            "http://localhost:",
            "https://localhost:");
    /** IPFS Companion and its beta. */
    private static final List<String> EXTENSIONS = List.of(
            "chrome-extension://nibjojkomfdiaoajekhjakgkdhaomnch",
            "chrome-extension://hjoieblefckbooibpepigmacodalfndh");

    private final List<String> allowed;

    Origins(List<String> configured, int port) {
        List<String> origins = new ArrayList<>();
        configured.forEach(origin -> origins.add(origin.replace("<port>", Integer.toString(port))));
        LOCAL.forEach(origin -> origins.add(origin + port));
        origins.addAll(EXTENSIONS);
        allowed = List.copyOf(origins);
    }

    /** Whether a POST may run, by the headers that a browser sends; empty texts for those that are absent. */
    boolean permits(String origin, String referer, String userAgent) {
        if (!origin.isEmpty() && !isAllowed(origin)) {
            return false;
        }
        if (!referer.isEmpty() && !isAllowed(originOf(referer))) {
            return false;
        }
        // A browser that names neither where it comes from; Electron's fetch does so rightly.
        boolean anonymousBrowser = origin.isEmpty() && referer.isEmpty() && userAgent.startsWith("Mozilla");
        return !anonymousBrowser || userAgent.contains("Electron");
    }

    boolean isAllowed(String origin) {
        return allowsAll() || allowed.contains(origin);
    }

    boolean allowsAll() {
        return allowed.contains("*");
    }

    private static String originOf(String referer) {
        try {
            URI uri = new URI(referer);
            return uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
