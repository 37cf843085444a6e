package io.kafila.blockstore.internal;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What every pin store refuses. */
public final class PinRules {
    private PinRules() {}

    /** Checks a pin that is about to replace {@code before}. */
    public static void checkPut(Pin pin, @Nullable Pin before) {
        int nameBytes = pin.name().getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > Pin.MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "pin name of " + nameBytes + " bytes, want at most " + Pin.MAX_NAME_BYTES);
        }
        if (pin.mode() == PinMode.DIRECT && before != null && before.mode() == PinMode.RECURSIVE) {
            throw new BlockstoreException("pin: " + pin.cid() + " already pinned recursively");
        }
    }

    /** Checks the pin that an update moves away from. */
    public static void checkUpdate(Cid from, @Nullable Pin before) {
        if (before == null || before.mode() != PinMode.RECURSIVE) {
            throw new BlockstoreException("'from' cid was not recursively pinned already: " + from);
        }
    }
}
