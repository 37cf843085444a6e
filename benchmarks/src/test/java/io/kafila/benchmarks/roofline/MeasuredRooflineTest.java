package io.kafila.benchmarks.roofline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.roofline.Setting.Sealing;
import io.kafila.benchmarks.roofline.Setting.Source;
import io.kafila.benchmarks.roofline.Setting.StoreWrites;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.scenario.Workload.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeasuredRooflineTest {
    private static final double MB = 1e6;
    private static final int MIB = 1 << 20;
    private static final double GIB_IN_MB = (1L << 30) / MB;

    private final Map<Stage, StageCost> costs = new EnumMap<>(Stage.class);

    MeasuredRooflineTest() {
        stage(Stage.DISK_WRITE_BUFFERED, 1140, 0.36);
        stage(Stage.DISK_WRITE_DIRECT, 1300, 0.16);
        stage(Stage.DISK_READ, 900, 0.10);
        stage(Stage.CACHE_READ, 5000, 0.21);
        stage(Stage.CACHE_READ_RANDOM, 4500, 0.24);
        stage(Stage.CACHE_READ_MAPPED, 12_000, 0.09);
        stage(Stage.HASH, 1790, 0.60);
        stage(Stage.HASH_ALL, 2900, 0.70);
        stage(Stage.AES_SEAL, 8400, 0.13);
        stage(Stage.AES_OPEN, 8500, 0.12);
        stage(Stage.CHACHA_SEAL, 2030, 0.53);
        stage(Stage.CHACHA_OPEN, 1890, 0.57);
        stage(Stage.TLS_SEAL, 3600, 0.29);
        stage(Stage.TLS_OPEN, 3500, 0.30);
        stage(Stage.SOCKET_SEND, 3300, 0.29);
        stage(Stage.SOCKET_RECEIVE, 3300, 0.20);
    }

    private void stage(Stage stage, double mbPerSecond, double cpu) {
        costs.put(stage, new StageCost(mbPerSecond * MB, cpu));
    }

    private Bound bound(Kind kind, String security, Setting setting) {
        Workload workload = new Workload(kind, 1L << 30, 1, MIB, security);
        return new MeasuredRoofline(new StageCosts(costs, Map.of(Stage.CHACHA_SEAL, "OpenSSL")), setting)
                .bound(workload)
                .orElseThrow();
    }

    private static Setting setting(StoreWrites writes) {
        return new Setting(2, writes, Source.PAGE_CACHE, Sealing.CIPHER, OptionalLong.empty());
    }

    private static void assertMb(Bound bound, double megabytes) {
        assertThat(bound.bytesPerSecond() / MB).as(bound.formula()).isCloseTo(megabytes, within(0.5));
    }

    @Test
    void transfer_coresRule_sumOfBothSides() {
        Bound bound = bound(Kind.TRANSFER, "noise", setting(StoreWrites.DIRECT));

        // 0.09 + 0.53 + 0.29 on one side, 0.20 + 0.57 + 0.60 + 0.16 on the other
        assertMb(bound, 2 * GIB_IN_MB / 2.44);
        assertThat(bound.formula())
                .isEqualTo("min(disk (disk write, direct) 1240, wire (socket send) 3147, CPU 2 cores x 1024 MiB /"
                        + " (sender: cached read, mapped 0.09 + ChaCha20-Poly1305 seal by OpenSSL 0.53 + socket send 0.29;"
                        + " receiver: socket receive 0.20 + ChaCha20-Poly1305 open 0.57 + SHA-256 0.60"
                        + " + disk write, direct 0.16 = 2.44 CPU s/GiB) 839,"
                        + " slowest serial stage (ChaCha20-Poly1305 open) 1802,"
                        + " on all cores (SHA-256, all cores) 2766) = 839 MiB/s");
    }

    @Test
    void transfer_wholeChannel_countsInsteadOfItsCipher() {
        Setting setting = setting(StoreWrites.DIRECT).withSealing(Sealing.CHANNEL);

        assertMb(
                bound(Kind.TRANSFER, "tls", setting), 2 * GIB_IN_MB / (0.09 + 0.29 + 0.29 + 0.20 + 0.30 + 0.60 + 0.16));
    }

    @Test
    void transfer_manyCores_diskRules() {
        Setting many = new Setting(64, StoreWrites.BUFFERED, Source.PAGE_CACHE, Sealing.CIPHER, OptionalLong.empty());

        assertMb(bound(Kind.TRANSFER, "tls", many), 1140);
    }

    @Test
    void transfer_manyCoresFastDisk_serialStageRules() {
        stage(Stage.DISK_WRITE_DIRECT, 7000, 0.16);
        Setting many = new Setting(64, StoreWrites.DIRECT, Source.PAGE_CACHE, Sealing.CIPHER, OptionalLong.empty());

        assertMb(bound(Kind.TRANSFER, "noise", many), 1890);
        // Without a slow cipher the socket is next, then the hashes.
        assertMb(bound(Kind.TRANSFER, "tls", many), 2900);
    }

    @Test
    void transfer_shapedLink_linkRules() {
        Bound bound = bound(Kind.TRANSFER, "tls", setting(StoreWrites.DIRECT).withLink(125_000_000));

        assertMb(bound, 125);
        assertThat(bound.formula()).contains("wire (the link) 119");
    }

    @Test
    void transfer_coldSource_diskReadCounts() {
        Setting cold = new Setting(64, StoreWrites.DIRECT, Source.DISK, Sealing.CIPHER, OptionalLong.empty());

        Bound bound = bound(Kind.TRANSFER, "tls", cold);

        assertMb(bound, 900);
        assertThat(bound.formula()).contains("disk (disk read) 858", "sender: disk read 0.10");
    }

    @Test
    void transfer_unknownCipher_noBound() {
        Workload workload = new Workload(Kind.TRANSFER, 1L << 30, 1, MIB, "plaintext");

        assertThat(new MeasuredRoofline(new StageCosts(costs, Map.of()), setting(StoreWrites.DIRECT)).bound(workload))
                .isEmpty();
    }

    @Test
    void smallFiles_noBound() {
        Workload workload = new Workload(Kind.IMPORT, 10_000 * 10_240L, 10_000, MIB, "tls");

        assertThat(new MeasuredRoofline(new StageCosts(costs, Map.of()), setting(StoreWrites.DIRECT)).bound(workload))
                .isEmpty();
    }

    @Test
    void import_diskRules() {
        assertMb(bound(Kind.IMPORT, "", setting(StoreWrites.BUFFERED)), 1140);
        assertMb(bound(Kind.IMPORT, "", setting(StoreWrites.DIRECT)), 1300);
    }

    @Test
    void importNocopy_hashingRules() {
        // 0.21 + 0.60 on two cores, less than hashing alone on all of them
        assertMb(bound(Kind.IMPORT_NOCOPY, "", setting(StoreWrites.DIRECT)), 2 * GIB_IN_MB / 0.81);
        stage(Stage.HASH_ALL, 2000, 0.70);
        assertMb(bound(Kind.IMPORT_NOCOPY, "", setting(StoreWrites.DIRECT)), 2000);
    }

    @Test
    void read_oneReaderRules() {
        assertMb(bound(Kind.READ_SEQUENTIAL, "", setting(StoreWrites.DIRECT)), 5000);
        assertMb(bound(Kind.READ_RANDOM, "", setting(StoreWrites.DIRECT)), 4500);
    }

    @Test
    void stageThatWasNotMeasured_isNamed() {
        costs.remove(Stage.DISK_WRITE_DIRECT);

        assertThatThrownBy(() -> bound(Kind.IMPORT, "", setting(StoreWrites.DIRECT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stage disk write, direct: not measured in this run");
    }
}
