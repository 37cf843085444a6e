package io.kafila.libp2p.internal.security.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.internal.security.SecureChannelContract;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.tls.TlsEngines.Provider;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Fixtures;
import io.netty.handler.ssl.OpenSsl;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** TLS between two providers of engines. */
abstract class TlsUpgraderContract extends SecureChannelContract {
    private final Provider initiator;
    private final Provider responder;
    private final List<TlsUpgrader> made = new ArrayList<>();

    TlsUpgraderContract(Provider initiator, Provider responder) {
        this.initiator = initiator;
        this.responder = responder;
    }

    @BeforeEach
    void requireNativeLibrary() {
        boolean needed = initiator == Provider.BORINGSSL || responder == Provider.BORINGSSL;
        Fixtures.require(!needed || OpenSsl.isAvailable(), "BoringSSL has no native library for this platform");
    }

    @Override
    protected void checkAfterwards() {
        assertThat(made).as("handshakes that nobody ended").allMatch(upgrader -> upgrader.pending() == 0);
    }

    private TlsUpgrader upgrader(Provider provider, PrivateKey identity, Duration timeout) {
        TlsUpgrader upgrader = new TlsUpgrader(provider, identity, random, Clock.systemUTC(), timeout);
        made.add(upgrader);
        return upgrader;
    }

    @Override
    protected SecureChannelUpgrader initiating(PrivateKey identity, Duration timeout) {
        return upgrader(initiator, identity, timeout);
    }

    @Override
    protected SecureChannelUpgrader responding(PrivateKey identity, Duration timeout) {
        return upgrader(responder, identity, timeout);
    }
}
