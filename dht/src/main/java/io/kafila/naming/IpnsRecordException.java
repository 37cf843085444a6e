package io.kafila.naming;

import org.jspecify.annotations.Nullable;

/** An IPNS record that is not what it should be; whoever made it or passed it on is at fault. */
public final class IpnsRecordException extends NamingException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    IpnsRecordException(Kind kind) {
        this(kind, kind.message, null);
    }

    IpnsRecordException(Kind kind, String message) {
        this(kind, message, null);
    }

    IpnsRecordException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** The first thing that is wrong, in the order in which the specification checks. */
    public enum Kind {
        TOO_LARGE("record exceeds allowed size limit"),
        MALFORMED("record is malformed"),
        PUBLIC_KEY("public key not found"),
        SIGNATURE("signature verification failed"),
        /** A field of version 1 says something else than the signed data. */
        MISMATCH("record does not match its signed data"),
        VALIDITY("record contains an invalid validity"),
        EXPIRED("record is expired"),
        /** The value is no content path. */
        VALUE("value is not a valid content path");

        private final String message;

        Kind(String message) {
            this.message = message;
        }
    }

    /** {@code record is malformed}, and in the next line what was seen. */
    static IpnsRecordException malformed(String detail, @Nullable Throwable cause) {
        return new IpnsRecordException(Kind.MALFORMED, Kind.MALFORMED.message + "\n" + detail, cause);
    }

    static IpnsRecordException malformed(String detail) {
        return malformed(detail, null);
    }

    public Kind kind() {
        return kind;
    }
}
