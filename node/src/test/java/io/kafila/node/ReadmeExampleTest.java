package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the example of the README as it stands there, with the two paths replaced. */
class ReadmeExampleTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void readmeExample_compilesAndRuns(@TempDir Path home) throws Exception {
        String example = example();
        assertThat(example.lines().count()).as("lines of the example").isLessThanOrEqualTo(12);
        assertThat(example).contains("\"/data/kafila\"").contains("\"model.safetensors\"");

        Path model = Files.write(home.resolve("model.safetensors"), new Seed(1).bytes(3_000_000));
        String body = example.replace("\"/data/kafila\"", literal(home.resolve("repo")))
                .replace("\"model.safetensors\"", literal(model));
        byte[] read = run(home, body);

        assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(Files.readAllBytes(model), 8, 8 + read.length));
        assertThat(read.length).isPositive();
    }

    private static String example() throws IOException {
        Path readme = Path.of("").toAbsolutePath().getParent().resolve("README.md");
        Matcher matcher = JAVA.matcher(Files.readString(readme));
        assertThat(matcher.find()).as("a Java example in " + readme).isTrue();
        return matcher.group(1);
    }

    private static String literal(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\") + "\"";
    }

    /** Runs the example and answers what it read, for which its buffer is handed out before it goes out of scope. */
    private static byte[] run(Path home, String body) throws Exception {
        String read = "file.position(8).read(weights);";
        assertThat(body).contains(read);
        String source = """
                import io.kafila.multiformats.Cid;
                import io.kafila.node.KafilaNode;
                import java.nio.ByteBuffer;
                import java.nio.channels.SeekableByteChannel;
                import java.nio.file.Path;
                public class Example {
                    public static byte[] run() throws Exception {
                        byte[] seen = {};
                        %s
                        return seen;
                    }
                }
                """.formatted(
                        body.replace(read, read + " seen = new byte[weights.flip().remaining()]; weights.get(seen);"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        faults,
                        List.of(
                                "-d",
                                home.toString(),
                                "-proc:none",
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(
                                new SimpleJavaFileObject(
                                        URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                                    @Override
                                    public CharSequence getCharContent(boolean ignoreErrors) {
                                        return source;
                                    }
                                }))
                .call();
        assertThat(compiled).as(faults.getDiagnostics().toString()).isTrue();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {home.toUri().toURL()}, ReadmeExampleTest.class.getClassLoader())) {
            return (byte[]) loader.loadClass("Example").getMethod("run").invoke(null);
        }
    }
}
