package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.daemon.internal.command.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarExtractionTest {
    @TempDir
    private Path folder;

    private Path outside;
    private Path output;

    @BeforeEach
    void start() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        output = folder.resolve("output");
    }

    /** Writes the entries of an archive. */
    @FunctionalInterface
    private interface Archive {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private void extract(Archive archive) throws IOException {
        TarExtraction extraction = TarExtraction.start(output);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(extraction.sink(), "UTF-8")) {
            archive.write(tar);
        } catch (IOException e) {
            // The extraction has ended before the archive has: its own failure tells why.
            assertThatThrownBy(extraction::finish).isInstanceOf(CommandException.class);
        }
        extraction.finish();
    }

    private void refuses(String message, Archive archive) throws IOException {
        assertThatThrownBy(() -> extract(archive))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(message);
        try (var left = Files.list(outside)) {
            assertThat(left).isEmpty();
        }
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void directory(TarArchiveOutputStream tar, String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name + "/", true));
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, byte type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @Test
    void tree_isExtracted() throws IOException {
        extract(tar -> {
            directory(tar, "top");
            file(tar, "top/file", "content");
            directory(tar, "top/sub");
            file(tar, "top/sub/file", "more");
            link(tar, "top/link", TarConstants.LF_SYMLINK, "file");
        });
        assertThat(output.resolve("file")).hasContent("content");
        assertThat(output.resolve("sub/file")).hasContent("more");
        assertThat(Files.readSymbolicLink(output.resolve("link"))).isEqualTo(Path.of("file"));
    }

    @Test
    void rootThatIsALink_isLeftAlone() throws IOException {
        extract(tar -> link(tar, "top", TarConstants.LF_SYMLINK, outside.toString()));
        assertThat(output).isSymbolicLink();
    }

    @Test
    void rootThatIsALink_isNotFollowed() throws IOException {
        refuses("behind top, which is no directory", tar -> {
            link(tar, "top", TarConstants.LF_SYMLINK, outside.toString());
            file(tar, "top/escaped", "x");
        });
    }

    @Test
    void rootThatIsALink_isNotFollowed_byALaterRoot() throws IOException {
        refuses("which is no directory", tar -> {
            link(tar, "top", TarConstants.LF_SYMLINK, outside.toString());
            directory(tar, "top");
            file(tar, "top/escaped", "x");
        });
    }

    @Test
    void linkInside_isNotFollowed() throws IOException {
        refuses("leads through the symbolic link", tar -> {
            directory(tar, "top");
            link(tar, "top/link", TarConstants.LF_SYMLINK, outside.toString());
            file(tar, "top/link/escaped", "x");
        });
    }

    @Test
    void linkInside_isNotTakenForADirectory() throws IOException {
        refuses("leads through the symbolic link", tar -> {
            directory(tar, "top");
            link(tar, "top/link", TarConstants.LF_SYMLINK, outside.toString());
            directory(tar, "top/link");
        });
    }

    @Test
    void linkInPlaceOfADirectory_doesNotGetItsAttributes() throws IOException {
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwx------"));
        extract(tar -> {
            directory(tar, "top");
            TarArchiveEntry open = new TarArchiveEntry("top/d/", true);
            open.setMode(0777);
            tar.putArchiveEntry(open);
            tar.closeArchiveEntry();
            link(tar, "top/d", TarConstants.LF_SYMLINK, outside.toString());
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)))
                .isEqualTo("rwx------");
    }

    @Test
    void fileInPlaceOfALink_replacesTheLink() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        extract(tar -> {
            directory(tar, "top");
            link(tar, "top/f", TarConstants.LF_SYMLINK, victim.toString());
            file(tar, "top/f", "new");
        });
        assertThat(victim).hasContent("precious");
        assertThat(output.resolve("f")).hasContent("new");
    }

    @Test
    void namesThatClimb_areRefused() throws IOException {
        for (String name : new String[] {"top/../outside/x", "top/a/../../outside/x", "top/./x", "top//x"}) {
            refuses("unsafe name", tar -> {
                directory(tar, "top");
                file(tar, name, "x");
            });
        }
        for (String name : new String[] {"/etc/x", "outside/x", "../outside/x", "topx/y"}) {
            refuses("lies outside of top", tar -> {
                directory(tar, "top");
                file(tar, name, "x");
            });
        }
    }

    @Test
    void hardLinksAndDevices_areRefused() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        byte[] types = {
            TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO,
        };
        for (byte type : types) {
            refuses("is neither file, directory nor symbolic link", tar -> {
                directory(tar, "top");
                link(tar, "top/odd", type, victim.toString());
            });
        }
        assertThat(output.resolve("odd")).doesNotExist();
    }
}
