package io.kafila.benchmarks.link;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The datagrams that the kernel has dropped at sockets of this process because nobody took those before them, as
 * {@code /proc/net/udp} and {@code udp6} count them: a socket of Java's is one of IPv6 that is bound to a mapped address.
 */
final class SocketDrops {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    /** What an address of IPv4 begins with in the table of IPv6, whose words are in the order of this machine. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private static final int LOCAL_COLUMN = 1;
    private static final int COLUMNS = 13;

    private SocketDrops() {}

    /** The drops until now at sockets bound to these addresses, each of IPv4. */
    static long count(Collection<InetSocketAddress> sockets) throws IOException {
        long drops = 0;
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                drops += count(Files.readAllLines(table), sockets);
            }
        }
        return drops;
    }

    static long count(List<String> table, Collection<InetSocketAddress> sockets) {
        Set<String> wanted = new HashSet<>();
        for (InetSocketAddress socket : sockets) {
            wanted.add(hex(socket));
            wanted.add(MAPPED + hex(socket));
        }
        long drops = 0;
        for (String line : table) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length == COLUMNS && wanted.contains(columns[LOCAL_COLUMN])) {
                drops += Long.parseLong(columns[COLUMNS - 1]);
            }
        }
        return drops;
    }

    /** An address as the tables write it on a little-endian machine: the last byte first. */
    private static String hex(InetSocketAddress socket) {
        if (!(socket.getAddress() instanceof Inet4Address address)) {
            throw new IllegalArgumentException("socket of " + socket + ", want one of IPv4");
        }
        byte[] bytes = address.getAddress();
        return String.format(
                Locale.ROOT, "%02X%02X%02X%02X:%04X", bytes[3], bytes[2], bytes[1], bytes[0], socket.getPort());
    }
}
