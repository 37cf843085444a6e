package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Payload;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One change on its way through the committer. */
sealed interface Op {
    enum Kind {
        PUT,
        REFERENCE,
        REMOVE,
        MOVE,
        CARRY,
        NOTE,
        ROLL
    }

    Kind kind();

    /** The payload that goes into the segment, {@code null} where there is none. The op owns a share of it. */
    default @Nullable Payload payload() {
        return null;
    }

    /** Gives the payload back. Called once, when it is written or will not be. */
    default void discard() {
        Payload payload = payload();
        if (payload != null) {
            payload.close();
        }
    }

    /** Stores a block, unless it is there as a copy. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(byte[] key, Payload payload) implements Op {
        @Override
        public Kind kind() {
            return Kind.PUT;
        }
    }

    /** Stores a reference, unless the block is there as a copy. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reference(byte[] key, ReferencedFile file) implements Op {
        @Override
        public Kind kind() {
            return Kind.REFERENCE;
        }
    }

    /** Removes a block, if it is there and nothing keeps it. Its outcome is read after the future completed. */
    final class Remove implements Op {
        enum Outcome {
            /** It was not there. */
            ABSENT,
            REMOVED,
            KEPT,
            /** There are pins to mark first. */
            ASK_AGAIN
        }

        private final byte[] key;
        private final @Nullable Predicate<Location> keep;
        private final boolean collected;
        private volatile Outcome outcome = Outcome.ABSENT;
        private volatile int sizeBytes;

        private Remove(byte[] key, @Nullable Predicate<Location> keep, boolean collected) {
            this.key = key;
            this.keep = keep;
            this.collected = collected;
        }

        /** Removes on a caller's wish. */
        static Remove wished(byte[] key) {
            return new Remove(key, null, false);
        }

        /** Removes as garbage, unless leases, pins not yet marked or {@code keep} say otherwise. */
        static Remove collected(byte[] key, Predicate<Location> keep) {
            return new Remove(key, keep, true);
        }

        /** Removes what lies where {@code place} says. */
        static Remove at(byte[] key, Location place) {
            return new Remove(key, location -> !location.samePlace(place), false);
        }

        @Override
        public Kind kind() {
            return Kind.REMOVE;
        }

        byte[] key() {
            return key;
        }

        boolean collected() {
            return collected;
        }

        boolean keeps(Location location) {
            return keep != null && keep.test(location);
        }

        void ends(Outcome how, int bytes) {
            outcome = how;
            sizeBytes = bytes;
        }

        Outcome outcome() {
            return outcome;
        }

        int sizeBytes() {
            return sizeBytes;
        }
    }

    /** Moves a block out of a segment, if the index still finds it there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Move(byte[] key, Location from, Payload payload) implements Op {
        @Override
        public Kind kind() {
            return Kind.MOVE;
        }
    }

    /** Repeats a removal whose dead copies may still be on disk. */
    record Carry(GroupEntry removal) implements Op {
        @Override
        public Kind kind() {
            return Kind.CARRY;
        }
    }

    /** Changes what the index records of a segment; {@code null} from {@code change} forgets it. */
    record Note(long segment, UnaryOperator<@Nullable SegmentState> change) implements Op {
        @Override
        public Kind kind() {
            return Kind.NOTE;
        }
    }

    /** Finishes the segment that is being written. Stands alone in its group. */
    record Roll() implements Op {
        @Override
        public Kind kind() {
            return Kind.ROLL;
        }
    }
}
