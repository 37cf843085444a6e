package io.kafila.dag.unixfs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Adds what each line of the standard input says, {@code profile TAB flag TAB ... TAB path}, with the flags of {@code ipfs
 * add}, and prints what it would print: entries parted by U+001F, then NUL. {@code scripts/compare-with-kubo.py} compares
 * that with Kubo.
 */
public final class AddMain {
    private AddMain() {}

    public static void main(String[] args) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try (Importer importer = new Importer(new TestRepository().repository(), workers, ImportBudget.DEFAULT);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.write((add(importer, line) + "\0\n").getBytes(StandardCharsets.UTF_8));
                System.out.flush();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static String add(Importer importer, String line) {
        List<String> out = new ArrayList<>();
        try {
            List<String> words = List.of(line.split("\t"));
            AddFlags flags = AddFlags.parse(words.get(0), words.subList(1, words.size()));
            ImportListener listener = new ImportListener() {
                @Override
                public void imported(Imported entry) {
                    out.add(entry.cid() + " " + entry.path());
                }
            };
            importer.run(ImportSource.ofPaths(flags.paths(), flags.source()), flags.options(), listener)
                    .join();
        } catch (CompletionException e) {
            return "error: " + e.getCause();
        } catch (IOException | RuntimeException e) {
            return "error: " + e;
        }
        return String.join("\u001f", out);
    }
}
