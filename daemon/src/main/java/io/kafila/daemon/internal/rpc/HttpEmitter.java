package io.kafila.daemon.internal.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Encoding;
import io.kafila.daemon.internal.command.ErrorCode;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.TextFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes a command's output as an HTTP response, with the headers of go-ipfs-cmds: {@code X-Chunked-Output} for values,
 * {@code X-Stream-Output} for bytes, an error before the first output as status and object, one after it in the trailer
 * {@code X-Stream-Error}. Used by one thread; it blocks while the socket is full.
 */
final class HttpEmitter implements Emitter {
    private static final String EXPOSED = "X-Stream-Output, X-Chunked-Output, X-Content-Length";
    private static final String TRAILER = "X-Stream-Error";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final HttpServerResponse response;
    private final BodyStream body;
    private final Call call;
    private final Encoding encoding;
    private final @Nullable TextFormat format;
    private final Sink text = new Sink();
    private final Console console = Console.of(text);
    private OptionalLong length = OptionalLong.empty();
    private String type = "";
    private boolean started;
    private Future<Void> sent = Future.succeededFuture();

    HttpEmitter(
            HttpServerResponse response, BodyStream body, Call call, Encoding encoding, @Nullable TextFormat format) {
        this.response = response;
        this.body = body;
        this.call = call;
        this.encoding = encoding;
        this.format = encoding == Encoding.TEXT ? format : null;
        response.drainHandler(drained -> wake());
        response.closeHandler(closed -> wake());
        response.exceptionHandler(e -> wake());
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void length(long value) {
        length = OptionalLong.of(value);
    }

    @Override
    public void contentType(String value) {
        type = value;
    }

    @Override
    public void emit(JsonNode value) {
        emitAll(List.of(value));
    }

    @Override
    public void emitAll(List<JsonNode> values) {
        start("X-Chunked-Output");
        values.forEach(this::print);
        text.flush();
    }

    @Override
    public void emitOnce(JsonNode value) {
        start("");
        print(value);
        text.flush();
    }

    private void print(JsonNode value) {
        if (format != null) {
            format.value(value, console);
        } else {
            byte[] line = (Json.write(value) + "\n").getBytes(StandardCharsets.UTF_8);
            text.write(line, 0, line.length);
        }
    }

    @Override
    public OutputStream bytes() {
        if (type.isEmpty() && encoding == Encoding.JSON) {
            type = "text/plain";
        }
        start("X-Stream-Output");
        return new Sink();
    }

    private void start(String kind) {
        if (started) {
            return;
        }
        started = true;
        common();
        if (!kind.isEmpty()) {
            response.putHeader(kind, "1");
        }
        length.ifPresent(bytes -> response.putHeader("X-Content-Length", Long.toString(bytes)));
        response.putHeader("Content-Type", type.isEmpty() ? encoding.mimeType() : type);
        response.setChunked(true);
    }

    private void common() {
        response.putHeader("Access-Control-Allow-Headers", EXPOSED);
        response.putHeader("Access-Control-Expose-Headers", EXPOSED);
        response.putHeader("Trailer", TRAILER);
        if (!body.isEnded()) {
            // The answer begins before the request has ended, so the connection cannot serve another one.
            response.putHeader("Connection", "close");
        }
    }

    private Future<Void> write(Buffer bytes) {
        synchronized (this) {
            while (response.writeQueueFull() && !response.closed()) {
                try {
                    call.pace().await(this);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw call.explain(e);
                }
            }
        }
        if (response.closed() || call.isCanceled()) {
            throw call.explain(new CommandException("the client went away"));
        }
        Future<Void> written = response.write(bytes);
        call.pace().moved(bytes.length());
        return written;
    }

    /** Ends the response of a command that has done its work. */
    void end() {
        start("X-Chunked-Output");
        if (format != null) {
            format.end(console);
            text.flush();
        }
        body.discard();
        sent = response.end();
    }

    /** Completes when the socket has taken the whole answer, or will not. */
    Future<Void> sent() {
        return sent;
    }

    /** Answers a request that is no call of its command, before anything else, in text as Kubo's parser does. */
    void reject(CommandException fault) {
        started = true;
        common();
        response.setStatusCode(400);
        response.putHeader("Content-Type", "text/plain; charset=utf-8");
        body.discard();
        sent = response.end(fault.getMessage() + "\n");
    }

    /** Ends the response of a command that failed. */
    void fail(CommandException failure) {
        if (response.closed() || response.ended()) {
            return;
        }
        String message = String.valueOf(failure.getMessage());
        if (started) {
            response.putTrailer(TRAILER, message.replaceAll("[\\r\\n]+", " "));
            body.discard();
            sent = response.end();
            return;
        }
        started = true;
        common();
        response.setStatusCode(failure.code() == ErrorCode.CLIENT ? 400 : call.isSlow() ? 408 : 500);
        response.putHeader("Content-Type", Encoding.JSON.mimeType());
        response.setChunked(true);
        body.discard();
        sent = response.end(Json.write(
                        Json.object("Message", message, "Code", failure.code().number(), "Type", "error"))
                + "\n");
    }

    /** Collects small writes; a flush or a full buffer sends them. What comes in byte buffers is copied once. */
    private final class Sink extends OutputStream implements WritableByteChannel {
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int held;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            int at = from;
            while (held == 0 && from + count - at >= BUFFER_BYTES) {
                HttpEmitter.this.write(copyOf(bytes, at, BUFFER_BYTES));
                at += BUFFER_BYTES;
            }
            while (at < from + count) {
                int step = Math.min(from + count - at, BUFFER_BYTES - held);
                System.arraycopy(bytes, at, buffer, held, step);
                held += step;
                at += step;
                if (held == BUFFER_BYTES) {
                    flush();
                }
            }
        }

        @Override
        public void flush() {
            if (held > 0) {
                Buffer full = copyOf(buffer, 0, held);
                held = 0;
                HttpEmitter.this.write(full);
            }
        }

        private static Buffer copyOf(byte[] bytes, int from, int count) {
            return Buffer.buffer(count).appendBytes(bytes, from, count);
        }

        @Override
        public int write(ByteBuffer source) {
            flush();
            int all = source.remaining();
            while (source.hasRemaining()) {
                int step = Math.min(source.remaining(), BUFFER_BYTES);
                send(source.slice(source.position(), step));
                source.position(source.position() + step);
            }
            return all;
        }

        private void send(ByteBuffer piece) {
            ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(piece.remaining());
            Future<Void> written;
            try {
                written = HttpEmitter.this.write(BufferInternal.buffer(copy.writeBytes(piece)));
            } catch (RuntimeException e) {
                copy.release();
                throw e;
            }
            // The server lets nothing go that it did not allocate; once it is written, or never will be, it is done
            // with it.
            written.onComplete(done -> copy.release());
        }

        @Override
        public boolean isOpen() {
            return !response.ended();
        }

        /**
         * Flushes, unless the call was canceled: the interrupt then closes the channels of the command in the thread that
         * cancels, which must neither wait for the client nor see the failure.
         */
        @Override
        public void close() {
            if (!call.isCanceled()) {
                flush();
            }
        }
    }
}
