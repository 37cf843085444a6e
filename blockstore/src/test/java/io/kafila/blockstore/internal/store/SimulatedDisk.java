package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.RepositoryLockedException;
import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk of which a crash keeps what was forced, and of the rest whatever the random generator likes: any sectors of any
 * file, some of them torn, any of its sizes since, any of the names. Confined to one thread.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR = 512;

    /** A file's content, apart from its names. */
    private static final class Node {
        byte[] cached = new byte[0];
        int size;
        byte[] durable = new byte[0];
        int durableSize;
        final BitSet dirty = new BitSet();
        int mappedBytes;

        void ensure(int capacity) {
            if (cached.length < capacity) {
                cached = Arrays.copyOf(cached, Math.max(capacity, cached.length * 2));
            }
        }

        void force() {
            durable = Arrays.copyOf(durable, size);
            copyDirty();
            durableSize = size;
            dirty.clear();
        }

        private void copyDirty() {
            for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
                copySector(s, SECTOR);
            }
        }

        void copySector(int sector, int length) {
            int from = sector * SECTOR;
            int to = Math.min(Math.min(from + length, cached.length), durable.length);
            if (to > from) {
                System.arraycopy(cached, from, durable, from, to - from);
            }
        }

        /** Some sectors reach the disk, by themselves or in the middle of a force. */
        void spill(Random random, double share) {
            for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
                if (random.nextDouble() < share) {
                    if (durable.length < size) {
                        durable = Arrays.copyOf(durable, size);
                    }
                    copySector(s, random.nextInt(20) == 0 ? random.nextInt(SECTOR) : SECTOR);
                }
            }
        }

        void crash(Random random) {
            double[] shares = {0, 0.5, 0.9, 1, random.nextDouble()};
            spill(random, shares[random.nextInt(shares.length)]);
            int[] sizes = {
                durableSize, size, Math.min(size, durableSize) + random.nextInt(Math.abs(size - durableSize) + 1)
            };
            int kept = sizes[random.nextInt(sizes.length)];
            durable = Arrays.copyOf(durable, kept);
            cached = durable.clone();
            size = kept;
            durableSize = kept;
            dirty.clear();
            mappedBytes = 0;
        }
    }

    /** A change of names that is not durable yet. */
    private record NameChange(String from, String to, Node node) {}

    private final SimulatedMachine machine;
    private TreeMap<String, Node> names = new TreeMap<>();
    private final TreeMap<String, Node> durableNames = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private boolean locked;

    SimulatedDisk(SimulatedMachine machine) {
        this.machine = machine;
    }

    /** What is left when the power comes back. */
    void restart() {
        for (NameChange change : nameChanges) {
            if (machine.random.nextBoolean()) {
                apply(change);
            }
        }
        nameChanges.clear();
        durableNames.values().forEach(node -> node.crash(machine.random));
        names = new TreeMap<>(durableNames);
        locked = false;
    }

    private void apply(NameChange change) {
        if (change.from().isEmpty()) {
            durableNames.put(change.to(), change.node());
        } else if (change.to().isEmpty()) {
            durableNames.remove(change.from(), change.node());
        } else if (durableNames.remove(change.from(), change.node())) {
            durableNames.put(change.to(), change.node());
        }
    }

    private void change(String from, String to, Node node) {
        nameChanges.add(new NameChange(from, to, node));
    }

    @Override
    public void createFolder(String folder) {
        machine.check();
    }

    @Override
    public List<String> list(String folder) {
        machine.check();
        return names.keySet().stream()
                .filter(name -> name.startsWith(folder + "/"))
                .map(name -> name.substring(folder.length() + 1))
                .toList();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        machine.step();
        if (machine.fails()) {
            throw machine.ioFailure(name);
        }
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Node node = new Node();
        names.put(name, node);
        change("", name, node);
        return new SimulatedFile(name, node);
    }

    private Node node(String name) throws IOException {
        Node node = names.get(name);
        if (node == null) {
            throw new NoSuchFileException(name);
        }
        return node;
    }

    @Override
    public DiskFile open(String name) throws IOException {
        machine.check();
        return new SimulatedFile(name, node(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        machine.step();
        if (machine.fails()) {
            throw machine.ioFailure(from);
        }
        Node node = node(from);
        names.remove(from);
        names.put(to, node);
        change(from, to, node);
    }

    @Override
    public void delete(String name) throws IOException {
        machine.step();
        if (machine.fails()) {
            throw machine.ioFailure(name);
        }
        Node node = node(name);
        names.remove(name);
        change(name, "", node);
    }

    @Override
    public void forceFolder(String folder) throws IOException {
        machine.step();
        if (machine.fails()) {
            throw machine.ioFailure(folder);
        }
        nameChanges.forEach(this::apply);
        nameChanges.clear();
    }

    @Override
    public long usableBytes() {
        machine.check();
        return Long.MAX_VALUE;
    }

    @Override
    public Closeable lock(String name) {
        machine.check();
        if (locked) {
            throw new RepositoryLockedException("someone else has the lock on " + name);
        }
        locked = true;
        return () -> locked = false;
    }

    @Override
    public String describe(String name) {
        return "simulated:" + name;
    }

    private final class SimulatedFile implements DiskFile {
        private final String name;
        private final Node node;

        SimulatedFile(String name, Node node) {
            this.name = name;
            this.node = node;
        }

        @Override
        public long size() {
            machine.check();
            return node.size;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            machine.check();
            int n = (int) Math.max(0, Math.min(into.remaining(), node.size - position));
            into.put(node.cached, (int) position, n);
            return n;
        }

        @Override
        public int readUncached(ByteBuffer into, long position) {
            if (position % PAGE_BYTES != 0 || into.remaining() % PAGE_BYTES != 0) {
                throw new AssertionError(
                        name + ": " + into.remaining() + " bytes at " + position + " are no whole pages");
            }
            return read(into, position);
        }

        @Override
        public boolean bypassesCache() {
            return true;
        }

        @Override
        public void write(List<ByteBuffer> buffers, long position) throws IOException {
            machine.step();
            int left = Integer.MAX_VALUE;
            boolean fails = machine.fails();
            if (fails) {
                int all = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
                left = machine.random.nextBoolean() ? all : machine.random.nextInt(all + 1);
            }
            int at = (int) position;
            for (ByteBuffer buffer : buffers) {
                int n = Math.min(buffer.remaining(), left);
                if (n > 0) {
                    node.ensure(at + n);
                    buffer.slice().limit(n).get(node.cached, at, n);
                    buffer.position(buffer.position() + n);
                    node.dirty.set(at / SECTOR, (at + n + SECTOR - 1) / SECTOR);
                    at += n;
                    left -= n;
                    node.size = Math.max(node.size, at);
                }
            }
            if (machine.random.nextInt(8) == 0) {
                node.spill(machine.random, 0.3);
            }
            if (fails) {
                throw machine.ioFailure(name);
            }
        }

        @Override
        public void force() throws IOException {
            machine.step();
            if (machine.fails()) {
                // The system drops what it could not write and calls the rest clean.
                node.spill(machine.random, machine.random.nextDouble());
                node.dirty.clear();
                throw machine.ioFailure(name);
            }
            node.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            machine.step();
            if (machine.fails()) {
                throw machine.ioFailure(name);
            }
            if (sizeBytes < node.mappedBytes) {
                throw new AssertionError(
                        name + " is cut to " + sizeBytes + " bytes with " + node.mappedBytes + " mapped");
            }
            if (sizeBytes < node.size) {
                Arrays.fill(node.cached, (int) sizeBytes, node.size, (byte) 0);
                node.dirty.clear((int) ((sizeBytes + SECTOR - 1) / SECTOR), Integer.MAX_VALUE);
                node.size = (int) sizeBytes;
            }
        }

        @Override
        public Mapping map(long sizeBytes) {
            machine.check();
            if (sizeBytes > node.size) {
                throw new AssertionError(name + ": " + sizeBytes + " of " + node.size + " bytes mapped");
            }
            node.mappedBytes = Math.max(node.mappedBytes, (int) sizeBytes);
            return new Mapping() {
                @Override
                public ByteBuffer slice(int offset, int length) {
                    return ByteBuffer.wrap(node.cached, offset, length).slice().asReadOnlyBuffer();
                }

                @Override
                public boolean isLoaded(int offset, int length) {
                    return machine.random.nextBoolean();
                }

                @Override
                public void load(int offset, int length) {
                    machine.check();
                }

                @Override
                public void close() {
                    node.mappedBytes = 0;
                }
            };
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
