package io.kafila.daemon.internal.command;

import io.kafila.dag.unixfs.ImportSource;
import java.util.function.Consumer;

/**
 * An upload whose client offers files of this machine instead of their bytes, and waits, for each such file, to be told
 * whether it was taken. As long as nobody has undertaken to tell it, none is. Confined to the thread that reads the upload.
 */
public interface OfferedFiles extends ImportSource {
    /** The name of the value in a command's output that answers an offer. Only clients that offer see it. */
    String ANSWER = "OfferTaken";

    /**
     * @param client is told of each offered file, in the order of the upload, when its content is opened: {@code true} if it
     *     is read here, {@code false} if its bytes are to be sent
     */
    void answer(Consumer<Boolean> client);
}
