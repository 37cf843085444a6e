package io.kafila.dag.car;

/**
 * What a {@link CarReader} accepts.
 *
 * @param maxHeaderBytes the longest header
 * @param maxSectionBytes the longest section, which is a Cid and its block
 * @param zeroLengthSectionAsEnd whether a section of no bytes ends the archive, as padding does that some writers leave
 *     behind; otherwise it is an error
 * @param verify whether every block is hashed; without it the caller vouches for the archive
 * @param batchBytes how many bytes of blocks one call reads at most, unless a single block is larger
 */
public record CarReadOptions(
        int maxHeaderBytes, int maxSectionBytes, boolean zeroLengthSectionAsEnd, boolean verify, int batchBytes) {

    /** The limits of go-car: headers of 32 MiB, sections of 8 MiB; no padding, everything verified, 4 MiB at a time. */
    public static final CarReadOptions DEFAULT =
            new CarReadOptions(32 * 1024 * 1024, 8 * 1024 * 1024, false, true, 4 * 1024 * 1024);

    public CarReadOptions {
        if (maxHeaderBytes < 1 || maxSectionBytes < 1 || batchBytes < 1) {
            throw new IllegalArgumentException("car options: header of " + maxHeaderBytes + ", section of "
                    + maxSectionBytes + ", batch of " + batchBytes + " bytes, want at least 1");
        }
    }

    public CarReadOptions withMaxHeaderBytes(int value) {
        return new CarReadOptions(value, maxSectionBytes, zeroLengthSectionAsEnd, verify, batchBytes);
    }

    public CarReadOptions withMaxSectionBytes(int value) {
        return new CarReadOptions(maxHeaderBytes, value, zeroLengthSectionAsEnd, verify, batchBytes);
    }

    public CarReadOptions withZeroLengthSectionAsEnd(boolean value) {
        return new CarReadOptions(maxHeaderBytes, maxSectionBytes, value, verify, batchBytes);
    }

    public CarReadOptions withVerify(boolean value) {
        return new CarReadOptions(maxHeaderBytes, maxSectionBytes, zeroLengthSectionAsEnd, value, batchBytes);
    }

    public CarReadOptions withBatchBytes(int value) {
        return new CarReadOptions(maxHeaderBytes, maxSectionBytes, zeroLengthSectionAsEnd, verify, value);
    }
}
