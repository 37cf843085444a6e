package io.kafila.benchmarks.profile;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * The sampling profiler async-profiler, loaded into running JVMs of this user, and into JVMs from their start. It samples
 * whatever is on a processor, the JVM's own threads and the kernel included where the kernel allows it
 * ({@code kernel.perf_event_paranoid} at most 1, or root), else without the kernel's frames.
 */
final class AsyncProfiler {
    private static final String START = "start,event=cpu,interval=1ms,threads";

    private final Path library;

    private AsyncProfiler(Path library) {
        this.library = library;
    }

    /**
     * Lays the library of this platform out in a folder.
     *
     * @throws BenchException if there is none for this platform
     */
    static AsyncProfiler in(Path folder) {
        String resource = "/" + platform() + "/libasyncProfiler.so";
        try (InputStream in = AsyncProfiler.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BenchException("profile: async-profiler has no library for " + platform());
            }
            Path library = folder.resolve("libasyncProfiler.so");
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
            return new AsyncProfiler(library.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return (system.contains("mac") ? "macos" : system) + (system.contains("mac") ? "" : arm ? "-arm64" : "-x64");
    }

    /** Begins to sample a JVM. */
    void start(long pid) {
        tell(pid, START);
    }

    /** Ends what {@link #start} began; the stacks seen in between. */
    List<StackSample> stop(long pid) {
        Path stacks = library.resolveSibling("stacks-" + pid);
        tell(pid, "stop,collapsed,threads,file=" + stacks);
        return take(stacks);
    }

    /** The option of a JVM that is sampled from its start to its end, with the stacks going to a file. */
    String option(Path stacks) {
        return "-agentpath:" + library + "=" + START + ",collapsed,file=" + stacks.toAbsolutePath();
    }

    /** Reads a file of stacks and deletes it. */
    static List<StackSample> take(Path stacks) {
        try {
            List<StackSample> samples = StackSample.parse(Files.readAllLines(stacks));
            Files.delete(stacks);
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(long pid, String command) {
        try {
            VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
            try {
                jvm.loadAgentPath(library.toString(), command);
            } finally {
                jvm.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException | IOException e) {
            throw new BenchException("profile: process " + pid + " takes no profiler: " + e.getMessage(), e);
        }
    }
}
