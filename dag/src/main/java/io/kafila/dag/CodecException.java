package io.kafila.dag;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not what their codec wants, or a node that a codec cannot write. The message names the codec, the
 * place, what was seen and what was wanted.
 */
public final class CodecException extends DagException {
    private static final long serialVersionUID = 1L;

    private final String codec;
    private final long offset;

    private CodecException(String codec, long offset, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.codec = codec;
        this.offset = offset;
    }

    /** Bad bytes: {@code dag-cbor: byte 12: float of 16 bits, want 64 bits}. */
    public static CodecException at(String codec, long offset, String seen, String wanted) {
        return at(codec, offset, seen, wanted, null);
    }

    /** {@link #at(String, long, String, String)} with the error that told. */
    public static CodecException at(String codec, long offset, String seen, String wanted, @Nullable Throwable cause) {
        return new CodecException(codec, offset, codec + ": byte " + offset + ": " + seen + ", want " + wanted, cause);
    }

    /** A node that the codec cannot write: {@code dag-cbor: NaN, want a finite number}. */
    public static CodecException node(String codec, String seen, String wanted) {
        return new CodecException(codec, -1, codec + ": " + seen + ", want " + wanted, null);
    }

    /** The name of the codec as in the multicodec table. */
    public String codec() {
        return codec;
    }

    /** Where in the block the fault was seen, in bytes; -1 where a node is at fault. */
    public long offset() {
        return offset;
    }
}
