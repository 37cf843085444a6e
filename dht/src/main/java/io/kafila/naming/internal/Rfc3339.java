package io.kafila.naming.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Times of RFC 3339 with up to nine digits of a second, in the form in which Go writes them: without trailing zeros. */
public final class Rfc3339 {
    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

    private Rfc3339() {}

    /** @throws DateTimeException if the text is no such time */
    public static Instant parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new DateTimeException("no time of RFC 3339");
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    public static String format(Instant time) {
        OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
        String text = SECONDS.format(utc);
        if (utc.getNano() == 0) {
            return text + "Z";
        }
        String nanos = String.format("%09d", utc.getNano());
        int end = nanos.length();
        while (nanos.charAt(end - 1) == '0') {
            end--;
        }
        return text + "." + nanos.substring(0, end) + "Z";
    }
}
