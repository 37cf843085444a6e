package io.kafila.benchmarks.peer;

import java.time.Duration;
import java.util.List;

/**
 * How a peer is set up; the same for all competitors of a scenario.
 *
 * @param security the one secure channel that is allowed: {@code tls} or {@code noise}
 * @param profile the CID profile: {@code unixfs-v1-2025} with blocks of 1 MiB, or {@code unixfs-v0-2015} with 256 KiB
 * @param javaOptions options for the JVM of a Kafila daemon
 * @param timeout how long a single step may take
 */
public record PeerOptions(String security, String profile, List<String> javaOptions, Duration timeout) {
    /** Blocks of 1 MiB. */
    public static final String PROFILE = "unixfs-v1-2025";
    /** Blocks of 256 KiB. */
    public static final String LEGACY_PROFILE = "unixfs-v0-2015";

    /** TLS, blocks of 1 MiB, a heap of 128 MiB, ten minutes. */
    public static final PeerOptions DEFAULT =
            new PeerOptions("tls", PROFILE, List.of("-Xmx128m"), Duration.ofMinutes(10));

    public PeerOptions {
        javaOptions = List.copyOf(javaOptions);
        if (!security.equals("tls") && !security.equals("noise")) {
            throw new IllegalArgumentException("security: " + security + ", want tls or noise");
        }
        if (!profile.equals(PROFILE) && !profile.equals(LEGACY_PROFILE)) {
            throw new IllegalArgumentException("profile: " + profile + ", want " + PROFILE + " or " + LEGACY_PROFILE);
        }
    }

    public PeerOptions withSecurity(String value) {
        return new PeerOptions(value, profile, javaOptions, timeout);
    }

    public PeerOptions withProfile(String value) {
        return new PeerOptions(security, value, javaOptions, timeout);
    }

    /** The size of a full block. */
    public int blockBytes() {
        return profile.equals(LEGACY_PROFILE) ? 256 << 10 : 1 << 20;
    }
}
