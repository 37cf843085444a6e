package io.kafila.dag.unixfs;

import io.kafila.dag.unixfs.internal.ImportPlan;
import io.kafila.multiformats.HashFunction;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How an import makes blocks: a profile, and what departs from it, named as the flags of {@code ipfs add}. Immutable.
 *
 * <p>Whether options go together is known when an import starts, or by {@link #check()}.
 */
public final class ImportOptions {
    /** The largest block that may be inlined, that of boxo's verifcid. */
    public static final int MAX_INLINE_BYTES = 128;

    /** The widest shard (CVE-2023-23625). */
    public static final int MAX_HAMT_FANOUT = 1024;

    private final Fields fields;

    private ImportOptions(Fields fields) {
        this.fields = fields;
    }

    /** {@link ImportProfile#UNIXFS_V1_2025} and nothing else. */
    public static ImportOptions defaults() {
        return of(ImportProfile.UNIXFS_V1_2025);
    }

    public static ImportOptions of(ImportProfile profile) {
        Fields fields = new Fields();
        fields.profile = profile;
        switch (profile) {
            case UNIXFS_V1_2025 -> {
                fields.chunker = Chunkers.size(1024 * 1024);
                fields.maxFileLinks = 1024;
                fields.sizeEstimation = DirectorySizeEstimation.BLOCK;
            }
            case UNIXFS_V0_2015 -> {
                fields.chunker = Chunkers.size(256 * 1024);
                fields.maxFileLinks = 174;
                fields.sizeEstimation = DirectorySizeEstimation.LINKS;
            }
        }
        return new ImportOptions(fields);
    }

    /** @throws IllegalArgumentException if these options exclude one another; the message is the one that Kubo gives */
    public void check() {
        ImportPlan.of(this);
    }

    public ImportProfile profile() {
        return fields.profile;
    }

    /** What was asked for; otherwise the profile and the hash function decide. */
    public OptionalInt cidVersion() {
        return fields.cidVersion;
    }

    /** @param value 0 or 1 */
    public ImportOptions withCidVersion(int value) {
        return with(f -> f.cidVersion = OptionalInt.of(value));
    }

    /** What was asked for; otherwise raw leaves go with CIDv1, and with {@link ImportProfile#UNIXFS_V1_2025}. */
    public Optional<Boolean> rawLeaves() {
        return fields.rawLeaves;
    }

    public ImportOptions withRawLeaves(boolean value) {
        return with(f -> f.rawLeaves = Optional.of(value));
    }

    public Chunker.Factory chunker() {
        return fields.chunker;
    }

    /** @throws IllegalArgumentException as {@link Chunkers#parse} */
    public ImportOptions withChunker(String spec) {
        return withChunker(Chunkers.parse(spec));
    }

    public ImportOptions withChunker(Chunker.Factory value) {
        return with(f -> f.chunker = value);
    }

    public HashFunction hash() {
        return fields.hash;
    }

    /** Another than sha2-256 implies CIDv1. */
    public ImportOptions withHash(HashFunction value) {
        return with(f -> f.hash = value);
    }

    public boolean inline() {
        return fields.inline;
    }

    /** Whether blocks of at most {@link #inlineLimit()} bytes become a part of their Cid. */
    public ImportOptions withInline(boolean value) {
        return with(f -> f.inline = value);
    }

    /** In bytes, inclusive; 32 by default. */
    public int inlineLimit() {
        return fields.inlineLimit;
    }

    public ImportOptions withInlineLimit(int value) {
        return with(f -> f.inlineLimit = value);
    }

    public boolean trickle() {
        return fields.trickle;
    }

    /** Trickle layout in place of balanced. */
    public ImportOptions withTrickle(boolean value) {
        return with(f -> f.trickle = value);
    }

    public int maxFileLinks() {
        return fields.maxFileLinks;
    }

    public ImportOptions withMaxFileLinks(int value) {
        return with(f -> f.maxFileLinks = value);
    }

    /** The most entries of a plain directory; 0 for no such limit. */
    public int maxDirectoryLinks() {
        return fields.maxDirectoryLinks;
    }

    public ImportOptions withMaxDirectoryLinks(int value) {
        return with(f -> f.maxDirectoryLinks = value);
    }

    public int maxHamtFanout() {
        return fields.maxHamtFanout;
    }

    /** @param value a power of two from 8 to {@value #MAX_HAMT_FANOUT} */
    public ImportOptions withMaxHamtFanout(int value) {
        return with(f -> f.maxHamtFanout = value);
    }

    /** A directory larger than this many bytes is sharded; 0 for never. */
    public long hamtThresholdBytes() {
        return fields.hamtThresholdBytes;
    }

    public ImportOptions withHamtThresholdBytes(long value) {
        return with(f -> f.hamtThresholdBytes = value);
    }

    public DirectorySizeEstimation sizeEstimation() {
        return fields.sizeEstimation;
    }

    public ImportOptions withSizeEstimation(DirectorySizeEstimation value) {
        return with(f -> f.sizeEstimation = value);
    }

    public boolean preserveMode() {
        return fields.preserveMode;
    }

    /** Whether the permissions of the entries are stored; then leaves are not raw. */
    public ImportOptions withPreserveMode(boolean value) {
        return with(f -> f.preserveMode = value);
    }

    public boolean preserveMtime() {
        return fields.preserveMtime;
    }

    /** Whether the times of the entries are stored; then leaves are not raw. */
    public ImportOptions withPreserveMtime(boolean value) {
        return with(f -> f.preserveMtime = value);
    }

    public OptionalInt mode() {
        return fields.mode;
    }

    /** Permissions for all files and directories; only the lowest nine bits are stored, as by Kubo. 0 for none. */
    public ImportOptions withMode(int value) {
        return with(f -> f.mode = value == 0 ? OptionalInt.empty() : OptionalInt.of(value));
    }

    public Optional<Instant> mtime() {
        return fields.mtime;
    }

    /** A time for all entries. */
    public ImportOptions withMtime(Instant value) {
        return with(f -> f.mtime = Optional.of(value));
    }

    public boolean emptyDirs() {
        return fields.emptyDirs;
    }

    /** Whether directories without entries are imported below the topmost; they are by default. */
    public ImportOptions withEmptyDirs(boolean value) {
        return with(f -> f.emptyDirs = value);
    }

    public boolean onlyHash() {
        return fields.onlyHash;
    }

    /** Whether nothing is stored. */
    public ImportOptions withOnlyHash(boolean value) {
        return with(f -> f.onlyHash = value);
    }

    public boolean noCopy() {
        return fields.noCopy;
    }

    /** Whether leaves are stored as references to the user's files; then leaves are raw. */
    public ImportOptions withNoCopy(boolean value) {
        return with(f -> f.noCopy = value);
    }

    public boolean wrap() {
        return fields.wrap;
    }

    /** Whether the topmost entries are put into one directory more. */
    public ImportOptions withWrap(boolean value) {
        return with(f -> f.wrap = value);
    }

    private ImportOptions with(Consumer<Fields> change) {
        Fields changed = new Fields(fields);
        change.accept(changed);
        return new ImportOptions(changed);
    }

    /** Written only before its owner is published. */
    private static final class Fields {
        ImportProfile profile = ImportProfile.UNIXFS_V1_2025;
        OptionalInt cidVersion = OptionalInt.empty();
        Optional<Boolean> rawLeaves = Optional.empty();
        Chunker.Factory chunker = Chunkers.size(1024 * 1024);
        HashFunction hash = HashFunction.SHA2_256;
        boolean inline;
        int inlineLimit = 32;
        boolean trickle;
        int maxFileLinks;
        int maxDirectoryLinks;
        int maxHamtFanout = 256;
        long hamtThresholdBytes = 256 * 1024;
        DirectorySizeEstimation sizeEstimation = DirectorySizeEstimation.BLOCK;
        boolean preserveMode;
        boolean preserveMtime;
        OptionalInt mode = OptionalInt.empty();
        Optional<Instant> mtime = Optional.empty();
        boolean emptyDirs = true;
        boolean onlyHash;
        boolean noCopy;
        boolean wrap;

        Fields() {}

        Fields(Fields from) {
            profile = from.profile;
            cidVersion = from.cidVersion;
            rawLeaves = from.rawLeaves;
            chunker = from.chunker;
            hash = from.hash;
            inline = from.inline;
            inlineLimit = from.inlineLimit;
            trickle = from.trickle;
            maxFileLinks = from.maxFileLinks;
            maxDirectoryLinks = from.maxDirectoryLinks;
            maxHamtFanout = from.maxHamtFanout;
            hamtThresholdBytes = from.hamtThresholdBytes;
            sizeEstimation = from.sizeEstimation;
            preserveMode = from.preserveMode;
            preserveMtime = from.preserveMtime;
            mode = from.mode;
            mtime = from.mtime;
            emptyDirs = from.emptyDirs;
            onlyHash = from.onlyHash;
            noCopy = from.noCopy;
            wrap = from.wrap;
        }
    }
}
