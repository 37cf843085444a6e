package io.kafila.libp2p.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.ConnectionException;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.SwarmKey;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.SecuredSession;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.libp2p.internal.security.noise.NoiseUpgrader;
import io.kafila.libp2p.internal.security.tls.TlsUpgrader;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers who do not come to the point: the deadline of the whole upgrade, in virtual time. */
class ConnectionUpgradeTest {
    private static final int TIMEOUT_MS = 15_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Throwable> failures = new ArrayList<>();

    private void start() {
        start(null);
    }

    private void start(SwarmKey swarmKey) {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        Duration later = Duration.ofMinutes(1);
        List<SecureChannelUpgrader> securities = List.of(
                new TlsUpgrader(key, new SecureRandom(), Clock.systemUTC(), later),
                new NoiseUpgrader(key, AeadSuite::fastest, new SecureRandom(), later));
        channel.freezeTime();
        new ConnectionUpgrade(channel, Role.RESPONDER, null, securities, swarmKey, new ConnectionUpgrade.Listener() {
                    @Override
                    public void onUpgraded(SecuredSession session, String muxer) {
                        throw new AssertionError("upgraded");
                    }

                    @Override
                    public void onFailed(Throwable cause) {
                        failures.add(cause);
                    }
                })
                .start(TIMEOUT_MS);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void passes(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void assertGivenUp(String step) {
        passes(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(failures).singleElement().isInstanceOf(ConnectionException.class);
        assertThat(failures.get(0)).hasMessage("no connection after 15000 ms, while " + step);
    }

    @Test
    void silence_isGivenUpAtTheDeadline() {
        start();
        passes(TIMEOUT_MS - 1);
        assertThat(channel.isOpen()).isTrue();
        assertGivenUp("agreeing on a secure channel");
    }

    @Test
    void silence_inAPrivateNetwork_tellsOfTheKey() {
        start(SwarmKey.generate(new SecureRandom()));
        passes(TIMEOUT_MS - 1);
        assertGivenUp(
                "agreeing on a secure channel, as with a peer that has not the swarm key of this private network");
    }

    @Test
    void oneByteAtATime_doesNotMoveTheDeadline() {
        start();
        byte[] token = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 14; i++) {
            passes(1000);
            channel.writeInbound(Unpooled.wrappedBuffer(token, i, 1));
        }
        passes(999);
        assertThat(channel.isOpen()).isTrue();
        assertGivenUp("agreeing on a secure channel");
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void silence_inTheHandshake_isGivenUpAtTheDeadline(String security) {
        start();
        String text = "\u0013/multistream/1.0.0\n" + (char) (security.length() + 1) + security + "\n";
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        ByteBuf answer = channel.readOutbound();
        assertThat(answer.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
        answer.release();
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22}));
        passes(TIMEOUT_MS - 1);
        assertThat(channel.isOpen()).isTrue();
        assertGivenUp("shaking hands by " + security);
    }
}
