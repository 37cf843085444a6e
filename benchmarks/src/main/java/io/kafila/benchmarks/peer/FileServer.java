package io.kafila.benchmarks.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** A process that offers the files of one folder over HTTP/1.1. */
public final class FileServer {
    static final String READY = "file server is ready";

    private static final int THREADS = 64;

    private final Path folder;

    private FileServer(Path folder) {
        this.folder = folder;
    }

    /** @param args host, port and folder */
    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(args[0], Integer.parseInt(args[1])), 0);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", new FileServer(Path.of(args[2]))::serve);
        server.start();
        System.out.println(READY);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            // Only a name of the folder itself: nothing below it or above it.
            Path file =
                    folder.resolve(Path.of(exchange.getRequestURI().getPath()).getFileName());
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            try (FileChannel channel = FileChannel.open(file);
                    WritableByteChannel out = Channels.newChannel(exchange.getResponseBody())) {
                long size = channel.size();
                exchange.sendResponseHeaders(200, size);
                for (long at = 0; at < size; ) {
                    at += channel.transferTo(at, size - at, out);
                }
            }
        }
    }
}
