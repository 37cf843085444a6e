package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * References as the index keeps them: offset, size, size of the file as varints, modification time as seconds (8) and
 * nanoseconds (4), the Cid with its length before it, the path in UTF-8.
 */
final class References {
    private References() {}

    static byte[] encode(ReferencedFile file) {
        FileReference reference = file.reference();
        byte[] cid = reference.cid().bytes();
        Instant modified = file.modified();
        byte[] path = reference.file().toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(Varint.size(reference.offset())
                + Varint.size(reference.sizeBytes())
                + Varint.size(file.fileSizeBytes())
                + Long.BYTES
                + Integer.BYTES
                + Varint.size(cid.length)
                + cid.length
                + path.length);
        Varint.write(out, reference.offset());
        Varint.write(out, reference.sizeBytes());
        Varint.write(out, file.fileSizeBytes());
        out.putLong(modified.getEpochSecond()).putInt(modified.getNano());
        Varint.write(out, cid.length);
        return out.put(cid).put(path).array();
    }

    static ReferencedFile decode(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        try {
            long offset = Varint.read(in);
            int sizeBytes = Math.toIntExact(Varint.read(in));
            long fileSizeBytes = Varint.read(in);
            Instant modified = Instant.ofEpochSecond(in.getLong(), in.getInt());
            byte[] cid = new byte[Math.toIntExact(Math.min(Varint.read(in), in.remaining()))];
            in.get(cid);
            Path path = Path.of(StandardCharsets.UTF_8.decode(in).toString());
            return new ReferencedFile(
                    new FileReference(Cid.decode(cid), path, offset, sizeBytes), fileSizeBytes, modified);
        } catch (MultiformatException | ArithmeticException | java.nio.BufferUnderflowException e) {
            throw new BlockstoreException("index: a file reference of " + value.length + " bytes that is cut", e);
        }
    }
}
