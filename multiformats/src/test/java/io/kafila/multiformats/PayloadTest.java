package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void slice_anyRangeOverPieces_isThatRange() {
        Seed.each(300, random -> {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            List<ByteBuffer> pieces = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                byte[] piece = new byte[random.nextInt(20)];
                random.nextBytes(piece);
                content.writeBytes(piece);
                ByteBuffer buffer = random.nextBoolean()
                        ? ByteBuffer.allocateDirect(piece.length + 5)
                        : ByteBuffer.allocate(piece.length + 5);
                buffer.order(ByteOrder.LITTLE_ENDIAN);
                pieces.add(buffer.put(3, piece).position(3).limit(3 + piece.length));
            }
            byte[] all = content.toByteArray();
            Payload payload = Payload.of(pieces);
            assertThat(payload.size()).isEqualTo(all.length);
            assertThat(payload.toByteArray()).isEqualTo(all);
            assertThat(payload.buffer()).isEqualTo(ByteBuffer.wrap(all));
            int from = random.nextInt(all.length + 1);
            int length = random.nextInt(all.length - from + 1);
            Payload slice = payload.slice(from, length);
            assertThat(slice.toByteArray()).isEqualTo(Arrays.copyOfRange(all, from, from + length));
            Payload inner = slice.slice(length / 2, length - length / 2);
            slice.close();
            payload.close();
            assertThat(inner.toByteArray()).isEqualTo(Arrays.copyOfRange(all, from + length / 2, from + length));
        });
    }

    @Test
    void buffers_eachCall_freshReadOnlyBigEndian() {
        ByteBuffer source = ByteBuffer.wrap(new byte[] {1, 2, 3}).order(ByteOrder.LITTLE_ENDIAN);
        Payload payload = Payload.of(source);
        ByteBuffer view = payload.buffers().get(0);
        assertThat(view.isReadOnly()).isTrue();
        assertThat(view.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        view.position(2);
        assertThat(payload.buffers().get(0).remaining()).isEqualTo(3);
        assertThat(payload.buffer().remaining()).isEqualTo(3);
        assertThat(source.position()).isZero();
    }

    @Test
    void close_lastOwner_releasesOnce() {
        AtomicInteger released = new AtomicInteger();
        Payload payload = Payload.of(List.of(ByteBuffer.allocate(4)), released::incrementAndGet);
        Payload slice = payload.slice(1, 2);
        assertThat(payload.retain()).isSameAs(payload);
        payload.close();
        payload.close();
        assertThat(released).hasValue(0);
        assertThat(slice.size()).isEqualTo(2);
        slice.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void anyUse_afterLastClose_illegalState() {
        Payload payload = Payload.of(new byte[3]);
        payload.close();
        assertThatThrownBy(payload::buffers).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(payload::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(payload::toByteArray).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(payload::retain).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> payload.slice(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(payload::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("payload of 3 bytes: used after its last close");
    }

    @Test
    void slice_outOfRange_refusedAndNotRetained() {
        AtomicInteger released = new AtomicInteger();
        Payload payload = Payload.of(List.of(ByteBuffer.allocate(4)), released::incrementAndGet);
        assertThatThrownBy(() -> payload.slice(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> payload.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> payload.slice(2, Integer.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        payload.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void empty_closedByOne_otherStays() {
        Payload one = Payload.empty();
        Payload other = Payload.empty();
        one.close();
        assertThat(other.toByteArray()).isEmpty();
        assertThat(other.buffer().remaining()).isZero();
    }

    @Test
    void retainAndClose_fromManyThreads_countedExactly() throws InterruptedException {
        AtomicInteger released = new AtomicInteger();
        Payload payload = Payload.of(List.of(ByteBuffer.allocate(4)), released::incrementAndGet);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            payload.retain();
            threads.add(new Thread(() -> {
                for (int round = 0; round < 10_000; round++) {
                    payload.retain();
                    payload.slice(0, 1).close();
                    payload.close();
                }
                payload.close();
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(released).hasValue(0);
        payload.close();
        assertThat(released).hasValue(1);
    }

    @Test
    void join_anyParts_areOneContent_andEachGoesWithItsLastSlice() {
        Seed.each(300, random -> {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            List<Payload> parts = new ArrayList<>();
            AtomicInteger live = new AtomicInteger();
            for (int i = random.nextInt(6); i > 0; i--) {
                byte[] part = new byte[random.nextInt(20)];
                random.nextBytes(part);
                content.writeBytes(part);
                live.incrementAndGet();
                parts.add(Payload.of(List.of(ByteBuffer.wrap(part)), live::decrementAndGet));
            }
            byte[] all = content.toByteArray();
            Payload joined = Payload.join(parts);
            assertThat(joined.size()).isEqualTo(all.length);
            assertThat(joined.toByteArray()).isEqualTo(all);
            int from = random.nextInt(all.length + 1);
            int length = random.nextInt(all.length - from + 1);
            Payload slice = joined.retain().slice(from, length);
            joined.close();
            joined.close();
            assertThat(slice.toByteArray()).isEqualTo(Arrays.copyOfRange(all, from, from + length));
            slice.close();
            assertThat(live).hasValue(0);
        });
    }

    @Test
    void join_sliceWithinOnePart_keepsNoOther() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        Payload joined = Payload.join(List.of(
                Payload.of(List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})), first::incrementAndGet),
                Payload.of(List.of(ByteBuffer.wrap(new byte[] {4, 5, 6})), second::incrementAndGet)));
        Payload slice = joined.slice(3, 2);
        Payload across = joined.slice(2, 2);
        joined.close();
        assertThat(first).hasValue(0);
        across.close();
        assertThat(first).hasValue(1);
        assertThat(second).hasValue(0);
        assertThat(slice.toByteArray()).containsExactly(4, 5);
        slice.close();
        assertThat(second).hasValue(1);
        assertThatThrownBy(() -> joined.slice(0, 1)).isInstanceOf(IllegalStateException.class);
    }
}
