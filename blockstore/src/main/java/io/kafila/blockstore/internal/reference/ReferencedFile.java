package io.kafila.blockstore.internal.reference;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.ChangedFileException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A reference to a range of a user's file, with the size and modification time that the file had when the reference was
 * stored. Immutable.
 */
public record ReferencedFile(FileReference reference, long fileSizeBytes, Instant modified) {

    /**
     * Looks at the file.
     *
     * @throws BlockstoreException if it is absent or shorter than the reference
     */
    public static ReferencedFile stat(FileReference reference) {
        Path file = reference.file();
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("file reference: path " + file + " is relative, want an absolute one");
        }
        if (reference.offset() < 0 || reference.sizeBytes() < 0) {
            throw new IllegalArgumentException("file reference: " + reference.sizeBytes() + " bytes at offset "
                    + reference.offset() + " of " + file + ", want neither negative");
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            throw new BlockstoreException("cannot reference " + file + ": " + e, e);
        }
        if (reference.offset() > attributes.size() - reference.sizeBytes()) {
            throw new BlockstoreException("cannot reference " + reference.sizeBytes() + " bytes at offset "
                    + reference.offset() + " of " + file + ": the file has " + attributes.size() + " bytes");
        }
        return new ReferencedFile(
                reference, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    /**
     * Reads the block and checks the file's size, its modification time and the block's hash.
     *
     * @param into memory for the bytes, filled from its position to its limit
     * @param cid the Cid that was asked for
     * @throws ChangedFileException if anything differs
     */
    public void read(Cid cid, ByteBuffer into) {
        Path file = reference.file();
        ByteBuffer content = into.duplicate();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size != fileSizeBytes) {
                throw changed(cid, "its size is " + size + " bytes, was " + fileSizeBytes);
            }
            Instant now = Files.getLastModifiedTime(file).toInstant();
            if (!now.equals(modified)) {
                throw changed(cid, "its modification time is " + now + ", was " + modified);
            }
            while (into.hasRemaining()) {
                if (channel.read(into, reference.offset() + into.position() - content.position()) < 0) {
                    throw changed(cid, "it ends before the block does");
                }
            }
        } catch (NoSuchFileException e) {
            throw changed(cid, "it is gone");
        } catch (IOException e) {
            throw new BlockstoreException("cannot read " + place() + " for block " + cid + ": " + e, e);
        }
        try (Payload payload = Payload.of(content)) {
            if (!cid.multihash().verifies(payload)) {
                throw changed(cid, "the bytes do not match the hash");
            }
        }
    }

    private String place() {
        return reference.sizeBytes() + " bytes at offset " + reference.offset() + " of " + reference.file();
    }

    private ChangedFileException changed(Cid cid, String difference) {
        return new ChangedFileException(
                reference.file(),
                "file " + reference.file() + " has changed, so block " + cid + " at offset " + reference.offset()
                        + " is lost: " + difference);
    }
}
