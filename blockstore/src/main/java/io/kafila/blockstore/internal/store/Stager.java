package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.StorageFullException;
import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each change of a group comes to, in the order of the queue: it sees the index and, over it, every change
 * that is on its way there. Confined to the append step.
 */
final class Stager {
    /** Knows the segment that is being written. */
    interface Placement {
        void place(Group group) throws IOException;

        /** Leaves the segment that is being written; answers its id, 0 where there is none. */
        long leave();
    }

    /** How many requests are let pass on an estimate before the disk is looked at again. */
    private static final int CHECKS_PER_LOOK = 256;

    private final Catalog catalog;
    private final Index index;
    private final Disk disk;
    private final RepositoryOptions options;
    private final Counters counters;
    private final Placement placement;

    private int checksSinceLook;
    private long room;
    private long free;

    Stager(Catalog catalog, Index index, Disk disk, RepositoryOptions options, Counters counters, Placement placement) {
        this.catalog = catalog;
        this.index = index;
        this.disk = disk;
        this.options = options;
        this.counters = counters;
        this.placement = placement;
    }

    static long payloadBytes(Op op) {
        Payload payload = op.payload();
        return payload == null ? 0 : payload.size();
    }

    /**
     * Stages changes, taking each off {@code parts} when it is done.
     *
     * @param ended gets those that have nothing to wait for
     * @param unforcedBytes what is written and not part of any segment's tail yet
     */
    void stage(Deque<Group.Part> parts, Group group, List<Group.Part> ended, long unforcedBytes) throws IOException {
        while (!parts.isEmpty()) {
            stage(parts.element(), group, ended, unforcedBytes);
            parts.remove();
        }
    }

    private void stage(Group.Part part, Group group, List<Group.Part> ended, long unforcedBytes) throws IOException {
        Request request = part.request();
        synchronized (catalog) {
            if (request.failed()) {
                ended.add(part);
                return;
            }
        }
        Op op = part.op();
        switch (op.kind()) {
            case PUT:
                checkSpace(request, group, unforcedBytes);
                put(part, (Op.Put) op, group, ended);
                break;
            case REFERENCE:
                reference(part, (Op.Reference) op, group, ended);
                break;
            case REMOVE:
                remove(part, (Op.Remove) op, group, ended);
                break;
            case MOVE:
                move(part, (Op.Move) op, group, ended);
                break;
            case CARRY:
                placed(group).lines.add(new Group.Line(((Op.Carry) op).removal(), null));
                group.parts.add(part);
                break;
            case NOTE:
                group.notes.add((Op.Note) op);
                group.parts.add(part);
                break;
            case ROLL:
                roll(part, group, ended);
                break;
        }
    }

    private void roll(Group.Part part, Group group, List<Group.Part> ended) {
        long left = placement.leave();
        if (left == 0) {
            ended.add(part);
        } else {
            group.notes.add(new Op.Note(left, state -> state == null ? null : state.asSealed()));
            group.parts.add(part);
        }
    }

    private Group placed(Group group) throws IOException {
        if (group.segment() == null) {
            placement.place(group);
        }
        return group;
    }

    /** Where the block is, or will be when all that is on its way has arrived. */
    private @Nullable Location current(byte[] key) {
        synchronized (catalog) {
            Catalog.Pending pending = catalog.pending(key);
            if (pending != null) {
                return pending.location();
            }
        }
        byte[] value = index.get(Table.BLOCKS, key);
        return value == null ? null : Location.decode(value);
    }

    /** Ends a part that changes nothing: with the change of the key that is on its way, or at once. */
    private void join(byte[] key, Group.Part part, List<Group.Part> ended) {
        synchronized (catalog) {
            Catalog.Pending pending = catalog.pending(key);
            if (pending != null) {
                pending.group().parts.add(part);
                return;
            }
        }
        ended.add(part);
    }

    private void change(
            Group.Part part,
            Group group,
            byte[] key,
            @Nullable Location before,
            @Nullable Location after,
            @Nullable ReferencedFile file) {
        group.changes.add(new Group.Change(key, before, after, file));
        group.parts.add(part);
        synchronized (catalog) {
            catalog.setPending(key, after, group);
        }
    }

    private long birth() {
        synchronized (catalog) {
            return catalog.nextBirth++;
        }
    }

    private void put(Group.Part part, Op.Put put, Group group, List<Group.Part> ended) throws IOException {
        synchronized (catalog) {
            if (part.request().failed()) {
                ended.add(part);
                return;
            }
        }
        Location before = current(put.key());
        if (before != null && !before.isReference()) {
            counters.duplicates.increment();
            join(put.key(), part, ended);
            return;
        }
        int sizeBytes = put.payload().size();
        byte[] inline = sizeBytes <= options.inlineBytes() ? put.payload().toByteArray() : null;
        write(part, group, put.key(), before, birth(), put.payload(), inline);
        counters.writes.increment();
        counters.writtenBytes.add(sizeBytes);
    }

