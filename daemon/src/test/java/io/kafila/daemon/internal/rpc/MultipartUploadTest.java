package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartUploadTest {
    private static final String BOUNDARY = "b0undary";

    private static String part(String disposition, String type, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\nContent-Type: " + type
                + "\r\n\r\n" + content + "\r\n";
    }

    private static String file(String path, String content) {
        return part("name=\"file\"; filename=\"" + path + "\"", "application/octet-stream", content);
    }

    private static String directory(String path) {
        return part("name=\"file\"; filename=\"" + path + "\"", "application/x-directory", "");
    }

    private static final String END = "--" + BOUNDARY + "--\r\n";

    private static MultipartUpload upload(byte[] body) {
        return new MultipartUpload(new ByteArrayInputStream(body), BOUNDARY, 1024, offer -> Optional.empty());
    }

    /** Entries as lines: kind, path and content. */
    private static List<String> read(byte[] body) throws IOException {
        List<String> lines = new ArrayList<>();
        try (MultipartUpload upload = upload(body)) {
            for (ImportEntry entry = upload.next(); entry != null; entry = upload.next()) {
                String content = "";
                if (entry instanceof ImportEntry.File file) {
                    try (InputStream in = Request.content(file)) {
                        content = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    }
                } else if (entry instanceof ImportEntry.Symlink link) {
                    content = link.target();
                }
                lines.add((entry.kind() + " " + entry.path() + " " + content).strip());
            }
        }
        return lines;
    }

    private static List<String> read(String body) throws IOException {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void next_tree_parentsFirst() throws IOException {
        assertThat(read(directory("data")
                        + file("data%2Fa.txt", "hello")
                        + directory("data%2Fsub")
                        + file("data%2Fsub%2Fb%20c", "x\r\n--not\r\n")
                        + file("z", "")
                        + END))
                .containsExactly(
                        "DIRECTORY data",
                        "FILE data/a.txt hello",
                        "DIRECTORY data/sub",
                        "FILE data/sub/b c x\r\n--not",
                        "FILE z");
    }

    @Test
    void next_directoriesThatNoPartNames_areTold() throws IOException {
        assertThat(read(file("a/b/c", "1") + file("a/b/d", "2") + file("a/e", "3") + END))
                .containsExactly("DIRECTORY a", "DIRECTORY a/b", "FILE a/b/c 1", "FILE a/b/d 2", "FILE a/e 3");
    }

    @Test
    void next_pathsThatLeaveTheRoot_stayInside() throws IOException {
        assertThat(read(file("../../etc/passwd", "x") + file("/abs", "y") + file("a/../../b", "z") + END))
                .containsExactly("DIRECTORY etc", "FILE etc/passwd x", "FILE abs y", "FILE b z");
    }

    @Test
    void next_symlinkModeMtimeAndAbspath_areRead() throws IOException {
        String body = part("name=\"file\"; filename=\"l\"", "application/symlink", "to/there")
                + "--" + BOUNDARY + "\r\nAbspath-Encoded: %2Ftmp%2Fa+b\r\n"
                + "Content-Disposition: form-data; name=\"file?mode=0640&mtime=12&mtime-nsecs=34\"; filename=\"f\"\r\n"
                + "\r\nbytes\r\n" + "--" + BOUNDARY
                + "\r\nabspath: /raw path\r\nContent-Disposition: form-data; filename=\"g\"\r\n\r\n\r\n" + END;
        try (MultipartUpload upload = upload(body.getBytes(StandardCharsets.UTF_8))) {
            assertThat(((ImportEntry.Symlink) upload.next()).target()).isEqualTo("to/there");
            ImportEntry.File file = (ImportEntry.File) upload.next();
            assertThat(file.mode()).hasValue(0640);
            assertThat(file.mtime()).contains(Instant.ofEpochSecond(12, 34));
            assertThat(file.location().orElseThrow().file()).isEqualTo(Path.of("/tmp/a b"));
            ImportEntry.File raw = (ImportEntry.File) upload.next();
            assertThat(raw.location().orElseThrow().file()).isEqualTo(Path.of("/raw path"));
            assertThat(upload.next()).isNull();
        }
    }

    @Test
    void next_contentLeftUnread_isPassedOver() throws IOException {
        byte[] body = (file("a", "x".repeat(200_000)) + file("b", "y") + END).getBytes(StandardCharsets.UTF_8);
        try (MultipartUpload upload = upload(body)) {
            assertThat(upload.next().path()).isEqualTo("a");
            assertThat(upload.next().path()).isEqualTo("b");
            assertThat(upload.next()).isNull();
        }
    }

    @Test
    void next_largeContent_isWhole() throws IOException {
        Seed seed = new Seed(7);
        String content = new String(seed.bytes(300_000), StandardCharsets.ISO_8859_1).replace(BOUNDARY, "");
        byte[] body = (file("a", "") + END).getBytes(StandardCharsets.UTF_8);
        assertThat(read(body)).containsExactly("FILE a");
        byte[] bytes = (file("a", content) + END).getBytes(StandardCharsets.ISO_8859_1);
        try (MultipartUpload upload = upload(bytes)) {
            ImportEntry.File file = (ImportEntry.File) upload.next();
            assertThat(new String(Request.content(file).readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(content);
        }
    }

    @Test
    void next_truncatedAtEveryByte_neverEndsWell() {
        byte[] whole = (directory("d") + file("d/a", "hello") + END).getBytes(StandardCharsets.UTF_8);
        int last = whole.length - 4;
        for (int length = 0; length < last; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(CommandException.class);
        }
    }

    @Test
    void next_oversizeHeadersAndBoundaries_areRefused() {
        String longName = "x".repeat(2000);
        assertThatThrownBy(() -> read(file(longName, "") + END))
                .hasMessageContaining("more than 1024 bytes of headers");
        assertThatThrownBy(() -> read("--" + BOUNDARY + "\r\n" + "y".repeat(100_000)))
                .hasMessageContaining("more than 1024 bytes of headers");
        assertThatThrownBy(() -> new MultipartUpload(
                        InputStream.nullInputStream(), "b".repeat(71), 10, offer -> Optional.empty()))
                .hasMessageContaining("boundary of 71 characters");
        assertThatThrownBy(() -> read(file("a/".repeat(1500).substring(0, 900) + "b", "")
                        + file("c/".repeat(300), "")
                        + part(
                                "name=\"f\"; filename=\"" + "%2Fa".repeat(200) + "\"",
                                "application/symlink",
                                "t".repeat(70_000))
                        + END))
                .hasMessageContaining("target of a link");
    }

    @Test
    void next_mutatedBodies_failCleanly() {
        byte[] whole = (directory("d") + file("d/a", "hello") + file("b", "x".repeat(500)) + END)
                .getBytes(StandardCharsets.UTF_8);
        Seed.each(2000, random -> mutate(whole, random));
    }

    private static void mutate(byte[] whole, Random random) {
        byte[] body = whole.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        try {
            assertThat(read(body)).hasSizeLessThan(50);
        } catch (CommandException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
