package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.Chunker;
import io.kafila.dag.unixfs.DirectorySizeEstimation;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportOptions;
import io.kafila.dag.unixfs.ImportProfile;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Import options with every open question answered, by the rules of Kubo 0.42 (core/commands/add.go and
 * core/coreiface/options/unixfs.go). Immutable.
 *
 * <p>They differ in one thing: what a profile implies gives way to what the user asks for, where Kubo refuses because the
 * profile has set it.
 */
public record ImportPlan(
        int cidVersion,
        boolean rawLeaves,
        HashFunction hash,
        int inlineLimit,
        Chunker.Factory chunker,
        boolean trickle,
        int maxFileLinks,
        int maxDirectoryLinks,
        int maxHamtFanout,
        long hamtThresholdBytes,
        DirectorySizeEstimation sizeEstimation,
        boolean preserveMode,
        boolean preserveMtime,
        OptionalInt mode,
        Optional<Instant> mtime,
        boolean emptyDirs,
        boolean onlyHash,
        boolean noCopy,
        boolean wrap) {

    /** @throws IllegalArgumentException if the options exclude one another */
    public static ImportPlan of(ImportOptions options) {
        if (options.hash() != HashFunction.IDENTITY) {
            DigestPolicy.check(new Cid.Prefix(
                    1,
                    Multicodec.RAW.code(),
                    options.hash().code(),
                    options.hash().defaultLength()));
        }
        int cidVersion = cidVersion(options);
        boolean rawLeaves = rawLeaves(options, cidVersion);
        if (options.inline() && (options.inlineLimit() < 0 || options.inlineLimit() > ImportOptions.MAX_INLINE_BYTES)) {
            throw new IllegalArgumentException("inline-limit " + options.inlineLimit()
                    + " exceeds maximum allowed size of " + ImportOptions.MAX_INLINE_BYTES + " bytes");
        }
        int fanout = options.maxHamtFanout();
        if (fanout < 8 || fanout > ImportOptions.MAX_HAMT_FANOUT || Integer.bitCount(fanout) != 1) {
            throw new IllegalArgumentException("HAMT fanout must be a power of 2, between 8 and "
                    + ImportOptions.MAX_HAMT_FANOUT + " (got " + fanout + ")");
        }
        if (options.maxFileLinks() < 2) {
            throw new IllegalArgumentException("max-file-links: " + options.maxFileLinks() + ", want at least 2");
        }
        if (options.maxDirectoryLinks() < 0 || options.hamtThresholdBytes() < 0) {
            throw new IllegalArgumentException("max-directory-links: " + options.maxDirectoryLinks()
                    + ", sharding threshold: " + options.hamtThresholdBytes() + " bytes, want neither below 0");
        }
        return new ImportPlan(
                cidVersion,
                rawLeaves,
                options.hash(),
                options.inline() ? options.inlineLimit() : -1,
                options.chunker(),
                options.trickle(),
                options.maxFileLinks(),
                options.maxDirectoryLinks(),
                fanout,
                options.hamtThresholdBytes(),
                options.sizeEstimation(),
                options.preserveMode() && options.mode().isEmpty(),
                options.preserveMtime() && options.mtime().isEmpty(),
                storedMode(options.mode()),
                options.mtime(),
                options.emptyDirs(),
                options.onlyHash(),
                options.noCopy(),
                options.wrap());
    }

    private static int cidVersion(ImportOptions options) {
        boolean sha256 = options.hash() == HashFunction.SHA2_256;
        if (options.cidVersion().isEmpty()) {
            return sha256 && options.profile() == ImportProfile.UNIXFS_V0_2015 ? 0 : 1;
        }
        int version = options.cidVersion().getAsInt();
        if (version != 0 && version != 1) {
            throw new IllegalArgumentException("unknown CID version: " + version);
        }
        if (version == 0 && !sha256) {
            throw new IllegalArgumentException("CIDv0 only supports sha2-256");
        }
        return version;
    }

    private static boolean rawLeaves(ImportOptions options, int cidVersion) {
        boolean metadata = options.preserveMode()
                || options.preserveMtime()
                || options.mode().isPresent()
                || options.mtime().isPresent();
        if (metadata && options.rawLeaves().orElse(false)) {
            throw new IllegalArgumentException(
                    "raw-leaves can't be used with UnixFS metadata like mode or modification time");
        }
        if (options.noCopy()) {
            if (metadata || !options.rawLeaves().orElse(true)) {
                throw new IllegalArgumentException("nocopy option requires '--raw-leaves' to be enabled as well");
            }
            return true;
        }
        if (metadata) {
            return false;
        }
        return options.rawLeaves().orElse(cidVersion > 0 || options.profile() == ImportProfile.UNIXFS_V1_2025);
    }

    /** Kubo reads the flag as Go's os.FileMode, whose special bits lie elsewhere: they are lost. */
    private static OptionalInt storedMode(OptionalInt mode) {
        int bits = mode.orElse(0) & 0777;
        return bits == 0 ? OptionalInt.empty() : OptionalInt.of(bits);
    }

    /** Whether chunks of this size become raw leaves whose bytes are hashed and not stored, so that nobody need keep them. */
    boolean onlyHashes(int chunkBytes) {
        return (noCopy || onlyHash) && rawLeaves && !inlines(chunkBytes);
    }

    /** The permissions to store for an entry. A symlink has none, as in Kubo. */
    public OptionalInt modeOf(ImportEntry entry) {
        if (entry.kind() == ImportEntry.Kind.SYMLINK) {
            return OptionalInt.empty();
        }
        OptionalInt value = preserveMode ? entry.mode() : mode;
        return value.orElse(0) == 0 ? OptionalInt.empty() : OptionalInt.of(value.getAsInt() & 07777);
    }

    /** The time to store for an entry. */
    public Optional<Instant> mtimeOf(ImportEntry entry) {
        return preserveMtime ? entry.mtime() : mtime;
    }

    /** Whether a block of this size has its bytes in its Cid. */
    boolean inlines(int sizeBytes) {
        return sizeBytes <= inlineLimit;
    }

    /** The Cid of a block in pieces. CPU-bound: one pass over its bytes. */
    public Cid cidOf(Multicodec codec, List<ByteBuffer> pieces, int sizeBytes) {
        if (inlines(sizeBytes)) {
            ByteBuffer whole = ByteBuffer.allocate(sizeBytes);
            pieces.forEach(piece -> whole.put(piece.duplicate()));
            return Cid.v1(codec, Multihash.of(HashFunction.IDENTITY, whole.array()));
        }
        return cidOf(codec, hash.digest(pieces));
    }

    /** The Cid of a block that is not inlined, by its digest. */
    Cid cidOf(Multicodec codec, Multihash multihash) {
        return cidVersion == 0 && codec.equals(Multicodec.DAG_PB) ? Cid.v0(multihash) : Cid.v1(codec, multihash);
    }
}
