package io.kafila.dag.unixfs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns in the syntax of .gitignore, matched against single names: the subset, and the order of negations, of the
 * matcher that Kubo uses (github.com/crackcomm/go-gitignore). Immutable.
 */
final class IgnoreRules {
    private final List<Rule> rules;

    private IgnoreRules(List<Rule> rules) {
        this.rules = rules;
    }

    static IgnoreRules parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        lines.forEach(line -> rule(line).ifPresent(rules::add));
        return new IgnoreRules(List.copyOf(rules));
    }

    /** Whether the last rule that speaks of {@code name} excludes it. */
    boolean matches(String name) {
        boolean matched = false;
        for (Rule rule : rules) {
            if (rule.pattern.matcher(name).find()) {
                matched = !rule.negated;
            }
        }
        return matched;
    }

    private static Optional<Rule> rule(String line) {
        String text = line.replaceAll("\r+$", "");
        if (text.startsWith("#")) {
            return Optional.empty();
        }
        text = text.replaceAll("^ +| +$", "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean negated = text.startsWith("!");
        if (negated) {
            text = text.substring(1);
        }
        if (text.startsWith("#") || text.startsWith("!")) {
            text = text.substring(1);
        }
        if (!text.startsWith("/")
                && Pattern.compile("([^/+])/.*\\*\\.").matcher(text).find()) {
            text = "/" + text;
        }
        try {
            return Optional.of(new Rule(Pattern.compile(expression(text), Pattern.DOTALL), negated));
        } catch (PatternSyntaxException e) {
            // Kubo passes over what is no pattern.
            return Optional.empty();
        }
    }

    private static String expression(String rule) {
        StringBuilder out = new StringBuilder();
        String text = rule.startsWith("/**/") ? rule.substring(1) : rule;
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("/**/", i)) {
                out.append("(/|/.+/)");
                i += 4;
            } else if (text.startsWith("**/", i)) {
                out.append("(|.*/)");
                i += 3;
            } else if (text.startsWith("/**", i)) {
                out.append("(|/.*)");
                i += 3;
            } else if (text.startsWith("\\*", i)) {
                out.append("\\*");
                i += 2;
            } else {
                char c = text.charAt(i++);
                switch (c) {
                    case '.' -> out.append("\\.");
                    case '?' -> out.append("\\?");
                    case '*' -> out.append("([^/]*)");
                    default -> out.append(c);
                }
            }
        }
        String body = out.toString();
        String end = body.endsWith("/") ? "(|.*)$" : "(|/.*)$";
        return body.startsWith("/") ? "^(|/)" + body.substring(1) + end : "^(|.*/)" + body + end;
    }

    private record Rule(Pattern pattern, boolean negated) {}
}
