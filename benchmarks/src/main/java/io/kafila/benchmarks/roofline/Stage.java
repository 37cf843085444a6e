package io.kafila.benchmarks.roofline;

/** A step that bytes pass on their way, measured alone. */
public enum Stage {
    DISK_WRITE_BUFFERED("disk write", "new file through the page cache, forced at its end"),
    DISK_WRITE_DIRECT("disk write, direct", "new file with O_DIRECT, forced at its end"),
    DISK_READ("disk read", "O_DIRECT, in order"),
    CACHE_READ("cached read", "positional, in order, from the page cache into one buffer"),
    CACHE_READ_RANDOM("cached read, random", "positional, 1 MiB at random places, from the page cache"),
    CACHE_READ_MAPPED("cached read, mapped", "a mapping of cached pages made and one byte of each page touched"),
    HASH("SHA-256", "arrays of 1 MiB, one thread"),
    HASH_ALL("SHA-256, all cores", "arrays of 1 MiB, one thread for each core"),
    AES_SEAL("AES-128-GCM seal", "messages of 256 KiB"),
    AES_OPEN("AES-128-GCM open", "messages of 256 KiB"),
    CHACHA_SEAL("ChaCha20-Poly1305 seal", "messages of 65,519 bytes"),
    CHACHA_OPEN("ChaCha20-Poly1305 open", "messages of 65,519 bytes"),
    TLS_SEAL("TLS channel, sealing", "the whole channel in memory, 1 MiB writes"),
    TLS_OPEN("TLS channel, opening", "the whole channel in memory"),
    NOISE_SEAL("Noise channel, sealing", "the whole channel in memory, 1 MiB writes"),
    NOISE_OPEN("Noise channel, opening", "the whole channel in memory"),
    SOCKET_SEND("socket send", "loopback TCP, 1 MiB writes"),
    SOCKET_RECEIVE("socket receive", "loopback TCP, reads of up to 256 KiB"),
    STORE_WRITE("store write", "blocks of 1 MiB put, durable, without hashing"),
    STORE_READ("store read", "blocks of 1 MiB got in order, a byte of each page touched");

    private final String label;
    private final String how;

    Stage(String label, String how) {
        this.label = label;
        this.how = how;
    }

    /** What a table and a formula call it. */
    public String label() {
        return label;
    }

    /** How it is measured. */
    public String how() {
        return how;
    }
}
