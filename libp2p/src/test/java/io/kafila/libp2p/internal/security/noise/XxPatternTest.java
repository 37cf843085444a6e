package io.kafila.libp2p.internal.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.Role;
import io.kafila.libp2p.internal.security.aead.AeadCipher;
import io.kafila.libp2p.internal.security.aead.AeadException;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class XxPatternTest {
    private record Message(byte[] payload, byte[] ciphertext) {}

    private record Vector(String json) {
        byte[] field(String name) {
            Matcher matcher =
                    Pattern.compile('"' + name + "\":\\s*\"([0-9a-f]*)\"").matcher(json);
            assertThat(matcher.find()).as(name).isTrue();
            return HexFormat.of().parseHex(matcher.group(1));
        }

        List<Message> messages() {
            Matcher matcher = Pattern.compile("\"payload\":\\s*\"([0-9a-f]*)\",\\s*\"ciphertext\":\\s*\"([0-9a-f]*)\"")
                    .matcher(json);
            List<Message> messages = new ArrayList<>();
            while (matcher.find()) {
                messages.add(new Message(
                        HexFormat.of().parseHex(matcher.group(1)),
                        HexFormat.of().parseHex(matcher.group(2))));
            }
            return messages;
        }
    }

    private static Vector cacophony() {
        String all = Fixtures.text("noise-cacophony/tests/vectors/cacophony.txt");
        Matcher start = Pattern.compile("\"protocol_name\":\\s*\"" + XxPattern.PROTOCOL_NAME + '"')
                .matcher(all);
        assertThat(start.find()).isTrue();
        int end = all.indexOf("\"protocol_name\"", start.end());
        return new Vector(all.substring(start.start(), end < 0 ? all.length() : end));
    }

    static List<AeadSuite> suites() {
        return AeadSuite.available();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void messages_ofCacophony_areReproduced(AeadSuite suite) throws AeadException {
        Vector vector = cacophony();
        XxPattern initiator = new XxPattern(
                Role.INITIATOR,
                suite,
                vector.field("init_prologue"),
                X25519KeyPair.of(vector.field("init_static")),
                X25519KeyPair.of(vector.field("init_ephemeral")));
        XxPattern responder = new XxPattern(
                Role.RESPONDER,
                suite,
                vector.field("resp_prologue"),
                X25519KeyPair.of(vector.field("resp_static")),
                X25519KeyPair.of(vector.field("resp_ephemeral")));
        List<Message> messages = vector.messages();
        assertThat(messages).hasSize(6);

        for (int i = 0; i < 3; i++) {
            XxPattern writer = i % 2 == 0 ? initiator : responder;
            XxPattern reader = i % 2 == 0 ? responder : initiator;
            assertThat(writer.isMyTurn()).isTrue();
            assertThat(reader.isMyTurn()).isFalse();
            byte[] written = writer.write(messages.get(i).payload);
            assertThat(written).isEqualTo(messages.get(i).ciphertext);
            assertThat(reader.read(written)).isEqualTo(messages.get(i).payload);
        }
        assertThat(initiator.handshakeHash()).isEqualTo(vector.field("handshake_hash"));
        assertThat(responder.handshakeHash()).isEqualTo(vector.field("handshake_hash"));
        assertThat(initiator.isComplete() && responder.isComplete()).isTrue();
        assertThat(initiator.isMyTurn() || responder.isMyTurn()).isFalse();

        // cacophony goes on in turns: the responder first, each direction from nonce 0.
        for (int i = 3; i < 6; i++) {
            XxPattern writer = i % 2 == 0 ? initiator : responder;
            XxPattern reader = i % 2 == 0 ? responder : initiator;
            long nonce = i == 5 ? 1 : 0;
            byte[] sealed = new byte[messages.get(i).payload.length + AeadCipher.TAG_BYTES];
            suite.sealer(writer.transportKeys()[0])
                    .seal(nonce, new byte[0], ByteBuffer.wrap(messages.get(i).payload), ByteBuffer.wrap(sealed));
            assertThat(sealed).isEqualTo(messages.get(i).ciphertext);
            byte[] opened = new byte[messages.get(i).payload.length];
            suite.opener(reader.transportKeys()[1])
                    .open(nonce, new byte[0], ByteBuffer.wrap(sealed), ByteBuffer.wrap(opened));
            assertThat(opened).isEqualTo(messages.get(i).payload);
        }
    }

    @Test
    void read_keyOfSmallOrder_refused() {
        XxPattern responder = new XxPattern(
                Role.RESPONDER,
                AeadSuite.fastest(),
                new byte[0],
                X25519KeyPair.of(seeded(1)),
                X25519KeyPair.of(seeded(2)));
        responder.read(new byte[32]);

        assertThatThrownBy(() -> responder.write(new byte[0]))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("small order");
    }

    @Test
    void write_outOfTurn_throws() {
        XxPattern responder = new XxPattern(
                Role.RESPONDER,
                AeadSuite.fastest(),
                new byte[0],
                X25519KeyPair.of(seeded(1)),
                X25519KeyPair.of(seeded(2)));

        assertThatThrownBy(() -> responder.write(new byte[0])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(responder::transportKeys).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(responder::remoteStatic).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] seeded(int seed) {
        return new Seed(seed).bytes(32);
    }
}
