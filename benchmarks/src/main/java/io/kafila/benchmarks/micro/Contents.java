package io.kafila.benchmarks.micro;

import java.util.Random;

/** What the benchmarks have in common: bytes that do not compress, the same in every run. */
public final class Contents {
    /** Makes the thread of a fork use Netty's pool as an event loop does. */
    static final String POOL_IN_EVERY_THREAD = "-Dio.netty.allocator.useCacheForAllThreads=true";

    private static final long SEED = 0x6b6166696c61L;

    private Contents() {}

    public static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }
}
