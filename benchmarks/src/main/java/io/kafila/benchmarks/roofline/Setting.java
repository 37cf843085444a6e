package io.kafila.benchmarks.roofline;

import java.util.OptionalLong;

/**
 * What a bound depends on besides the stages.
 *
 * @param cores how many the peers share
 * @param storeWrites how the store writes payloads
 * @param source where what is read lies
 * @param sealing what of the secure channel counts
 * @param link bytes a second of the link between the peers, empty for loopback, whose socket is measured
 */
public record Setting(int cores, StoreWrites storeWrites, Source source, Sealing sealing, OptionalLong link) {
    /** How the store writes payloads. */
    public enum StoreWrites {
        BUFFERED(Stage.DISK_WRITE_BUFFERED),
        DIRECT(Stage.DISK_WRITE_DIRECT);

        private final Stage stage;

        StoreWrites(Stage stage) {
            this.stage = stage;
        }

        Stage stage() {
            return stage;
        }
    }

    /** Where what is read lies. */
    public enum Source {
        PAGE_CACHE,
        DISK
    }

    /** What of the secure channel counts. */
    public enum Sealing {
        /** The cipher alone; records, frames and the copies around them count as zero. */
        CIPHER,
        /** The whole channel, as the provider makes it. */
        CHANNEL
    }

    public Setting {
        if (cores < 1) {
            throw new IllegalArgumentException("roofline: " + cores + " cores, want at least 1");
        }
    }

    /** This machine, with what is read in the page cache, the bare cipher, and loopback. */
    public static Setting here(StoreWrites storeWrites) {
        return new Setting(
                Runtime.getRuntime().availableProcessors(),
                storeWrites,
                Source.PAGE_CACHE,
                Sealing.CIPHER,
                OptionalLong.empty());
    }

    public Setting withSource(Source value) {
        return new Setting(cores, storeWrites, value, sealing, link);
    }

    public Setting withLink(long bytesPerSecond) {
        return new Setting(cores, storeWrites, source, sealing, OptionalLong.of(bytesPerSecond));
    }

    public Setting withSealing(Sealing value) {
        return new Setting(cores, storeWrites, source, value, link);
    }
}
