package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.content.Folders;
import io.kafila.benchmarks.micro.SecureChannelPair;
import io.kafila.benchmarks.roofline.Setting.StoreWrites;
import io.kafila.blockstore.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures every stage alone, one after the other, in this process. Blocking. */
public final class StageMeasurement {
    private static final int MAX_WARM_UP_ROUNDS = 8;

    /** Makes a probe when its turn comes, so that one at a time has its buffers. */
    private interface ProbeFactory {
        Probe open() throws IOException, GeneralSecurityException;
    }

    private final StageMeasurementOptions options;
    private final Map<Stage, StageCost> costs = new EnumMap<>(Stage.class);
    private final Map<Stage, String> providers = new EnumMap<>(Stage.class);

    private StageMeasurement(StageMeasurementOptions options) {
        this.options = options;
    }

    /**
     * @param parent a folder on the disk to measure; a folder is made in it and deleted
     * @throws IOException if the disk fails
     */
    public static StageCosts run(Path parent, StageMeasurementOptions options) throws IOException {
        StageMeasurement measurement = new StageMeasurement(options);
        Path folder = Files.createTempDirectory(parent, "roofline");
        try {
            measurement.all(folder);
        } finally {
            Folders.delete(folder);
        }
        return new StageCosts(measurement.costs, measurement.providers);
    }

    /** {@link #run}, as the bounds for peers that share this machine, and a store as Kafila has it by default. */
    public static MeasuredRoofline roofline(Path parent, StageMeasurementOptions options) throws IOException {
        StageCosts costs = run(parent, options);
        boolean direct = RepositoryOptions.DEFAULT.directIo() && costs.has(Stage.DISK_WRITE_DIRECT);
        StoreWrites writes = direct ? StoreWrites.DIRECT : StoreWrites.BUFFERED;
        return new MeasuredRoofline(costs, Setting.here(writes));
    }

    private void all(Path folder) throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        long disk = options.diskBytes();
        long memory = options.memoryBytes();
        measure(memory, () -> new HashProbe(Stage.HASH, 1));
        measure(memory, () -> new HashProbe(Stage.HASH_ALL, cores));
        measure(memory, AesProbe::new);
        measure(memory, ChaChaProbe::new);
        measure(memory, () -> new ChannelProbe(SecureChannelPair.Protocol.TLS));
        measure(memory, () -> new ChannelProbe(SecureChannelPair.Protocol.NOISE));
        measure(memory, SocketProbe::new);
        for (Stage stage : List.of(Stage.CACHE_READ, Stage.CACHE_READ_RANDOM, Stage.CACHE_READ_MAPPED)) {
            measure(disk, () -> new FileReadProbe(folder, stage, disk));
        }
        measure(disk, () -> new DiskWriteProbe(folder, StoreWrites.BUFFERED));
        if (DirectAccess.isOffered(folder)) {
            measure(disk, () -> new DiskWriteProbe(folder, StoreWrites.DIRECT));
            measure(disk, () -> new FileReadProbe(folder, Stage.DISK_READ, disk));
        }
        measure(disk, () -> new StoreProbe(folder));
    }

    private void measure(long bytes, ProbeFactory factory) throws IOException {
        Map<Stage, List<Sample>> samples = new EnumMap<>(Stage.class);
        try (Probe probe = factory.open()) {
            long start = System.nanoTime();
            for (int i = 0; i < MAX_WARM_UP_ROUNDS; i++) {
                probe.round(bytes);
                if (i + 1 >= options.warmUpRounds()
                        && System.nanoTime() - start >= options.warmUp().toNanos()) {
                    break;
                }
            }
            for (int i = 0; i < options.rounds(); i++) {
                probe.round(bytes)
                        .forEach((stage, sample) -> samples.computeIfAbsent(stage, key -> new ArrayList<>())
                                .add(sample));
            }
            samples.forEach((stage, rounds) -> {
                costs.put(stage, StageCost.median(rounds));
                if (!probe.provider().isEmpty()) {
                    providers.put(stage, probe.provider());
                }
            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("roofline: this JVM lacks a cipher that every JVM has", e);
        }
    }
}