    private void move(Group.Part part, Op.Move move, Group group, List<Group.Part> ended) throws IOException {
        Location before = current(move.key());
        if (before == null || !before.samePlace(move.from())) {
            join(move.key(), part, ended);
            return;
        }
        write(part, group, move.key(), before, before.birth(), move.payload(), before.inline());
        counters.compactedBytes.add(move.payload().size());
    }

    private void write(
            Group.Part part,
            Group group,
            byte[] key,
            @Nullable Location before,
            long birth,
            Payload payload,
            byte @Nullable [] inline)
            throws IOException {
        Segment segment = placed(group).segment();
        if (segment == null) {
            throw new IllegalStateException("committer: a group without a place");
        }
        int sizeBytes = payload.size();
        long offset = group.start() + group.payloadBytes;
        group.payloadBytes += sizeBytes;
        GroupEntry entry = GroupEntry.isChecksum(key)
                ? GroupEntry.hashed(birth, key, sizeBytes)
                : GroupEntry.payload(birth, key, sizeBytes, 0);
        group.lines.add(new Group.Line(entry, payload));
        change(part, group, key, before, new Location(birth, segment.id(), offset, sizeBytes, inline), null);
    }

    private void reference(Group.Part part, Op.Reference reference, Group group, List<Group.Part> ended) {
        Location before = current(reference.key());
        if (before != null && !before.isReference()) {
            counters.duplicates.increment();
            join(reference.key(), part, ended);
            return;
        }
        ReferencedFile file = reference.file();
        Location after = Location.reference(birth(), file.reference().sizeBytes());
        change(part, group, reference.key(), before, after, file);
        counters.writes.increment();
    }

    private void remove(Group.Part part, Op.Remove remove, Group group, List<Group.Part> ended) throws IOException {
        byte[] key = remove.key();
        Location before = current(key);
        if (before == null) {
            remove.ends(Op.Remove.Outcome.ABSENT, 0);
            join(key, part, ended);
            return;
        }
        if (!before.isReference()) {
            // Before the decision: a place that cannot be had must not leave a decision behind.
            placed(group);
        }
        synchronized (catalog) {
            if (remove.collected() && catalog.unmarkedPins()) {
                remove.ends(Op.Remove.Outcome.ASK_AGAIN, 0);
                ended.add(part);
                return;
            }
            if ((remove.collected() && catalog.leases.keeps(key)) || remove.keeps(before)) {
                remove.ends(Op.Remove.Outcome.KEPT, before.sizeBytes());
                ended.add(part);
                return;
            }
            // From here on nobody finds the block: who asked before has touched it and was seen above.
            change(part, group, key, before, null, null);
        }
        if (!before.isReference()) {
            group.lines.add(new Group.Line(GroupEntry.removal(before.birth(), key, before.segment()), null));
        }
        remove.ends(Op.Remove.Outcome.REMOVED, before.sizeBytes());
        counters.deletes.increment();
    }

    // Space

    private void checkSpace(Request request, Group group, long unforcedBytes) throws IOException {
        synchronized (catalog) {
            if (!request.claimSpaceCheck()) {
                return;
            }
        }
        long wanted = 0;
        for (Op op : request.ops()) {
            wanted += payloadBytes(op);
        }
        if (checksSinceLook++ % CHECKS_PER_LOOK == 0 || wanted > room || wanted > free) {
            look(group, unforcedBytes);
        }
        if (wanted > room || wanted > free) {
            wanted = 0;
            for (Op op : request.ops()) {
                if (op.kind() == Op.Kind.PUT && current(((Op.Put) op).key()) == null) {
                    wanted += payloadBytes(op);
                }
            }
        }
        String refusal = null;
        if (wanted > 0 && wanted > room) {
            refusal = "cannot store " + wanted + " bytes: " + (options.maxBytes() - room) + " of at most "
                    + options.maxBytes() + " bytes are in use";
        } else if (wanted > 0 && wanted > free) {
            refusal = "cannot store " + wanted + " bytes: the disk of " + disk.describe("") + " has "
                    + (free + options.reserveBytes()) + " bytes left, of which " + options.reserveBytes()
                    + " are kept free";
        }
        if (refusal == null) {
            room -= wanted;
            free -= wanted;
            return;
        }
        synchronized (catalog) {
            request.fail(new StorageFullException(refusal));
        }
    }

    private void look(Group group, long unforcedBytes) throws IOException {
        long used = unforcedBytes + group.payloadBytes + index.sizeBytes();
        synchronized (catalog) {
            used += catalog.segmentBytes();
        }
        room = options.maxBytes() - used;
        free = disk.usableBytes() - options.reserveBytes();
    }
}
