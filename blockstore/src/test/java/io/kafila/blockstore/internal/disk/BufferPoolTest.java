package io.kafila.blockstore.internal.disk;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    @Test
    void leases_ofAnySize_areWholePagesAtAPageBoundary_withinTheBound() {
        Seed.each(20, random -> {
            BufferPool pool = new BufferPool(8 << 20);
            List<BufferPool.Lease> leases = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                if (!leases.isEmpty() && random.nextBoolean()) {
                    leases.remove(random.nextInt(leases.size())).release();
                }
                int sizeBytes = random.nextInt(1 << (1 + random.nextInt(22)));
                BufferPool.Lease lease = pool.lease(sizeBytes);
                assertThat(lease.buffer().remaining()).isEqualTo(sizeBytes);
                if (lease.buffer().isDirect()) {
                    assertThat(lease.buffer().alignmentOffset(0, PAGE_BYTES)).isZero();
                }
                assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(8 << 20);
                leases.add(lease);
            }
            leases.forEach(BufferPool.Lease::release);
            assertThat(pool.outstanding()).isZero();
            pool.close();
            assertThat(pool.allocatedBytes()).isZero();
        });
    }

    @Test
    void lease_aPageMoreThanAMebibyte_takesAQuarterMoreAtMost() {
        BufferPool pool = new BufferPool(8 << 20);
        pool.lease((1 << 20) + PAGE_BYTES).release();
        assertThat(pool.allocatedBytes()).isLessThanOrEqualTo((1 << 20) + (1 << 18) + PAGE_BYTES);
        pool.close();
    }

    @Test
    void payloadOfARange_closed_givesTheLeaseBackOnce() {
        BufferPool pool = new BufferPool(1 << 20);
        BufferPool.Lease lease = pool.lease(3 * PAGE_BYTES);
        lease.buffer().put(PAGE_BYTES, (byte) 9);
        try (var payload = lease.payload(PAGE_BYTES, 10)) {
            assertThat(payload.toByteArray()).hasSize(10).startsWith(9);
            assertThat(pool.outstanding()).isEqualTo(1);
        }
        assertThat(pool.outstanding()).isZero();
        assertThatThrownBy(lease::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theJvmGivesLessThanTheBound_leasesComeFromTheHeap_untilSomeComesBack() {
        int[] left = {2};
        BufferPool pool = new BufferPool(8 << 20, sizeBytes -> {
            if (left[0]-- == 0) {
                throw new OutOfMemoryError("Cannot reserve " + sizeBytes + " bytes of direct buffer memory");
            }
            return DirectMemory.allocate(sizeBytes);
        });
        BufferPool.Lease first = pool.lease(1 << 20);
        pool.lease(1 << 20);
        long allocated = pool.allocatedBytes();

        BufferPool.Lease third = pool.lease(1 << 20);
        assertThat(third.buffer().isDirect()).isFalse();
        assertThat(pool.misses()).isEqualTo(1);
        assertThat(pool.allocatedBytes()).isEqualTo(allocated);

        first.release();
        assertThat(pool.lease(1 << 20).buffer().isDirect()).isTrue();
        assertThat(pool.misses()).isEqualTo(1);
    }
}
