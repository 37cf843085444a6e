package io.kafila.daemon.internal.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names that somebody who mistyped may have meant. */
final class Suggestions {
    private static final int MAX_DISTANCE = 3;

    private Suggestions() {}

    static List<String> near(String word, Collection<String> names) {
        List<String> inside = names.stream().filter(word::contains).sorted().toList();
        if (!inside.isEmpty()) {
            return inside;
        }
        Map<String, Integer> near = new TreeMap<>();
        names.forEach(name -> {
            int distance = distance(word, name);
            if (distance <= MAX_DISTANCE) {
                near.put(name, distance);
            }
        });
        List<String> sorted = new ArrayList<>(near.keySet());
        sorted.sort(Comparator.comparing(near::get));
        return sorted;
    }

    /** Edits from one to the other: an added letter costs 1, a changed one 2, a lost one 3. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i * 3;
            for (int j = 1; j <= to.length(); j++) {
                int same = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 2);
                diagonal = row[j];
                row[j] = Math.min(same, Math.min(row[j - 1] + 1, diagonal + 3));
            }
        }
        return row[to.length()];
    }
}
