package io.kafila.daemon.internal.rpc;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The parameters of a header such as {@code form-data; name="file"; filename="a%20b"} (RFC 2045, section 5.1). */
final class HeaderParameters {
    private HeaderParameters() {}

    /** What stands before the parameters. */
    static String value(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    }

    static Map<String, String> parse(String header) {
        Map<String, String> parameters = new HashMap<>();
        int at = header.indexOf(';');
        while (at >= 0) {
            int equals = header.indexOf('=', at + 1);
            int next = header.indexOf(';', at + 1);
            if (equals < 0 || (next >= 0 && next < equals)) {
                at = next;
                continue;
            }
            String name = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            int start = equals + 1;
            while (start < header.length() && header.charAt(start) == ' ') {
                start++;
            }
            StringBuilder value = new StringBuilder();
            if (start < header.length() && header.charAt(start) == '"') {
                at = quoted(header, start + 1, value);
                parameters.putIfAbsent(name, value.toString());
            } else {
                int end = header.indexOf(';', start);
                value.append(header, start, end < 0 ? header.length() : end);
                parameters.putIfAbsent(name, value.toString().strip());
                at = end;
            }
        }
        return parameters;
    }

    /** Reads a quoted string and answers where the next parameter begins, -1 at the end. */
    private static int quoted(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && header.charAt(at) != '"') {
            if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                at++;
            }
            value.append(header.charAt(at++));
        }
        return header.indexOf(';', Math.min(at, header.length()));
    }
}
