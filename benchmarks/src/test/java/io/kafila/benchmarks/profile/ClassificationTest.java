package io.kafila.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationTest {
    private static final String LOOP = "java/lang/Thread.run;io/netty/channel/SingleThreadIoEventLoop.run;";
    private static final String FLUSH =
            LOOP + "io/kafila/libp2p/internal/yamux/YamuxHandler.flush;" + "io/netty/handler/ssl/SslHandler.flush;";
    private static final String READ = LOOP + "io/netty/handler/ssl/SslHandler.channelRead;"
            + "io/kafila/libp2p/internal/yamux/YamuxHandler.channelRead;";
    private static final String WRITEV = "io/netty/channel/epoll/AbstractEpollStreamChannel.doWrite;"
            + "io/netty/channel/unix/FileDescriptor.writev;writev;do_syscall_64_[k];sock_write_iter_[k];";

    private static Work work(String thread, String frames) {
        return Classification.of(new StackSample(thread, frames.isEmpty() ? List.of() : List.of(frames.split(";")), 1));
    }

    /** The innermost frame that says something decides. */
    @ParameterizedTest
    @CsvSource({
        "SslHandler.wrap,                                                                      SECURE_CHANNEL",
        "io/netty/internal/tcnative/SSL.writeToSSL,                                            CIPHER",
        "SSL.writeToSSL;/tmp/libnetty_tcnative_linux_x86_641.so,                               CIPHER",
        "io/netty/internal/tcnative/SSL.writeToSSL;/tmp/libnetty_tcnative_1.so;__memmove_avx,  COPY",
        "tcp_sendmsg_[k];tcp_write_xmit_[k];handle_softirqs_[k],                               SOCKET",
        "tcp_sendmsg_[k];sock_def_readable_[k];try_to_wake_up_[k];_raw_spin_unlock_[k],        SCHEDULING",
        "tcp_sendmsg_[k];exc_page_fault_[k];do_anonymous_page_[k];clear_page_erms_[k],         PAGE_FAULT"
    })
    void flush_innermostKnownFrameDecides(String inner, Work want) {
        String frames = inner.startsWith("tcp")
                ? WRITEV + inner
                : inner.replace("SslHandler.", "io/netty/handler/ssl/SslHandler.");
        assertThat(work("kafila-io-1-1", FLUSH + frames)).isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource({
        "java/util/HashMap.get,                                                                YAMUX",
        "io/kafila/libp2p/internal/host/MuxedStream.hand;java/util/ArrayDeque.add,             CONNECTION",
        "io/kafila/bitswap/internal/net/InboundStream.onReadable;java/util/ArrayList.add,      BITSWAP",
        "io/kafila/bitswap/internal/net/InboundStream.onReadable;jbyte_disjoint_arraycopy,     COPY"
    })
    void read_helpersBelongToWhoCalls(String inner, Work want) {
        assertThat(work("kafila-io-1-1", READ + inner)).isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource({
        "kafila-commit-1,  io/kafila/blockstore/internal/store/Committer.run;updateBytesCRC32C,                          CHECKSUM",
        "kafila-commit-1,  io/kafila/blockstore/internal/store/GroupWriter.write;sun/nio/ch/FileChannelImpl.write,        FILES",
        "kafila-commit-1,  io/kafila/blockstore/internal/disk/RealDisk.force;fdatasync;ext4_sync_file_[k];submit_bio_[k], FILES",
        "kafila-commit-2,  org/rocksdb/RocksDB.write;rocksdb::DBImpl::WriteImpl;fdatasync;ext4_sync_file_[k],             FILES",
        "kafila-commit-2,  org/rocksdb/RocksDB.write;rocksdb::crc32c::ExtendImpl,                                        INDEX",
        "bitswap-worker-1, io/kafila/multiformats/Multihash.verifies;sun/security/provider/SHA2.x;sha256_implCompressMB,   HASH",
        "worker-1,         java/util/concurrent/ThreadPoolExecutor.runWorker;Unsafe_Park;futex_wait_[k];__schedule_[k],   SCHEDULING",
        "C2 CompilerThre,  PhaseIdealLoop::build_loop_late,                                                              COMPILATION",
        "GC Thread#0,      PSCardTable::scavenge;__memmove_avx,                                                          GARBAGE_COLLECTION"
    })
    void threads_ofTheStoreAndOfTheJvm(String thread, String frames, Work want) {
        assertThat(work(thread, frames)).isEqualTo(want);
    }

    /** A library that hashes and enciphers has no names for either: who called it says. */
    @ParameterizedTest
    @CsvSource({
        "org/conscrypt/OpenSSLMessageDigestJDK.engineUpdate;org/conscrypt/NativeCrypto.EVP_DigestUpdateDirect;/tmp/libconscrypt_1.so, HASH",
        "org/conscrypt/NativeCrypto.EVP_DigestFinal_ex;[unknown];/tmp/libconscrypt_1.so,                           HASH",
        "Java_org_conscrypt_NativeCrypto_EVP_1DigestUpdate;/tmp/libconscrypt_1.so,                                 HASH",
        "org/conscrypt/NativeCrypto.EVP_DigestUpdate;/tmp/libconscrypt_1.so;sha256_block_data_order_hw,            HASH",
        "org/conscrypt/NativeCrypto.EVP_DigestUpdate;/tmp/libconscrypt_1.so;__memcpy_avx512_unaligned_erms,        COPY",
        "org/conscrypt/NativeCrypto.EVP_AEAD_CTX_seal_buf;[unknown];/tmp/libconscrypt_1.so,                        CIPHER",
        "/tmp/libconscrypt_1.so;/tmp/libconscrypt_1.so,                                                            CIPHER",
        "io/kafila/libp2p/internal/security/aead/LibCrypto.EVP_CipherUpdate;[unknown];[unknown],                   CIPHER",
        "io/kafila/libp2p/internal/security/aead/LibCrypto.EVP_CipherInit_ex;/home/x/.cache/JNA/temp/jna1.tmp (deleted);ffi_call, CIPHER",
        "[unknown];/usr/lib/x86_64-linux-gnu/libcrypto.so.3,                                                       CIPHER",
        "[unknown];ChaCha20_ctr32,                                                                                 CIPHER",
        "[unknown];poly1305_blocks_vpmadd52_8x,                                                                    CIPHER",
        "io/kafila/libp2p/internal/security/aead/OpenSslAeadSuite$ContextCipher.begin;java/nio/ByteBuffer.put,     SECURE_CHANNEL"
    })
    void nativeLibraries_callerTellsWhatTheyDo(String frames, Work want) {
        assertThat(work("kafila-io-1-1", frames)).isEqualTo(want);
    }

    @ParameterizedTest
    @CsvSource({"kafila-io-2-1, CONNECTION", "bitswap-loop-1, BITSWAP", "kafila-disk-3, STORE", "Signal Dispatch, OTHER"
    })
    void stackThatCouldNotBeWalked_belongsToItsThread(String thread, Work want) {
        assertThat(work(thread, "[unknown]")).isEqualTo(want);
        assertThat(work(thread, "")).isEqualTo(want);
    }
}
