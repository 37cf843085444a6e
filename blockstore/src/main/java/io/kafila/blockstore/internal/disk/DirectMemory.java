package io.kafila.blockstore.internal.disk;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/**
 * Gives direct and mapped memory back at once instead of at some later garbage collection. Whoever frees a buffer has
 * made sure that nobody touches it any more.
 */
public final class DirectMemory {
    private static final MethodHandle INVOKE_CLEANER = invokeCleaner();

    private DirectMemory() {}

    /** Memory of which {@link #align} takes {@code sizeBytes} bytes, rounded up to whole pages; to be freed as it is answered here. */
    public static ByteBuffer allocate(int sizeBytes) {
        int pages = (sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES;
        return ByteBuffer.allocateDirect((pages + 1) * PAGE_BYTES);
    }

    /** The whole pages in memory that {@link #allocate} gave. */
    public static ByteBuffer align(ByteBuffer allocated) {
        ByteBuffer pages = allocated.duplicate().clear().alignedSlice(PAGE_BYTES);
        return pages.slice(0, Math.min(pages.capacity(), allocated.capacity() - PAGE_BYTES));
    }

    /** Whether what remains in a buffer is whole pages of direct memory, as {@link DiskFile} wants them. */
    public static boolean aligned(ByteBuffer buffer) {
        return buffer.isDirect()
                && buffer.remaining() % PAGE_BYTES == 0
                && buffer.alignmentOffset(buffer.position(), PAGE_BYTES) == 0;
    }

    /** Frees a buffer that was allocated or mapped, not a slice of one. */
    public static void free(ByteBuffer buffer) {
        try {
            INVOKE_CLEANER.invokeExact(buffer);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot free a direct buffer of " + buffer.capacity() + " bytes", e);
        }
    }

    private static MethodHandle invokeCleaner() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field field = unsafe.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                    .bindTo(field.get(null));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
