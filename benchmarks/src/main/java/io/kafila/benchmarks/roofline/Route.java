package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.roofline.Setting.Sealing;
import io.kafila.benchmarks.roofline.Setting.Source;
import io.kafila.benchmarks.scenario.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stages that a workload cannot do without.
 *
 * @param sides the CPU work of each side, by the side's name
 * @param disk the stages whose throughput the disk gives
 * @param wire the stages whose throughput the socket gives; empty where nothing is sent
 * @param serial the stages that one thread does in order, however many cores there are
 * @param parallel the stages that all cores share, as a limit of their own
 */
record Route(List<Side> sides, List<Stage> disk, List<Stage> wire, List<Stage> serial, List<Stage> parallel) {
    /** What one peer does with the bytes. */
    record Side(String name, List<Stage> stages) {}

    /** The ciphers of a connection. */
    private record Ciphers(Stage seal, Stage open) {
        static Optional<Ciphers> of(String security, Sealing sealing) {
            boolean bare = sealing == Sealing.CIPHER;
            return switch (security) {
                case "tls" ->
                    Optional.of(
                            bare
                                    ? new Ciphers(Stage.AES_SEAL, Stage.AES_OPEN)
                                    : new Ciphers(Stage.TLS_SEAL, Stage.TLS_OPEN));
                case "noise" ->
                    Optional.of(
                            bare
                                    ? new Ciphers(Stage.CHACHA_SEAL, Stage.CHACHA_OPEN)
                                    : new Ciphers(Stage.NOISE_SEAL, Stage.NOISE_OPEN));
                default -> Optional.empty();
            };
        }
    }

    /** The route of a workload; empty for many small files, whose cost is not one of bytes, and for an unknown cipher. */
    static Optional<Route> of(Workload workload, Setting setting) {
        if (workload.bytes() < (long) workload.files() * workload.blockBytes()) {
            return Optional.empty();
        }
        Stage write = setting.storeWrites().stage();
        boolean cached = setting.source() == Source.PAGE_CACHE;
        Stage read = cached ? Stage.CACHE_READ : Stage.DISK_READ;
        List<Stage> source = cached ? List.of() : List.of(Stage.DISK_READ);
        return switch (workload.kind()) {
            case IMPORT ->
                Optional.of(new Route(
                        List.of(new Side("importer", List.of(read, Stage.HASH, write))),
                        with(source, write),
                        List.of(),
                        List.of(),
                        List.of(Stage.HASH_ALL)));
            case IMPORT_NOCOPY ->
                Optional.of(new Route(
                        List.of(new Side("importer", List.of(read, Stage.HASH))),
                        source,
                        List.of(),
                        List.of(),
                        List.of(Stage.HASH_ALL)));
            case READ_SEQUENTIAL -> Optional.of(reading(read, source));
            case READ_RANDOM -> Optional.of(reading(cached ? Stage.CACHE_READ_RANDOM : Stage.DISK_READ, source));
            case TRANSFER ->
                Ciphers.of(workload.security(), setting.sealing())
                        .map(ciphers -> transfer(cached ? Stage.CACHE_READ_MAPPED : read, source, ciphers, write));
            // Round trips, not bytes, decide how soon a file begins.
            case FIRST_BYTES -> Optional.empty();
        };
    }

    /** One reader, who waits for what it reads. */
    private static Route reading(Stage read, List<Stage> source) {
        return new Route(List.of(new Side("reader", List.of(read))), source, List.of(), List.of(read), List.of());
    }

    private static Route transfer(Stage read, List<Stage> source, Ciphers ciphers, Stage write) {
        return new Route(
                List.of(
                        new Side("sender", List.of(read, ciphers.seal, Stage.SOCKET_SEND)),
                        new Side("receiver", List.of(Stage.SOCKET_RECEIVE, ciphers.open, Stage.HASH, write))),
                with(source, write),
                List.of(Stage.SOCKET_SEND, Stage.SOCKET_RECEIVE),
                List.of(ciphers.seal, ciphers.open),
                List.of(Stage.HASH_ALL));
    }

    private static List<Stage> with(List<Stage> stages, Stage stage) {
        List<Stage> all = new ArrayList<>(stages);
        all.add(stage);
        return all;
    }
}
