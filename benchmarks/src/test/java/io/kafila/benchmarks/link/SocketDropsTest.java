package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketDropsTest {
    private static final List<String> UDP = List.of(
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
            " 3670: 010012C6:12C1 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4953763 2 0000000045 5",
            " 3671: 010012C6:12C2 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4953764 2 0000000046 9");
    private static final List<String> UDP6 = List.of(
            " 10186: 0000000000000000FFFF0000010012C6:12C1 0000000000000000FFFF0000020012C6:12C1 01 00000000:00000000"
                    + " 00:00000000 00000000 0 0 4958434 2 00000000b3ce4841 42",
            " 10186: 0000000000000000FFFF0000010112C6:12C1 0000000000000000FFFF0000020112C6:12C1 01 00000000:00000000"
                    + " 00:00000000 00000000 0 0 4958435 2 00000000af718a35 3");

    @Test
    void count_isThatOfTheSocketsAskedFor() {
        InetSocketAddress hub = new InetSocketAddress("198.18.0.1", 4801);
        InetSocketAddress leaf = new InetSocketAddress("198.18.1.1", 4801);

        assertThat(SocketDrops.count(UDP, List.of(hub))).isEqualTo(5);
        assertThat(SocketDrops.count(UDP6, List.of(hub))).isEqualTo(42);
        assertThat(SocketDrops.count(UDP6, List.of(hub, leaf))).isEqualTo(45);
        assertThat(SocketDrops.count(UDP6, List.of(new InetSocketAddress("198.18.1.1", 4802))))
                .isZero();
    }
}
