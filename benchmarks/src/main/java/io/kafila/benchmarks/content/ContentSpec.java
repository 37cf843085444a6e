package io.kafila.benchmarks.content;

/**
 * What content is to be made.
 *
 * @param form one file, a folder of files, or a file of tensors
 * @param bytes of all files together
 * @param files how many
 */
public record ContentSpec(Form form, long bytes, int files) {
    /** The form of the content. */
    public enum Form {
        /** One file of random bytes. */
        FILE,
        /** A folder with files of the same size. */
        FOLDER,
        /** A safetensors file: a header that names the tensors, then random bytes. */
        TENSORS
    }

    private static final long LEAST_WARM_UP_BYTES = 1 << 20;

    public ContentSpec {
        if (bytes <= 0 || files <= 0 || bytes < files) {
            throw new IllegalArgumentException(
                    "content: " + bytes + " bytes in " + files + " files, want at least one each");
        }
        if (form == Form.TENSORS && bytes < Tensors.LEAST_BYTES) {
            throw new IllegalArgumentException("content: " + bytes + " bytes, want at least " + Tensors.LEAST_BYTES
                    + ", a tensor with its header");
        }
    }

    public static ContentSpec file(long bytes) {
        return new ContentSpec(Form.FILE, bytes, 1);
    }

    public static ContentSpec tensors(long bytes) {
        return new ContentSpec(Form.TENSORS, bytes, 1);
    }

    /** Files of {@code fileBytes} each. */
    public static ContentSpec folder(int files, long fileBytes) {
        return new ContentSpec(Form.FOLDER, files * fileBytes, files);
    }

    /** The same form at about a share of the size, for a warm-up. */
    public ContentSpec scaled(double share) {
        int fewer = form == Form.FOLDER ? Math.max(1, (int) (files * share)) : 1;
        long least = form == Form.TENSORS ? Tensors.LEAST_BYTES : LEAST_WARM_UP_BYTES;
        long less = form == Form.FOLDER ? bytes / files * fewer : Math.max(least, (long) (bytes * share));
        return new ContentSpec(form, Math.min(bytes, less), fewer);
    }
}
