package io.kafila.daemon.internal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.ErrorCode;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.OfferedFiles;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Has a daemon run commands: one connection per command. Confined to one thread, but for {@link #close}. */
public final class RpcClient implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int MAX_HEADERS = 100;
    /** The longest answer that is read as the text of an error, in bytes. */
    private static final int MAX_ERROR_BYTES = 1024 * 1024;

    private final RpcAddress address;
    private final String authorization;
    private final FileOffers offers;
    private volatile @Nullable RpcConnection connection;

    /** @param authorization the value of the header, empty for none */
    public RpcClient(RpcAddress address, String authorization) {
        this(address, authorization, Optional.empty());
    }

    /** @param secret by which files of this machine are offered to the daemon of the repo that it belongs to */
    public RpcClient(RpcAddress address, String authorization, Optional<MachineSecret> secret) {
        this.address = address;
        this.authorization = authorization;
        this.offers = new FileOffers(secret);
    }

    /** Opens the connection; {@code false} where nobody listens. */
    public boolean connect() throws IOException {
        try {
            connection = RpcConnection.open(address, CONNECT_TIMEOUT_MS);
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (SocketException e) {
            // So says a unix socket whose file is gone.
            if (address instanceof RpcAddress.Unix unix && Files.notExists(unix.file())) {
                return false;
            }
            throw e;
        }
    }

    /** Runs a command on the daemon and emits what it answers; {@link #connect} comes first. */
    public void run(Request request, Emitter emitter) throws IOException {
        RpcConnection opened = connection;
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        OutputStream out = new BufferedOutputStream(opened.out(), BUFFER_BYTES);
        ImportSource files = files(request);
        String boundary =
                "kafila" + Long.toHexString(System.nanoTime()) + Integer.toHexString(System.identityHashCode(out));
        out.write(head(request, files == null ? "" : boundary).getBytes(StandardCharsets.UTF_8));
        out.flush();
        AtomicReference<@Nullable Exception> sendFailure = new AtomicReference<>();
        Thread sender = null;
        if (files != null) {
            sender = new Thread(() -> send(files, boundary, out, sendFailure), "upload");
            sender.setDaemon(true);
            sender.start();
        }
        try {
            receive(new BufferedInputStream(opened.in(), BUFFER_BYTES), emitter);
        } catch (IOException e) {
            // A file that cannot be read is the reason, the connection that broke off its effect.
            Exception cause = sendFailure.get();
            if (cause instanceof LocalFileException local) {
                throw local.explained();
            }
            throw e;
        } finally {
            offers.end();
        }
    }

    /** The files of a request, or the arguments that come on standard input as a file of lines. */
    private static @Nullable ImportSource files(Request request) {
        BufferedReader lines = request.bodyLines();
        if (lines != null) {
            return ImportSource.of(
                    List.of(ImportEntry.File.of("stdin", () -> Channels.newChannel(new LineStream(lines)))));
        }
        return request.files().orElse(null);
    }

    private static final class LocalFileException extends IOException {
        private static final long serialVersionUID = 1L;

        LocalFileException(IOException cause) {
            super(cause);
        }

        CommandException explained() {
            Throwable cause = getCause();
            return CommandException.of(cause == null ? this : cause);
        }
    }

    private void send(
            ImportSource files, String boundary, OutputStream out, AtomicReference<@Nullable Exception> failure) {
        try {
            ChunkedOutput body = new ChunkedOutput(out);
            new MultipartWriter(body, boundary, offers).write(new Guarded(files));
            body.end();
        } catch (LocalFileException e) {
            failure.set(e);
            abandon(out);
        } catch (IOException | RuntimeException e) {
            // The answer of the daemon, which may have come before the body was sent, says why.
            failure.set(e);
        }
    }

    /** Cuts the body off, so that the daemon does not take a part for the whole. */
    private static void abandon(OutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            LoggerFactory.getLogger(RpcClient.class).debug("closing a broken upload", e);
        }
    }

    /** Tells failures of reading files from those of the connection. */
    private record Guarded(ImportSource files) implements ImportSource {
        @Override
        public @Nullable ImportEntry next() throws IOException {
            try {
                return files.next();
            } catch (IOException e) {
                throw new LocalFileException(e);
            }
        }

        @Override
        public void close() throws IOException {
            files.close();
        }
    }

    private String head(Request request, String boundary) {
        String target = "/api/v0/" + String.join("/", request.path()) + "?" + query(request);
        StringBuilder head = new StringBuilder("POST ").append(target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(address.authority()).append("\r\n");
        head.append("User-Agent: kafila\r\nConnection: close\r\n");
        if (!authorization.isEmpty()) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        if (boundary.isEmpty()) {
            head.append("Content-Type: application/octet-stream\r\nContent-Length: 0\r\n");
        } else {
            head.append("Content-Type: multipart/form-data; boundary=").append(boundary);
            head.append("\r\nTransfer-Encoding: chunked\r\n");
        }
        return head.append("\r\n").toString();
    }

    static String query(Request request) {
        List<String> pairs = new ArrayList<>();
        request.arguments().forEach(argument -> pairs.add("arg=" + encoded(argument)));
        request.options().all().forEach((name, value) -> {
            if (name.equals("api") || name.equals("api-auth") || name.equals("encoding")) {
                return;
            }
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            values.forEach(one -> pairs.add(encoded(name) + "=" + encoded(String.valueOf(one))));
        });
        pairs.add("encoding=json");
        pairs.add("stream-channels=true");
        return String.join("&", pairs);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void receive(InputStream in, Emitter emitter) throws IOException {
        String[] status = HttpBody.line(in).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException("the API address answers something other than HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        HttpBody.headers(in, headers, MAX_HEADERS);
        boolean chunked = headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked");
        String length = headers.getOrDefault("content-length", "-1");
        HttpBody body = new HttpBody(in, chunked, Long.parseLong(length));
        String type = HttpBody.beforeParameters(headers.getOrDefault("content-type", ""));
        int code = Integer.parseInt(status[1]);
        if (code >= 400) {
            throw failure(code, type, new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8));
        }
        String announced = headers.get("x-content-length");
        if (announced != null) {
            emitter.length(Long.parseLong(announced));
        }
        if (type.equals("application/json") && !headers.containsKey("x-stream-output")) {
            Json.Values values = Json.values(body);
            for (JsonNode value = values.next(); value != null; value = values.next()) {
                JsonNode answer = value.get(OfferedFiles.ANSWER);
                if (answer == null) {
                    emitter.emit(value);
                } else {
                    offers.answer(answer.asBoolean());
                }
            }
        } else {
            try (OutputStream out = emitter.bytes()) {
                copy(body, out);
                check(body);
            }
        }
        check(body);
    }

    /** As {@link InputStream#transferTo}, in steps of a chunk of the answer where that takes 8 KiB. */
    private static void copy(HttpBody body, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = body.read(buffer, 0, BUFFER_BYTES); count >= 0; count = body.read(buffer, 0, BUFFER_BYTES)) {
            out.write(buffer, 0, count);
        }
    }

    private static void check(HttpBody body) throws IOException {
        body.transferTo(OutputStream.nullOutputStream());
        String failure = body.trailers().get("x-stream-error");
        if (failure != null && !failure.isEmpty()) {
            throw new CommandException(failure);
        }
    }

    private static CommandException failure(int status, String type, String text) throws IOException {
        if (status == 404) {
            return CommandException.client("Command not found.");
        }
        if (type.equals("application/json")) {
            JsonNode error = Json.read(text);
            return new CommandException(
                    ErrorCode.of(error.path("Code").asInt()),
                    error.path("Message").asText("the daemon failed without a message"),
                    null);
        }
        ErrorCode code = switch (status) {
            case 400 -> ErrorCode.CLIENT;
            case 403 -> ErrorCode.FORBIDDEN;
            case 429, 503 -> ErrorCode.RATE_LIMITED;
            default -> ErrorCode.NORMAL;
        };
        return new CommandException(code, text.strip(), null);
    }

    /** Breaks off what runs. */
    @Override
    public void close() throws IOException {
        RpcConnection opened = connection;
        if (opened != null) {
            opened.close();
        }
    }
}
