package io.kafila.benchmarks.profile;

/** What a processor can be busy with; the lines of a profile, in their order. */
enum Work {
    SOCKET("socket: system calls and the kernel's network"),
    CIPHER("cipher"),
    SECURE_CHANNEL("secure channel: records and frames around the cipher"),
    YAMUX("yamux"),
    CONNECTION("event loop, pipeline, streams"),
    BITSWAP("bitswap"),
    HASH("hash"),
    STORE("store"),
    CHECKSUM("store: checksums"),
    INDEX("index (RocksDB)"),
    FILES("files: system calls, page cache, block layer"),
    COPY("copies and clearing of memory"),
    DAG("UnixFS and DAG"),
    RPC("RPC and command line"),
    PAGE_FAULT("page faults"),
    SCHEDULING("waiting, waking, thread pools"),
    GARBAGE_COLLECTION("garbage collection"),
    COMPILATION("JIT compilation and class loading"),
    OTHER("other");

    private final String label;

    Work(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
