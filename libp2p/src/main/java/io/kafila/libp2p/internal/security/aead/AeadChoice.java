package io.kafila.libp2p.internal.security.aead;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which suites are tried on this machine, in which order, and what came of it. Thread-safe. */
final class AeadChoice {
    private static final Logger LOG = LoggerFactory.getLogger(AeadChoice.class);
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What a processor has that OpenSSL has wider code for than BoringSSL: AVX-512, for vectors of all lengths. */
    private static final String WIDE = "avx512vl";

    /** Made when first wanted. */
    private static final class Fastest {
        private static final AeadSuite SUITE = working().findFirst().orElseThrow();
    }

    private AeadChoice() {}

    static AeadSuite fastest() {
        return Fastest.SUITE;
    }

    /** Those that work, the fastest first; each is loaded as it is asked for. */
    static Stream<AeadSuite> working() {
        return working(hasFlag(PROCESSORS, WIDE));
    }

    /** @param wide whether the processor is one of those that OpenSSL has wider code for */
    static Stream<AeadSuite> working(boolean wide) {
        Stream<Supplier<Optional<AeadSuite>>> candidates = Stream.of(
                wide ? OpenSslAeadSuite::load : ConscryptAeadSuite::load,
                wide ? ConscryptAeadSuite::load : OpenSslAeadSuite::load,
                JdkAeadSuite::load,
                () -> Optional.of(new BouncyCastleAeadSuite()));
        return candidates.map(Supplier::get).flatMap(Optional::stream);
    }

    /**
     * Whether the first processor in a file of the form of {@code /proc/cpuinfo} (man page proc(5)) has a feature; not where there
     * is no such file.
     */
    static boolean hasFlag(Path processors, String flag) {
        try (BufferedReader lines = Files.newBufferedReader(processors, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("flags")) {
                    return List.of(line.split("\\s+")).contains(flag);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} does not say what the processor has", processors, e);
        }
        return false;
    }
}
