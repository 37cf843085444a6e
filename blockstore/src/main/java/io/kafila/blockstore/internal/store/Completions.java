package io.kafila.blockstore.internal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Tells callers of the end of their changes. Thread-safe. */
final class Completions {
    private final Catalog catalog;
    private final Executor callbacks;

    /** @param callbacks where those who wait go on */
    Completions(Catalog catalog, Executor callbacks) {
        this.catalog = catalog;
        this.callbacks = callbacks;
    }

    /** Ends parts, and with the last one of each the request. Called without the catalog's lock. */
    void end(List<Group.Part> parts) {
        List<Request> complete = new ArrayList<>();
        synchronized (catalog) {
            for (Group.Part part : parts) {
                if (part.request().ended()) {
                    complete.add(part.request());
                }
            }
        }
        for (Request request : complete) {
            try {
                callbacks.execute(request::complete);
            } catch (RejectedExecutionException e) {
                // The pool is full or closing; whoever waits learns it from this thread.
                request.complete();
            }
        }
    }
}
