package io.kafila.benchmarks;

/** The program {@code kafila bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.err.println("kafila bench: nothing to run yet");
        System.exit(1);
    }
}
