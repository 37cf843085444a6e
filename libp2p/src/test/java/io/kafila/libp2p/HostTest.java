package io.kafila.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostTest {

    @Test
    void connect_overMemory_streamsEcho() throws Exception {
        echo("/memory/0");
    }

    @Test
    void connect_overTcp_streamsEcho() throws Exception {
        echo("/ip4/127.0.0.1/tcp/0");
    }

    private static void echo(String listen) throws Exception {
        try (EventLoops loops = EventLoops.create(2);
                Host server =
                        host(loops).listen(List.of(Multiaddr.parse(listen))).start();
                Host client = host(loops).start()) {
            server.handle("/echo/1", stream -> copy(stream));
            Connection connection =
                    client.connect(server.peerId(), server.addresses()).get(5, TimeUnit.SECONDS);
            assertThat(connection.identified().get(5, TimeUnit.SECONDS).protocols())
                    .contains("/echo/1");
            Stream stream =
                    client.newStream(server.peerId(), List.of("/echo/1")).get(5, TimeUnit.SECONDS);
            stream.write(Payload.of("hello".getBytes())).get(5, TimeUnit.SECONDS);
            Payload answer = stream.read().get(5, TimeUnit.SECONDS);
            assertThat(new String(answer.toByteArray())).isEqualTo("hello");
            answer.close();
            stream.closeWrite().get(5, TimeUnit.SECONDS);
            assertThat(stream.read().get(5, TimeUnit.SECONDS)).isNull();
            assertThat(client.ping(server.peerId()).get(5, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static void copy(Stream stream) {
        stream.read().whenComplete((payload, cause) -> {
            if (payload == null) {
                stream.close();
            } else {
                stream.write(payload).whenComplete((done, failure) -> copy(stream));
            }
        });
    }

    private static HostBuilder host(EventLoops loops) {
        return new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom())).eventLoops(loops);
    }
}
