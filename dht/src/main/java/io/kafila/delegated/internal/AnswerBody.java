package io.kafila.delegated.internal;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of an answer within a bound, whole or line by line; what is longer fails. Called by one thread at a time.
 */
public abstract class AnswerBody implements BodySubscriber<byte[]> {
    private final int maxBytes;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private long seen;

    private AnswerBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The whole body. */
    public static AnswerBody whole(int maxBytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        return new AnswerBody(maxBytes) {
            @Override
            void take(ByteBuffer bytes) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                all.writeBytes(copy);
            }

            @Override
            byte[] end() {
                return all.toByteArray();
            }
        };
    }

    /** Each line as it comes; the body itself is then empty. */
    public static AnswerBody lines(int maxBytes, LineSplitter lines) {
        return new AnswerBody(maxBytes) {
            @Override
            void take(ByteBuffer bytes) {
                lines.feed(bytes);
            }

            @Override
            byte[] end() {
                lines.end();
                return new byte[0];
            }
        };
    }

    abstract void take(ByteBuffer bytes);

    abstract byte[] end();

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        if (body.isDone()) {
            return;
        }
        try {
            for (ByteBuffer piece : pieces) {
                seen += piece.remaining();
                if (seen > maxBytes) {
                    throw new IllegalStateException("answer of more than " + maxBytes + " bytes");
                }
                take(piece);
            }
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        Flow.Subscription open = subscription;
        if (open != null) {
            open.request(1);
        }
    }

    private void fail(RuntimeException fault) {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        body.completeExceptionally(fault);
    }

    @Override
    public void onError(Throwable fault) {
        body.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        try {
            body.complete(end());
        } catch (RuntimeException e) {
            body.completeExceptionally(e);
        }
    }
}
