package io.kafila.libp2p.internal.security.noise;

import io.kafila.libp2p.internal.security.SecureChannelContract;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.multiformats.PrivateKey;
import java.time.Duration;
import java.util.List;

/** Noise with the fastest cipher on one side and the pure Java one on the other. */
class NoiseUpgraderTest extends SecureChannelContract {
    private final List<AeadSuite> suites = AeadSuite.available();

    @Override
    protected SecureChannelUpgrader initiating(PrivateKey identity, Duration timeout) {
        return new NoiseUpgrader(identity, () -> suites.get(0), random, timeout);
    }

    @Override
    protected SecureChannelUpgrader responding(PrivateKey identity, Duration timeout) {
        return new NoiseUpgrader(identity, () -> suites.get(suites.size() - 1), random, timeout);
    }
}
