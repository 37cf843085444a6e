package io.kafila.dag;

import io.kafila.multiformats.Cid;
import org.jspecify.annotations.Nullable;

/** A path that is not well-formed, or one that leads nowhere. */
public final class PathException extends DagException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private PathException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public enum Kind {
        /** The text is no content path. */
        MALFORMED,
        /** A segment names nothing in the node that it is looked up in. */
        NO_LINK,
        /** The name of an /ipns/ path resolves to nothing. */
        UNRESOLVED_NAME
    }

    /** The message that Kubo's clients know: {@code invalid path "/x": path does not have enough components}. */
    public static PathException malformed(String text, String reason, @Nullable Throwable cause) {
        return new PathException(Kind.MALFORMED, "invalid path \"" + text + "\": " + reason, cause);
    }

    /** The message that Kubo's clients know: {@code no link named "a" under Qm...}. */
    public static PathException noLink(String name, Cid under) {
        return new PathException(Kind.NO_LINK, "no link named \"" + name + "\" under " + under, null);
    }

    /** The same of a map or a list that is no dag-pb: {@code key not found: "a"}. */
    public static PathException noKey(String name) {
        return new PathException(Kind.NO_LINK, "key not found: \"" + name + "\"", null);
    }

    public static PathException unresolvedName(String name, String reason, @Nullable Throwable cause) {
        return new PathException(Kind.UNRESOLVED_NAME, "could not resolve name \"" + name + "\": " + reason, cause);
    }

    /** A name that resolves to nothing, in the words of whoever looked. */
    public static PathException unresolved(String message, @Nullable Throwable cause) {
        return new PathException(Kind.UNRESOLVED_NAME, message, cause);
    }

    public Kind kind() {
        return kind;
    }
}
