package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Site;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The network namespaces of one run, each joined to the machine by a pair of interfaces for what is not emulated.
 *
 * <p>Number 0 is the hub's, the others are those of the leaves. The addresses between namespace n and the machine are
 * 198.18.n.0/30, of what RFC 2544 sets apart for benchmarks. The peer in it has 10.198.n.1, which only the namespaces
 * know: Kubo asks connected peers for a block only where their addresses are private. There is one such set on a machine, guarded by a lock that ends with its process; whoever gets the lock removes what a crashed run has left.
 */
final class Namespaces implements AutoCloseable {
    private static final String NAMESPACE = "kafila-link-";
    private static final String INTERFACE = "kfl";

    /** What the tunnel's headers take on top of an emulated packet, and some room. */
    private static final int TUNNEL_BYTES = 100;

    private final FileChannel lock;
    private int count;

    private Namespaces(FileChannel lock) {
        this.lock = lock;
    }

    /** No namespaces yet, and none left of others. */
    static Namespaces open() {
        Namespaces namespaces = new Namespaces(lock());
        removeAll();
        return namespaces;
    }

    private static FileChannel lock() {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "kafila-links.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw new BenchException("links: this process emulates some already, want one set at a time", e);
            }
            channel.close();
            throw new BenchException("links: another process emulates some, see " + file + "; want one set at a time");
        } catch (IOException e) {
            throw new BenchException("links: " + file + " not locked", e);
        }
    }

    /** Adds one and answers its number. */
    int add(int mtuBytes, TcpSettings tcp) {
        int n = count++;
        String name = name(n);
        Commands.run("ip netns add " + name);
        sysctl(n, "net.ipv6.conf.all.disable_ipv6=1");
        tcp.assignments().forEach(assignment -> sysctl(n, assignment));
        Commands.run("ip -n " + name + " link set lo up");
        Commands.run("ip link add " + INTERFACE + n + " type veth peer name api0 netns " + name);
        Commands.run("ip addr add " + machineAddress(n) + "/30 dev " + INTERFACE + n);
        Commands.run("ip link set " + INTERFACE + n + " mtu " + (mtuBytes + TUNNEL_BYTES) + " up");
        in(n, "addr add " + apiAddress(n) + "/30 dev api0");
        in(n, "link set api0 mtu " + (mtuBytes + TUNNEL_BYTES) + " up");
        return n;
    }

    private static void sysctl(int n, String assignment) {
        Commands.run(List.of("ip", "netns", "exec", name(n), "sysctl", "-q", "-w", assignment));
    }

    /** What a namespace has for a setting of the kernel. */
    static String setting(int n, String key) {
        return Commands.run(List.of("ip", "netns", "exec", name(n), "sysctl", "-n", key));
    }

    /** Runs {@code ip} in a namespace. */
    static String in(int n, String arguments) {
        return Commands.run("ip -n " + name(n) + " " + arguments);
    }

    static String name(int n) {
        return NAMESPACE + n;
    }

    static String machineAddress(int n) {
        return "198.18." + n + ".1";
    }

    static String apiAddress(int n) {
        return "198.18." + n + ".2";
    }

    static String peerAddress(int n) {
        return "10.198." + n + ".1";
    }

    /** Where a peer runs that runs in a namespace. */
    static Site site(int n, String role) {
        return new Site(role, List.of("ip", "netns", "exec", name(n)), peerAddress(n), apiAddress(n));
    }

    /** Ends what runs in the namespaces of this kind, and removes them and their interfaces. */
    private static void removeAll() {
        for (String line : Commands.run("ip netns list").split("\n", -1)) {
            String name = line.split(" ", -1)[0];
            if (name.startsWith(NAMESPACE)) {
                for (String pid : Commands.run("ip netns pids " + name).split("\\s+", -1)) {
                    Optional<ProcessHandle> process =
                            pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
                    process.ifPresent(ProcessHandle::destroyForcibly);
                }
                Commands.run("ip netns del " + name);
            }
        }
        // The kernel takes a namespace's interfaces down in its own time, and the next ones have the same names.
        try (Stream<Path> interfaces = Files.list(Path.of("/sys/class/net"))) {
            for (Path each : interfaces.toList()) {
                String name = each.getFileName().toString();
                if (name.matches(INTERFACE + "\\d+")
                        && !Commands.succeeds("ip link del " + name)
                        && Files.exists(each)) {
                    throw new BenchException("links: interface " + name + " of an earlier run not removed");
                }
            }
        } catch (IOException e) {
            throw new BenchException("links: interfaces not listed", e);
        }
    }

    /** Removes everything. Idempotent. */
    @Override
    public void close() {
        if (!lock.isOpen()) {
            return;
        }
        try (FileChannel held = lock) {
            removeAll();
        } catch (IOException e) {
            throw new BenchException("links: lock not released", e);
        }
    }
}
