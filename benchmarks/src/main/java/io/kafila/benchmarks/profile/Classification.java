package io.kafila.benchmarks.profile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table that says what a stack is busy with. Immutable.
 *
 * <p>The thread decides for the JVM's own threads. Else the innermost frame that any line of the table knows decides, and
 * of the lines that know it the first: so a copy within a cipher is a copy, the kernel's network below a write is the
 * socket's, a queue or a map belongs to whoever called it, and a library that does several things to who called that. A stack of
 * which no frame is known, as where the profiler could not walk it, belongs to what its thread is for.
 */
final class Classification {
    private record Rule(Work work, Pattern pattern) {
        static Rule of(Work work, String... alternatives) {
            return new Rule(work, Pattern.compile(String.join("|", alternatives)));
        }
    }

    private static final List<Rule> JVM_THREADS = List.of(
            Rule.of(Work.COMPILATION, "^C[12] Compiler", "^Sweeper", "^Code Cache"),
            Rule.of(
                    Work.GARBAGE_COLLECTION,
                    "^GC Thread",
                    "^G1 ",
                    "^VM Thread",
                    "^Concurrent Mark",
                    "^Reference Handler",
                    "^Finalizer",
                    "^Common-Cleaner"));

    private static final List<Rule> FRAMES = List.of(
            Rule.of(Work.COPY, "arraycopy", "^__mem(move|cpy|set)", "^Copy::", "^Unsafe_(Copy|Set)Memory"),
            Rule.of(Work.CHECKSUM, "CRC32"),
            Rule.of(
                    Work.HASH,
                    "^sha\\d*_",
                    "^EVP_Digest",
                    "NativeCrypto[._]EVP_1?Digest",
                    "^sun/security/provider/(SHA|Digest)",
                    "^java/security/MessageDigest",
                    "^io/kafila/multiformats/internal/hash",
                    "^io/kafila/multiformats/(Hash|Multihash.verifies)"),
            Rule.of(
                    Work.CIPHER,
                    "libnetty_tcnative",
                    "libcrypto",
                    "^io/netty/internal/tcnative/SSL\\.",
                    "^com/sun/crypto/provider",
                    "^org/conscrypt/NativeCrypto",
                    "^io/kafila/libp2p/internal/security/aead/LibCrypto",
                    "^(aes|gcm|[Cc]ha[Cc]ha20|poly1305|ghash)",
                    "_(aes|gcm|chacha20|poly1305)"),
            // The kernel. A page of a file that is brought in counts with files, one of fresh memory does not.
            Rule.of(
                    Work.SCHEDULING,
                    "^(finish_task_switch|__?schedule|io_schedule|schedule_|try_to_wake_up)",
                    "futex",
                    "^(do_|__x64_sys_|ep_)?e?poll",
                    "^eventfd",
                    "^__x64_sys_sched_yield",
                    "^pthread_cond",
                    "^__pthread_",
                    "^__lll_"),
            Rule.of(
                    Work.PAGE_FAULT,
                    "^(do_anonymous_page|clear_page|alloc_anon_folio|do_huge_pmd)",
                    "^clear_huge",
                    "^zap_",
                    "^unmap_"),
            Rule.of(
                    Work.FILES,
                    "^(ext4|xfs|btrfs|jbd2|iomap|filemap|mpage|blk|bio_|submit_bio|virtio|virtblk|nvme)",
                    "^(generic_(file|perform)|vfs_f|do_fsync|__x64_sys_(f|p)|shmem_|do_writepages|writeback|balance_dirty)",
                    "^(copy_folio|fault_in_iov|folio_|next_uptodate|do_fault|do_read_fault|page_cache|read_pages|readahead)",
                    "^(do_mmap|__x64_sys_m(map|unmap|advise)|__do_munmap|madvise)",
                    "^Java_sun_nio_ch_File",
                    "^sun/nio/ch/(File|UnixFile)",
                    "^java/nio/Mapped",
                    "^fdatasync$",
                    "^pwrite",
                    "^pread"),
            Rule.of(Work.PAGE_FAULT, "^(asm_)?exc_page_fault", "^handle_mm_fault", "^do_user_addr_fault"),
            Rule.of(
                    Work.SOCKET,
                    "^(tcp_|__tcp|ip_|__ip_|inet|sock_|__sock|sk_|skb_|__skb|release_sock|lock_sock)",
                    "^(__dev_queue|dev_hard|loopback|__netif|net_rx|process_backlog|nf_|simple_copy_to_iter)",
                    "^__x64_sys_(send|recv|connect|accept)",
                    "^(do_writev|writev|sendmsg|recv|read|write)$",
                    "^io/netty/channel/(unix|epoll/(Native|LinuxSocket))"),
            // Our own, and what they stand on.
            Rule.of(Work.INDEX, "rocksdb", "^org/rocksdb"),
            Rule.of(Work.YAMUX, "^io/kafila/libp2p/internal/yamux"),
            Rule.of(
                    Work.SECURE_CHANNEL,
                    "^io/netty/handler/ssl",
                    "^io/kafila/libp2p/internal/security",
                    "^org/conscrypt",
                    "^javax/crypto",
                    "^javax/net/ssl",
                    "^sun/security/ssl"),
            Rule.of(Work.BITSWAP, "^io/kafila/bitswap"),
            Rule.of(Work.STORE, "^io/kafila/blockstore"),
            Rule.of(Work.DAG, "^io/kafila/dag"),
            Rule.of(
                    Work.RPC,
                    "^io/kafila/(daemon|node)",
                    "^io/vertx",
                    "^com/fasterxml",
                    "^io/netty/handler/codec",
                    "^picocli"),
            Rule.of(Work.CONNECTION, "^io/kafila/libp2p", "^io/netty"),
            Rule.of(
                    Work.COMPILATION,
                    "^(SystemDictionary|ClassLoader|ClassFileParser|InstanceKlass::initialize)",
                    "^(LinkResolver|SharedRuntime::resolve)",
                    "^java/lang/ClassLoader",
                    "^CompilationPolicy"),
            Rule.of(
                    Work.SCHEDULING,
                    "^java/util/concurrent/(ThreadPool|Scheduled|locks|Linked|ForkJoin|Synchronous)",
                    "^jdk/internal/misc/Unsafe.(un)?park",
                    "^Unsafe_(Un)?[Pp]ark",
                    "^Parker::"));

