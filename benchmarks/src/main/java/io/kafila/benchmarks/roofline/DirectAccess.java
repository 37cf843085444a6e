package io.kafila.benchmarks.roofline;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whether a file system takes O_DIRECT. */
final class DirectAccess {
    private DirectAccess() {}

    static boolean isOffered(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "direct", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            return channel.isOpen();
        } catch (IOException | UnsupportedOperationException e) {
            // Memory file systems and some network file systems refuse the flag when the file is opened.
            return false;
        } finally {
            Files.delete(file);
        }
    }
}
