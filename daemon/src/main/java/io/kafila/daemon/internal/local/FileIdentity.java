package io.kafila.daemon.internal.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which file a path names, as the system tells it: two that are equal are the same file in the same state, as far as the
 * system knows. Immutable.
 *
 * @param changed when the inode last changed, which no program can set back
 */
record FileIdentity(long device, long inode, long sizeBytes, Instant modified, Instant changed) {

    /** What is at a path that is no link; empty where it is no regular file, or the system has no such numbers. */
    static Optional<FileIdentity> of(Path file) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(
                    file, "unix:dev,ino,size,lastModifiedTime,ctime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // Not a system of inodes.
            return Optional.empty();
        }
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            return Optional.empty();
        }
        return Optional.of(new FileIdentity(
                number(attributes, "dev"),
                number(attributes, "ino"),
                number(attributes, "size"),
                time(attributes, "lastModifiedTime"),
                time(attributes, "ctime")));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return (Long) Objects.requireNonNull(attributes.get(name), name);
    }

    private static Instant time(Map<String, Object> attributes, String name) {
        return ((FileTime) Objects.requireNonNull(attributes.get(name), name)).toInstant();
    }

    /** One word. */
    String text() {
        return device + ":" + inode + ":" + sizeBytes + ":" + modified + ":" + changed;
    }
}
