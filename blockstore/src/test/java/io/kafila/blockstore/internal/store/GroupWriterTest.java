package io.kafila.blockstore.internal.store;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.blockstore.internal.disk.DirectMemory;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupReader;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupWriterTest {
    private static final SegmentHeader HEADER = new SegmentHeader(7, 1, 2);

    private final List<ByteBuffer> written = new ArrayList<>();
    private final SimulatedDisk disk = new SimulatedDisk(new SimulatedMachine(new Random(1)));

    /** The file, with a look at every piece that is written to it. */
    private DiskFile watched(DiskFile file) {
        return (DiskFile) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DiskFile.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        assertThat((long) arguments[1] % PAGE_BYTES).isZero();
                        for (Object piece : (List<?>) arguments[0]) {
                            assertThat(DirectMemory.aligned((ByteBuffer) piece)).isTrue();
                            written.add(((ByteBuffer) piece).duplicate());
                        }
                    }
                    return method.invoke(file, arguments);
                });
    }

    private static ByteBuffer direct(byte[] bytes, int lead) {
        ByteBuffer pages = DirectMemory.align(DirectMemory.allocate(lead + bytes.length));
        return pages.position(lead).put(bytes).flip().position(lead).slice();
    }

    private static byte[] keyOf(byte[] bytes, boolean sha256) {
        return (sha256 ? HashFunction.SHA2_256 : HashFunction.SHA2_512)
                .digest(bytes)
                .bytes();
    }

    private static Group.Line line(byte[] bytes, List<ByteBuffer> pieces, boolean sha256) {
        byte[] key = keyOf(bytes, sha256);
        GroupEntry entry =
                sha256 ? GroupEntry.hashed(1, key, bytes.length) : GroupEntry.payload(1, key, bytes.length, 0);
        return new Group.Line(entry, Payload.of(pieces));
    }

    @Test
    void anyPayloads_areWrittenInWholePages_andReadBack() {
        Seed.forAll(60, random -> {
            DiskFile file = disk.create("f" + random.nextLong());
            GroupWriter writer = new GroupWriter(random.nextBoolean() ? 8 << 20 : 8 << 10);
            List<Group.Line> lines = new ArrayList<>();
            ByteBuffer content = ByteBuffer.allocate(8 << 20);
            int count = random.nextInt(12);
            for (int i = 0; i < count; i++) {
                byte[] bytes = new byte[random.nextBoolean() ? random.nextInt(5000) : random.nextInt(160) << 12];
                random.nextBytes(bytes);
                content.put(bytes);
                int cut = random.nextInt(bytes.length + 1);
                ByteBuffer whole = direct(bytes, random.nextInt(3) == 0 ? 24 : 0);
                List<ByteBuffer> pieces = switch (random.nextInt(3)) {
                    case 0 -> List.of(whole);
                    case 1 -> List.of(ByteBuffer.wrap(bytes));
                    default -> List.of(whole.slice(0, cut), whole.slice(cut, bytes.length - cut));
                };
                lines.add(line(bytes, pieces, random.nextBoolean()));
            }
            check(file, writer, lines, content.flip());
            writer.close();
        });
    }

    private void check(DiskFile file, GroupWriter writer, List<Group.Line> lines, ByteBuffer content)
            throws IOException {
        long end = writer.write(watched(file), HEADER, PAGE_BYTES, lines);
        ByteBuffer read = ByteBuffer.allocate(content.remaining());
        file.read(read, PAGE_BYTES);
        assertThat(read.flip()).isEqualTo(content);
        GroupReader reader = new GroupReader(file, HEADER);
        GroupTrailer group = Objects.requireNonNull(reader.next(PAGE_BYTES, end));
        assertThat(group.end()).isEqualTo(end);
        assertThat(group.entries()).hasSize(lines.size());
        long offset = group.start();
        for (GroupEntry entry : group.entries()) {
            assertThat(reader.sound(entry, offset)).isTrue();
            if (entry.sizeBytes() > 0) {
                assertThat(reader.sound(entry, offset + 1)).isFalse();
            }
            offset += entry.sizeBytes();
        }
    }

    @Test
    void pagesOfDirectMemory_goFromWhereTheyLie() throws IOException {
        DiskFile file = disk.create("f");
        GroupWriter writer = new GroupWriter(8 << 20);
        byte[] bytes = new Seed(1).bytes(1 << 20);
        ByteBuffer one = direct(bytes, 0);
        ByteBuffer off = direct(bytes, 16);
        check(
                file,
                writer,
                List.of(line(bytes, List.of(one), true), line(bytes, List.of(off), true)),
                ByteBuffer.allocate(2 << 20).put(bytes).put(bytes).flip());
        // Changed behind the writer's back: only what was not copied shows it.
        one.put(0, (byte) ~bytes[0]);
        off.put(0, (byte) ~bytes[0]);
        assertThat(written.get(0).get(0)).as("written from where it lies").isEqualTo((byte) ~bytes[0]);
        assertThat(written.get(1).get(0)).as("copied").isEqualTo(bytes[0]);
        writer.close();
    }
}
