package io.kafila.benchmarks.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A process that offers the files of one folder over HTTP/1.1, one for each connection. The kernel sends a file from the
 * page cache by itself ({@code sendfile}), as the file servers do that people use.
 */
public final class FileServer {
    static final String READY = "file server is ready";

    private static final int THREADS = 64;
    private static final int MAX_REQUEST_BYTES = 8 << 10;
    private static final String END = "\r\n\r\n";

    private final Path folder;

    FileServer(Path folder) {
        this.folder = folder;
    }

    /** @param args host, port and folder */
    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            System.out.println(READY);
            new FileServer(Path.of(args[2])).serve(listener);
        }
    }

    /** Answers until the listener is closed, which this thread learns by an exception. */
    void serve(ServerSocketChannel listener) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                pool.execute(() -> answer(connection));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            Path file = file(request(connection));
            if (!Files.isRegularFile(file)) {
                head(connection, "404 Not Found", 0);
                return;
            }
            try (FileChannel content = FileChannel.open(file)) {
                send(connection, content);
            }
        } catch (IOException | IllegalArgumentException e) {
            // The client sees that the answer ends early, and its command fails.
            System.out.println("file server: " + e);
        }
    }

    private static void send(SocketChannel connection, FileChannel content) throws IOException {
        long size = content.size();
        head(connection, "200 OK", size);
        for (long at = 0; at < size; ) {
            // To a socket itself and to nothing around it, for else the bytes would go through this process.
            at += content.transferTo(at, size - at, connection);
        }
    }

    /** The first line and the headers of a request. */
    private static String request(SocketChannel connection) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REQUEST_BYTES);
        while (bytes.hasRemaining() && connection.read(bytes) >= 0) {
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
            if (text.endsWith(END)) {
                return text;
            }
        }
        throw new IOException("a request without an end within " + MAX_REQUEST_BYTES + " bytes");
    }

    /** Only a name of the folder itself: nothing below it or above it. */
    private Path file(String request) {
        String[] words = request.split(" ", 3);
        if (words.length < 3 || !words[0].equals("GET")) {
            throw new IllegalArgumentException("request: " + request.strip() + ", want GET and a path");
        }
        Path name = Path.of(URI.create(words[1]).getPath()).getFileName();
        return name == null ? folder : folder.resolve(name);
    }

    private static void head(SocketChannel connection, String status, long bytes) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + bytes + "\r\nConnection: close" + END;
        ByteBuffer out = ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1));
        while (out.hasRemaining()) {
            connection.write(out);
        }
    }
}
