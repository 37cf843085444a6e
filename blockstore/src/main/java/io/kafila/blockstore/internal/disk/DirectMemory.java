package io.kafila.blockstore.internal.disk;

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
