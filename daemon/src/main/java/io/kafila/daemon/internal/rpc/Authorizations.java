package io.kafila.daemon.internal.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.node.config.Config;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** {@code API.Authorizations}: who may call which paths. Where it is empty, all may call all. */
public final class Authorizations {
    /** What a caller without a right reads; clients know the words. */
    static final String DENIED = "Kubo RPC Access Denied: Please provide a valid authorization token as defined in the"
            + " API.Authorizations configuration.";

    private record Scope(String header, List<String> allowedPaths) {}

    private final boolean open;
    private final List<Scope> scopes;

    private Authorizations(boolean open, List<Scope> scopes) {
        this.open = open;
        this.scopes = List.copyOf(scopes);
    }

    static Authorizations of(Config config) {
        List<Scope> scopes = new ArrayList<>();
        Optional<JsonNode> users = config.value("API.Authorizations");
        for (JsonNode user : users.orElse(Config.parseValue("{}"))) {
            String header = header(user.path("AuthSecret").asText(""));
            List<String> paths = new ArrayList<>();
            user.path("AllowedPaths").forEach(path -> paths.add(path.asText()));
            if (!header.isEmpty()) {
                scopes.add(new Scope(header, List.copyOf(paths)));
            }
        }
        // Secrets that cannot be read lock everybody out, rather than nobody.
        return new Authorizations(users.map(JsonNode::isEmpty).orElse(true), scopes);
    }

    /**
     * The value of the header {@code Authorization} for a secret: {@code bearer:token}, {@code basic:user:password}, {@code
     * basic:base64}, or a bare token. Empty for a type that is not known.
     */
    public static String header(String secret) {
        int colon = secret.indexOf(':');
        if (secret.isEmpty()) {
            return "";
        }
        if (colon < 0) {
            return "Bearer " + secret;
        }
        String value = secret.substring(colon + 1);
        return switch (secret.substring(0, colon)) {
            case "bearer" -> "Bearer " + value;
            case "basic" -> "Basic " + (value.contains(":") ? base64(value) : value);
            default -> "";
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a caller with this header (empty where it has none) may call a path such as {@code /api/v0/add}. */
    boolean permits(String header, String path) {
        if (open) {
            return true;
        }
        byte[] given = header.getBytes(StandardCharsets.UTF_8);
        for (Scope scope : scopes) {
            if (MessageDigest.isEqual(scope.header.getBytes(StandardCharsets.UTF_8), given)) {
                return path.equals("/api/v0/version")
                        || scope.allowedPaths.stream().anyMatch(path::startsWith);
            }
        }
        return false;
    }
}
