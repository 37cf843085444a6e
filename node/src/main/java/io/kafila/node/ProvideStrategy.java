package io.kafila.node;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which blocks are told to the DHT: {@code Provide.Strategy} of the config, with Kubo's words.
 *
 * @param sources where the keys come from
 * @param entities whether the roots of files and directories stand for their chunks, which are not told
 */
public record ProvideStrategy(Set<Source> sources, boolean entities) {
    /** Where keys come from. */
    public enum Source {
        /** Every block that is here. */
        ALL,
        /** What pins keep. */
        PINNED,
        /** The roots of pins alone. */
        ROOTS,
        /** What MFS holds. */
        MFS
    }

    private static final List<String> MODIFIERS = List.of("unique", "entities");

    /** The roots of files and directories: a model of 140 GB is a handful of them and 133,000 blocks. */
    public static final ProvideStrategy DEFAULT = new ProvideStrategy(EnumSet.of(Source.PINNED, Source.MFS), true);

    public ProvideStrategy {
        sources = Set.copyOf(sources);
    }

    /**
     * Words with {@code +} between: {@code all}, {@code roots}, or {@code pinned} and {@code mfs} with the modifiers {@code unique} and {@code
     * entities}. A block is told once in any case, so {@code unique} changes nothing.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static ProvideStrategy parse(String text) {
        Set<Source> sources = EnumSet.noneOf(Source.class);
        boolean modified = false;
        boolean entities = false;
        for (String word : text.split("\\+", -1)) {
            if (MODIFIERS.contains(word)) {
                modified = true;
                entities |= word.equals("entities");
            } else {
                sources.add(source(word, text));
            }
        }
        boolean walked =
                !sources.isEmpty() && EnumSet.of(Source.PINNED, Source.MFS).containsAll(sources);
        if (sources.isEmpty() || (!walked && (sources.size() > 1 || modified))) {
            throw new IllegalArgumentException("provide strategy \"" + text
                    + "\": want all, roots, or pinned and mfs, the latter two with +unique or +entities");
        }
        return new ProvideStrategy(sources, entities);
    }

    private static Source source(String word, String text) {
        return Arrays.stream(Source.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("provide strategy \"" + text + "\": word \"" + word
                        + "\", want all, pinned, roots, mfs, unique or entities"));
    }

    /** Whether keys come from there. */
    public boolean has(Source source) {
        return sources.contains(source);
    }

    @Override
    public String toString() {
        String words = sources.stream()
                .sorted()
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("+"));
        return entities ? words + "+entities" : words;
    }
}
