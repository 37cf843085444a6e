package io.kafila.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServerTest {
    @TempDir
    private Path folder;

    private ServerSocketChannel listener;

    @BeforeEach
    void start() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        FileServer server = new FileServer(Files.createDirectory(folder.resolve("served")));
        Thread thread = new Thread(
                () -> {
                    try {
                        server.serve(listener);
                    } catch (IOException e) {
                        // The listener was closed.
                    }
                },
                "file server");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        listener.close();
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        int port = listener.socket().getLocalPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void get_file_answersAllOfItsBytes() throws Exception {
        byte[] content = new byte[(5 << 20) + 3];
        new Random(1).nextBytes(content);
        Files.write(folder.resolve("served/a b"), content);

        HttpResponse<byte[]> answer = get("/a%20b");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
    }

    @Test
    void get_emptyFile_answersNoBytes() throws Exception {
        Files.createFile(folder.resolve("served/empty"));

        assertThat(get("/empty").body()).isEmpty();
    }

    @Test
    void get_whatIsNotInTheFolder_isNotFound() throws Exception {
        Files.createFile(folder.resolve("secret"));

        assertThat(get("/absent").statusCode()).isEqualTo(404);
        assertThat(get("/../secret").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }
}
