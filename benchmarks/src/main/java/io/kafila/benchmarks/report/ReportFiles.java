package io.kafila.benchmarks.report;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files {@code results.json} and {@code report.html} of a folder. Each is either whole or absent, whenever a run ends.
 * Written by one thread, read by any.
 */
public final class ReportFiles {
    private final Path folder;
    private volatile @Nullable Report last;

    public ReportFiles(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** Writes both files, in place of those of the report before. A thread that was interrupted can do it too. */
    public void write(Report report) {
        try {
            Files.createDirectories(folder);
            replace("results.json", JsonReport.of(report));
            replace("report.html", HtmlReport.of(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        last = report;
    }

    private void replace(String name, String text) throws IOException {
        Path part = folder.resolve(name + ".part");
        // Not a channel, which an interrupt would close.
        try (OutputStream out = new FileOutputStream(part.toFile())) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the files tell; nothing where none were written. */
    public Optional<Report> last() {
        return Optional.ofNullable(last);
    }
}
