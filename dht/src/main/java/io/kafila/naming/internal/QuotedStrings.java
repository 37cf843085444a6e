package io.kafila.naming.internal;

import java.nio.charset.StandardCharsets;

/**
 * The strings of one TXT record as the JDK's DNS client writes them: a space between two strings; one that is empty or holds
 * spaces, quotes or backslashes stands in quotes, with a backslash before the latter two; each byte is one character.
 */
public final class QuotedStrings {
    private QuotedStrings() {}

    /** All strings joined to one text of UTF-8, as DNSLink reads a record. */
    public static String join(String written) {
        StringBuilder joined = new StringBuilder(written.length());
        boolean quoted = false;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\' && i + 1 < written.length()) {
                i++;
                joined.append(written.charAt(i));
            } else if (quoted || c != ' ') {
                joined.append(c);
            }
        }
        return new String(joined.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
