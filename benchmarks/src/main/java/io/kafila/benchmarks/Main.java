package io.kafila.benchmarks;

/** The program {@code kafila bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new picocli.CommandLine(new BenchCommand()).execute(args));
    }
}
