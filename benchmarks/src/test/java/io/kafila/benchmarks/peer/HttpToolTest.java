package io.kafila.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kafila.benchmarks.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpToolTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void curl() {
        LineupFinder finder = new LineupFinder(
                folder.resolve("kafila"), Optional.empty(), Optional.empty(), Optional.empty(), System.getenv());
        assumeTrue(finder.find(List.of("http")).other("http").isPresent(), "curl is on the path");
    }

    @Test
    void hasher_opensslIsThere_isIt() {
        assertThat(HttpTool.hasher(true)).startsWith("openssl dgst -sha256");
        assertThat(HttpTool.hasher(false)).isEqualTo("sha256sum");
    }

    @Test
    void fetch_file_isHashedWhereItWasWritten() throws Exception {
        Path content = Files.writeString(folder.resolve("content"), "some content");
        Path hashed = folder.resolve("hashed");
        // What stands for the hasher keeps what it was given.
        try (HttpTool tool = tool("cp -t " + Files.createDirectory(hashed))) {
            String root = tool.hold(content);
            tool.connect(tool.address());
            tool.fetch(root);

            assertThat(hashed.resolve("content")).hasSameTextualContentAs(content);
        }
    }

    @Test
    void fetch_hasherFails_isAFailure() throws Exception {
        Path content = Files.writeString(folder.resolve("content"), "some content");
        try (HttpTool tool = tool("false")) {
            String root = tool.hold(content);
            tool.connect(tool.address());

            assertThatThrownBy(() -> tool.fetch(root)).isInstanceOf(BenchException.class);
        }
    }

    private HttpTool tool(String hasher) {
        return new HttpTool(folder.resolve("http"), Site.LOCAL, PeerOptions.DEFAULT, hasher);
    }
}
