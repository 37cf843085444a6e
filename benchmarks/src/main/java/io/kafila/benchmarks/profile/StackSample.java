package io.kafila.benchmarks.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stack that was seen while its thread was on a processor.
 *
 * @param thread the thread's name, of which Linux keeps fifteen characters for threads of the JVM itself
 * @param frames the outermost first; those of the kernel end in {@code _[k]}
 * @param count how often it was seen
 */
record StackSample(String thread, List<String> frames, long count) {
    StackSample {
        frames = List.copyOf(frames);
        if (count <= 0) {
            throw new IllegalArgumentException("stack of " + thread + ": seen " + count + " times, want at least 1");
        }
    }

    /** Reads collapsed stacks, a line each: {@code [thread tid=1];outer;inner 3}. Empty lines are passed over. */
    static List<StackSample> parse(List<String> lines) {
        List<StackSample> samples = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                samples.add(parse(line));
            }
        }
        return samples;
    }

    private static StackSample parse(String line) {
        int space = line.lastIndexOf(' ');
        String stack = space < 0 ? "" : line.substring(0, space);
        if (!stack.startsWith("[")) {
            throw new IllegalArgumentException("collapsed stack: " + line + ", want [thread];frame;frame count");
        }
        List<String> parts = Arrays.asList(stack.split(";"));
        String thread = parts.get(0).substring(1).replaceFirst("( tid=\\d+)?]$", "");
        return new StackSample(thread, parts.subList(1, parts.size()), Long.parseLong(line.substring(space + 1)));
    }
}