    /** Of a library that both enciphers and hashes, without names of its own, where no caller says which. */
    private static final List<Rule> LIBRARIES = List.of(Rule.of(Work.CIPHER, "libconscrypt"));

    /** What a thread is for. */
    private static final List<Rule> THREADS = List.of(
            Rule.of(Work.CONNECTION, "^kafila-(io|memory|libp2p)"),
            Rule.of(Work.BITSWAP, "^bitswap"),
            Rule.of(Work.STORE, "^kafila-(disk|commit|maintain)"),
            Rule.of(Work.DAG, "^(kafila-)?(import|dag|worker)"),
            Rule.of(Work.INDEX, "^rocksdb"),
            Rule.of(Work.RPC, "^(vert\\.x|rpc|main)"));

    private Classification() {}

    static Work of(StackSample sample) {
        return first(JVM_THREADS, sample.thread())
                .or(() -> innermost(FRAMES, sample.frames()))
                .or(() -> innermost(LIBRARIES, sample.frames()))
                .or(() -> first(THREADS, sample.thread()))
                .orElse(Work.OTHER);
    }

    private static Optional<Work> innermost(List<Rule> rules, List<String> frames) {
        for (int i = frames.size() - 1; i >= 0; i--) {
            Optional<Work> work = first(rules, frames.get(i));
            if (work.isPresent()) {
                return work;
            }
        }
        return Optional.empty();
    }

    private static Optional<Work> first(List<Rule> rules, String name) {
        for (Rule rule : rules) {
            if (rule.pattern.matcher(name).find()) {
                return Optional.of(rule.work);
            }
        }
        return Optional.empty();
    }
}
