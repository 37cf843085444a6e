package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.roofline.Setting.Sealing;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.scenario.Workload.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kafila bench roofline}: the stages of this machine and the bounds that follow. */
@Command(
        name = "roofline",
        mixinStandardHelpOptions = true,
        description = {
            "Measures each stage alone on this machine, and prints the bound of each scenario with its formula.",
            "",
            "A bound is min(disk, wire, cores / sum of CPU s/GiB of both sides, slowest serial stage)."
        })
public final class RooflineCommand implements Callable<Integer> {
    private static final long BYTES = 1L << 30;
    private static final int BLOCK_BYTES = PeerOptions.DEFAULT.blockBytes();

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "A quarter of the work, with that much more noise.")
    private boolean quick;

    @Option(
            names = "--folder",
            defaultValue = ".",
            description = "A folder on the disk to measure; needs 1.5 GiB for a while. Default: the current one.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        MeasuredRoofline roofline = StageMeasurement.roofline(
                folder, quick ? StageMeasurementOptions.QUICK : StageMeasurementOptions.DEFAULT);
        PrintWriter out = spec.commandLine().getOut();
        out.println(roofline.costs().table());
        print(out, roofline);
        out.println();
        out.println("With the secure channel as its provider makes it, copies included:");
        print(out, roofline.with(roofline.setting().withSealing(Sealing.CHANNEL)));
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, MeasuredRoofline roofline) {
        workloads()
                .forEach((name, workload) ->
                        roofline.bound(workload).ifPresent(bound -> out.println("* " + name + ": " + bound.formula())));
    }

    private static Map<String, Workload> workloads() {
        Map<String, Workload> all = new LinkedHashMap<>();
        all.put("import", workload(Kind.IMPORT, "tls"));
        all.put("import --nocopy", workload(Kind.IMPORT_NOCOPY, "tls"));
        all.put("read in order", workload(Kind.READ_SEQUENTIAL, "tls"));
        all.put("read at random", workload(Kind.READ_RANDOM, "tls"));
        all.put("transfer over TLS", workload(Kind.TRANSFER, "tls"));
        all.put("transfer over Noise", workload(Kind.TRANSFER, "noise"));
        return all;
    }

    private static Workload workload(Kind kind, String security) {
        return new Workload(kind, BYTES, 1, BLOCK_BYTES, security);
    }
}
