package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A model file and a folder of many files go between Kafila and each foreign peer, both ways, byte for byte, started cold
 * by only {@code swarm connect} and a Cid.
 */
class TransferInteropIT {
    private static final long BYTES = Long.getLong("kafila.interop.bytes", 256L << 20);
    private static final int FILES = 10_000;

    /** For all cells but one in each direction, so that the suite stays short; as many as {@link #FILES} where asked. */
    private static final int FEW_FILES = Integer.getInteger("kafila.interop.files", 1_000);

    @TempDir
    static Path shared;

    private static Path model;
    private static Path folder;
    private static Path smallFolder;

    @BeforeAll
    static void makeSamples() {
        model = Sample.safetensors(shared.resolve("model.safetensors"), BYTES, 1);
        folder = Sample.folder(shared.resolve("dataset"), FILES, 2);
        smallFolder = Sample.folder(shared.resolve("small-dataset"), FEW_FILES, 3);
    }

    @ParameterizedTest
    @CsvSource({"tls,262144", "tls,1048576", "noise,262144", "noise,1048576"})
    void kafilaToKubo(String security, int chunkBytes, @TempDir Path home) {
        try (Daemon kafila = Daemon.kafila(home.resolve("kafila"))
                        .onlySecurity(security)
                        .start();
                Daemon kubo =
                        Daemon.kubo(home.resolve("kubo")).onlySecurity(security).start()) {
            transfer(kafila, kubo, chunkBytes, dataset(security, chunkBytes), home);
        }
    }

    @ParameterizedTest
    @CsvSource({"tls,262144", "tls,1048576", "noise,262144", "noise,1048576"})
    void kuboToKafila(String security, int chunkBytes, @TempDir Path home) {
        try (Daemon kafila = Daemon.kafila(home.resolve("kafila"))
                        .onlySecurity(security)
                        .start();
                Daemon kubo =
                        Daemon.kubo(home.resolve("kubo")).onlySecurity(security).start()) {
            transfer(kubo, kafila, chunkBytes, dataset(security, chunkBytes), home);
        }
    }

    private static Path dataset(String security, int chunkBytes) {
        return security.equals("tls") && chunkBytes == 1 << 20 ? folder : smallFolder;
    }

    private static void transfer(Daemon from, Daemon to, int chunkBytes, Path folder, Path home) {
        String file = add(from, chunkBytes, model, "-Q");
        String tree = add(from, chunkBytes, folder, "-r", "-Q");
        to.connect(from);
        String security = to.json("swarm", "peers", "--enc=json").toString();
        assertThat(security).contains(from.json("id", "--enc=json").get("ID").asText());

        to.exec("get", "-o", home.resolve("model").toString(), file).ok();
        assertThat(Sample.sha256(home.resolve("model"))).isEqualTo(Sample.sha256(model));
        to.exec("get", "-o", home.resolve("tree").toString(), tree).ok();
        assertThat(Sample.fingerprints(home.resolve("tree"))).isEqualTo(Sample.fingerprints(folder));
    }

    private static String add(Daemon daemon, int chunkBytes, Path path, String... flags) {
        return daemon.command("add", "--cid-version=1", "--raw-leaves", "--chunker=size-" + chunkBytes)
                .and(flags)
                .and(path.toString())
                .env("IPFS_PATH", daemon.repo().toString())
                .run()
                .ok()
                .line();
    }

    @ParameterizedTest
    @CsvSource({"tls,262144", "tls,1048576", "noise,262144", "noise,1048576"})
    void kafilaToHelia(String security, int chunkBytes, @TempDir Path home) {
        try (Daemon kafila = Daemon.kafila(home.resolve("kafila")).start();
                Helia helia = Helia.start(home.resolve("helia"), security)) {
            String file = add(kafila, chunkBytes, model, "-Q");
            String tree = add(kafila, chunkBytes, smallFolder, "-r", "-Q");
            helia.connect(kafila.address());
            helia.get(file, home.resolve("model"));
            assertThat(Sample.sha256(home.resolve("model"))).isEqualTo(Sample.sha256(model));
            helia.get(tree, home.resolve("tree"));
            assertThat(Sample.fingerprints(home.resolve("tree"))).isEqualTo(Sample.fingerprints(smallFolder));
        }
    }

    @ParameterizedTest
    @CsvSource({"tls,262144", "tls,1048576", "noise,262144", "noise,1048576"})
    void heliaToKafila(String security, int chunkBytes, @TempDir Path home) {
        try (Daemon kafila = Daemon.kafila(home.resolve("kafila")).start();
                Helia helia = Helia.start(home.resolve("helia"), security)) {
            String file = helia.add(model, chunkBytes);
            String tree = helia.add(smallFolder, chunkBytes);
            kafila.exec("swarm", "connect", helia.address()).ok();
            kafila.exec("get", "-o", home.resolve("model").toString(), file).ok();
            assertThat(Sample.sha256(home.resolve("model"))).isEqualTo(Sample.sha256(model));
            kafila.exec("get", "-o", home.resolve("tree").toString(), tree).ok();
            assertThat(Sample.fingerprints(home.resolve("tree"))).isEqualTo(Sample.fingerprints(smallFolder));
        }
    }
}
