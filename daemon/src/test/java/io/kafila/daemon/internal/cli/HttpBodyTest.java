package io.kafila.daemon.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpBodyTest {
    private static HttpBody body(String text, boolean chunked, long length) {
        return new HttpBody(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), chunked, length);
    }

    @Test
    void read_chunks_andTrailers() throws IOException {
        HttpBody body = body("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Stream-Error: late\r\n\r\n", true, -1);
        assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello world");
        assertThat(body.trailers()).containsEntry("x-stream-error", "late");
    }

    @Test
    void read_lengthAndEnd() throws IOException {
        assertThat(body("hello more", false, 5).readAllBytes()).hasSize(5);
        assertThat(body("hello", false, -1).readAllBytes()).hasSize(5);
        assertThat(body("", false, 0).read()).isEqualTo(-1);
    }

    @Test
    void read_cutOff_isAnError() {
        assertThatThrownBy(() -> body("5\r\nhel", true, -1).readAllBytes()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> body("5\r\nhello\r\n", true, -1).readAllBytes())
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> body("hel", false, 5).readAllBytes()).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> body("zz\r\n", true, -1).readAllBytes()).hasMessageContaining("malformed chunk");
        assertThatThrownBy(() -> body("-5\r\n", true, -1).readAllBytes()).hasMessageContaining("malformed chunk");
        assertThatThrownBy(() -> body("1".repeat(100_000), true, -1).readAllBytes())
                .hasMessageContaining("line of more");
    }

    @Test
    void chunkedOutput_roundTrip() {
        Seed.each(50, random -> {
            byte[] bytes = new byte[random.nextInt(200_000)];
            random.nextBytes(bytes);
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            try {
                ChunkedOutput out = new ChunkedOutput(wire);
                int half = bytes.length / 2;
                out.write(bytes, 0, half);
                out.flush();
                out.write(bytes, half, bytes.length - half);
                out.end();
                HttpBody body = new HttpBody(new ByteArrayInputStream(wire.toByteArray()), true, -1);
                assertThat(body.readAllBytes()).isEqualTo(bytes);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void addresses_ofMultiaddrs() {
        assertThat(RpcAddress.parse("/ip4/127.0.0.1/tcp/5001\n"))
                .isEqualTo(new RpcAddress.Tcp("127.0.0.1", 5001, false));
        assertThat(RpcAddress.parse("/dns/example.com/tcp/443/https"))
                .isEqualTo(new RpcAddress.Tcp("example.com", 443, true));
        assertThat(RpcAddress.parse("/ip6/::1/tcp/1").authority()).isEqualTo("[::1]:1");
        assertThat(RpcAddress.dialable("/ip4/0.0.0.0/tcp/5001")).isEqualTo("/ip4/127.0.0.1/tcp/5001");
        assertThat(RpcAddress.dialable("/ip6/::/tcp/5001")).isEqualTo("/ip6/::1/tcp/5001");
        assertThat(RpcAddress.dialable("/ip4/192.0.2.1/tcp/1")).isEqualTo("/ip4/192.0.2.1/tcp/1");
        assertThatThrownBy(() -> RpcAddress.parse("/ip4/127.0.0.1/udp/1"))
                .hasMessageContaining("unsupported API address");
        assertThatThrownBy(() -> RpcAddress.parse("nonsense")).hasMessageContaining("invalid API address");
    }
}
