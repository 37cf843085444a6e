package io.kafila.benchmarks.content;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The layout of a safetensors file of tensors of 4 MiB: eight bytes with the header's length, little endian, the header in
 * JSON, then the data.
 */
public final class Tensors {
    /** The bytes of one tensor. */
    public static final int TENSOR_BYTES = 4 << 20;

    /** The shortest file: the header of one tensor, and that tensor. */
    static final int LEAST_BYTES = header(TENSOR_BYTES).length + TENSOR_BYTES;

    private Tensors() {}

    /** The beginning of a file of {@code bytes}, up to its first tensor. */
    static byte[] header(long bytes) {
        long tensors = Math.max(1, bytes / TENSOR_BYTES - 1);
        StringBuilder json = new StringBuilder("{");
        for (long i = 0; i < tensors; i++) {
            long from = i * TENSOR_BYTES;
            json.append(i == 0 ? "" : ",")
                    .append("\"layer.")
                    .append(i)
                    .append(".weight\":{\"dtype\":\"F32\",\"shape\":[1024,1024],\"data_offsets\":[")
                    .append(from)
                    .append(',')
                    .append(from + TENSOR_BYTES)
                    .append("]}");
        }
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    /** Where the first tensor begins, from the first eight bytes of a file. */
    public static long firstTensor(byte[] beginning) {
        return Long.BYTES
                + ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
