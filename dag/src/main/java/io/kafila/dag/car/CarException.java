package io.kafila.dag.car;

import io.kafila.dag.DagException;
import io.kafila.multiformats.Cid;
import org.jspecify.annotations.Nullable;

/** An archive that is malformed, cut short or holds a block that is not what its Cid says. */
public final class CarException extends DagException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    private CarException(long offset, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.offset = offset;
    }

    /** {@code car: byte 59: section of 0 bytes, want a Cid and its block}. */
    static CarException at(long offset, String seen, String wanted) {
        return at(offset, seen, wanted, null);
    }

    static CarException at(long offset, String seen, String wanted, @Nullable Throwable cause) {
        return new CarException(offset, "car: byte " + offset + ": " + seen + ", want " + wanted, cause);
    }

    /** {@code car: block bafy...: bytes that do not match the hash}. */
    static CarException block(Cid cid, String seen, @Nullable Throwable cause) {
        return new CarException(-1, "car: block " + cid + ": " + seen, cause);
    }

    /** A fault of the channel below. */
    static CarException io(long offset, String what, Throwable cause) {
        return new CarException(offset, "car: byte " + offset + ": " + what + ": " + cause.getMessage(), cause);
    }

    /** Where in the archive the fault was seen, in bytes from its start; -1 where a block is at fault. */
    public long offset() {
        return offset;
    }
}
