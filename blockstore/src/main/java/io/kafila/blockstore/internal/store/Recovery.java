package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository.RepairReport;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupReader;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.blockstore.internal.segment.SegmentFormatException;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings segments and index together: when the store is opened, and when a repair rebuilds every location. Confined to
 * one thread, with the committer standing still.
 *
 * <p>On opening, what an unfinished segment holds behind its recorded tail was never acknowledged, or was acknowledged
 * into an index that has since lost it: whole groups are replayed, and the first that is torn is cut off with all that
 * follows. Replaying keeps the order of the queue, removals included, so nothing comes back that an acknowledged removal
 * took away.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    static final long FORMAT_VERSION = 1;

    private static final byte[] VERSION_KEY = "version".getBytes(StandardCharsets.UTF_8);
    private static final byte[] REPAIR_KEY = "repair".getBytes(StandardCharsets.UTF_8);
    private static final int SCAN_STEP = 1024;
    private static final int REWRITE_BYTES = 1 << 20;

    private final Catalog catalog;
    private final Index index;
    private final Shelf shelf;
    private final Disk disk;
    private final int inlineBytes;
    private final Counters counters;
    private final List<String> findings = new ArrayList<>();
    private boolean missing;

    Recovery(Catalog catalog, Index index, Shelf shelf, int inlineBytes, Counters counters) {
        this.catalog = catalog;
        this.index = index;
        this.shelf = shelf;
        this.disk = shelf.disk();
        this.inlineBytes = inlineBytes;
        this.counters = counters;
    }

    /** Fills the catalog; answers the segment to go on with, {@code null} where the next group begins a new one. */
    Catalog.@Nullable Entry open() throws IOException {
        boolean opened = false;
        try {
            Catalog.Entry unfinished = openAll();
            opened = true;
            return unfinished;
        } finally {
            if (!opened) {
                catalog.segments.values().forEach(entry -> entry.segment.release());
            }
        }
    }

    private Catalog.@Nullable Entry openAll() throws IOException {
        checkVersion();
        disk.createFolder(Segment.FOLDER);
        disk.createFolder(Quarantine.FOLDER);
        NavigableMap<Long, SegmentState> recorded = recordedStates();
        byte[] storedTotals = index.get(Table.META, Totals.key());
        Totals totals = storedTotals == null ? Totals.EMPTY : Totals.decode(storedTotals);
        Set<Long> dropped = openFiles(recorded, totals);
        Replay replay = replay(totals);
        if (index.get(Table.META, REPAIR_KEY) != null || (storedTotals == null && !catalog.segments.isEmpty())) {
            LOG.warn("the index of {} is not complete; rebuilding it from the segments", disk.describe(""));
            rebuild(replay);
        } else {
            for (Catalog.Entry entry : List.copyOf(catalog.segments.values())) {
                settle(entry, replay);
            }
        }
        Catalog.Entry last =
                catalog.segments.isEmpty() ? null : catalog.segments.lastEntry().getValue();
        for (Map.Entry<Long, SegmentState> each : replay.states.entrySet()) {
            if (last == null || each.getKey() != last.segment.id()) {
                each.setValue(each.getValue().asSealed());
            }
        }
        forgetMissing(replay);
        IndexBatch batch = new IndexBatch();
        dropped.forEach(id -> batch.delete(Table.META, SegmentState.key(id)));
        replay.write(batch, true);
        install(replay);
        findings.forEach(finding -> LOG.warn("{}", finding));
        return last == null || last.state.sealed() ? null : last;
    }

    private void checkVersion() {
        byte[] value = index.get(Table.META, VERSION_KEY);
        if (value == null) {
            IndexBatch batch = new IndexBatch();
            batch.put(Table.META, VERSION_KEY, SegmentState.Numbers.encode(FORMAT_VERSION));
            index.write(batch, true);
            return;
        }
        long version = SegmentState.Numbers.decode(value, 1)[0];
        if (version != FORMAT_VERSION) {
            throw new BlockstoreException(
                    "repository " + disk.describe("") + ": format version " + version + ", want " + FORMAT_VERSION);
        }
    }

    private NavigableMap<Long, SegmentState> recordedStates() {
        TreeMap<Long, SegmentState> states = new TreeMap<>();
        byte[] after = SegmentState.prefix();
        while (true) {
            List<Index.Entry> entries = index.scan(Table.META, after, false, SCAN_STEP);
            for (Index.Entry entry : entries) {
                long id = SegmentState.idOf(entry.key());
                if (id < 0) {
                    return states;
                }
                states.put(id, SegmentState.decode(entry.value()));
                after = entry.key();
            }
            if (entries.isEmpty()) {
                return states;
            }
        }
    }

    /** Opens what is there, deletes what is dead; answers the recorded segments that are gone. */
    private Set<Long> openFiles(NavigableMap<Long, SegmentState> recorded, Totals totals) throws IOException {
        Set<Long> gone = new HashSet<>(recorded.keySet());
        boolean deleted = false;
        for (String file : disk.list(Segment.FOLDER)) {
            long id = Segment.idOf(file);
            String name = Segment.FOLDER + "/" + file;
            if (Segment.isDead(file)) {
                disk.delete(name);
            } else if (id >= 0) {
                gone.remove(id);
                SegmentState state = recorded.get(id);
                if (state == null && id <= totals.lastSegment()) {
                    // Created and never acknowledged; a later one was.
                    disk.delete(name);
                    deleted = true;
                } else {
                    openFile(id, name, state);
                }
                catalog.lastSegment = Math.max(catalog.lastSegment, id);
            }
        }
        if (deleted) {
            disk.forceFolder(Segment.FOLDER);
        }
        catalog.lastSegment = Math.max(catalog.lastSegment, totals.lastSegment());
        for (long id : gone) {
            SegmentState state = recorded.get(id);
            if (state != null && state.liveBlocks() > 0) {
                findings.add("segment " + disk.describe(Segment.nameOf(id)) + " is missing, and with it "
                        + state.liveBlocks() + " blocks");
                missing = true;
            }
        }
        return gone;
    }

    private void openFile(long id, String name, @Nullable SegmentState state) throws IOException {
        DiskFile file = disk.open(name);
        SegmentHeader header;
        boolean headless = false;
        try {
            header = GroupReader.header(file, disk.describe(name));
            if (header.id() != id) {
                throw new SegmentFormatException(
                        "segment " + disk.describe(name) + ": its header is that of segment " + header.id());
            }
        } catch (SegmentFormatException e) {
            if (state == null) {
                // A header that was never forced: nothing behind it was acknowledged.
                file.close();
                disk.delete(name);
                return;
            }
            findings.add(e.getMessage() + "; its blocks are served, and it cannot be compacted or repaired");
            header = new SegmentHeader(id, 0, 0);
            headless = true;
        }
        SegmentState known = state == null ? SegmentState.EMPTY : state;
        Catalog.Entry entry = new Catalog.Entry(shelf.open(header, file), known, state != null);
        entry.headless = headless;
        catalog.segments.put(id, entry);
    }

    private Replay replay(Totals totals) {
        TreeMap<Long, SegmentState> states = new TreeMap<>();
        catalog.segments.forEach((id, entry) -> states.put(id, entry.state));
        return new Replay(index, inlineBytes, states, totals);
    }

    private void install(Replay replay) {
        synchronized (catalog) {
            catalog.segments.forEach((id, entry) -> entry.state = replay.states.getOrDefault(id, entry.state));
            catalog.totals = replay.totals;
            catalog.nextBirth = Math.max(catalog.nextBirth, replay.totals.nextBirth());
        }
    }

    /** Replays whole groups behind the recorded tail and cuts the rest. */
    private void settle(Catalog.Entry entry, Replay replay) throws IOException {
        Segment segment = entry.segment;
        DiskFile file = segment.file();
        long size = file.size();
        if (!entry.state.sealed() && !entry.headless) {
            GroupReader reader = new GroupReader(file, segment.header());
            List<GroupTrailer> groups = new ArrayList<>();
            long at = entry.state.tail();
            for (GroupTrailer next = reader.next(at, size); next != null; next = reader.next(at, size)) {
                if (next.start() != at || !sound(reader, next)) {
                    break;
                }
                groups.add(next);
                at = next.end();
            }
            if (!groups.isEmpty()) {
                rewrite(file, entry.named ? entry.state.tail() : 0, at);
                forceName(entry);
                for (GroupTrailer group : groups) {
                    replay.group(segment, reader, group, true, findings);
                }
            }
        }
        SegmentState now = replay.states.getOrDefault(segment.id(), entry.state);
        if (size < now.tail()) {
            findings.add("segment " + segment.describe() + " has " + size + " bytes, want " + now.tail());
        } else if (size > now.tail()) {
            LOG.info("segment {}: cutting a torn tail of {} bytes", segment.describe(), size - now.tail());
            counters.tornBytes.add(size - now.tail());
            file.truncate(now.tail());
        }
        if (!entry.state.sealed()) {
            // What was replayed, and the cut, must be as durable as the index will say.
            file.force();
            forceName(entry);
        }
    }

    /** Before the index may say that a block lies in the segment. */
    private void forceName(Catalog.Entry entry) throws IOException {
        if (!entry.named) {
            disk.forceFolder(Segment.FOLDER);
            entry.named = true;
        }
    }

    /**
     * Writes a range over itself and forces it. After a force that failed before, the system may show what it never wrote
     * and hold it for written; only writing it again makes it durable.
     */
    private static void rewrite(DiskFile file, long from, long to) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(to - from, REWRITE_BYTES));
        for (long at = from; at < to; at += chunk.capacity()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            file.read(chunk, at);
            file.write(List.of(chunk.flip()), at);
        }
        file.force();
    }

    private static boolean sound(GroupReader reader, GroupTrailer group) throws IOException {
        long offset = group.start();
        for (GroupEntry entry : group.entries()) {
            if (entry.isPayload() && !reader.sound(entry, offset)) {
                return false;
            }
            offset += entry.sizeBytes();
        }
        return true;
    }

    /** Rebuilds every location from the segments, with nobody else at work. All segments are finished afterwards. */
    RepairReport repair() throws IOException {
        Totals totals;
        synchronized (catalog) {
            totals = catalog.totals;
        }
        Replay replay = replay(totals);
        long torn = rebuild(replay);
        replay.write(new IndexBatch(), true);
        install(replay);
        return new RepairReport(replay.states.size(), replay.totals.blocks(), torn, List.copyOf(findings));
    }

    /**
     * Forgets every location in a segment and replays all groups. A mark in the index makes the next start do it again
     * if this is cut short.
     */
    private long rebuild(Replay replay) throws IOException {
        IndexBatch mark = new IndexBatch();
        mark.put(Table.META, REPAIR_KEY, new byte[0]);
        index.write(mark, true);
        replay.totals = forget(replay.totals);
        for (Map.Entry<Long, SegmentState> each : replay.states.entrySet()) {
            SegmentState state = each.getValue();
            if (!headless(each.getKey())) {
                each.setValue(new SegmentState(state.tail(), true, state.stale(), 0, 0));
            }
        }
        long torn = 0;
        for (Catalog.Entry entry : List.copyOf(catalog.segments.values())) {
            // As in settle: what the system shows may not be on the disk yet.
            if (!entry.named) {
                rewrite(entry.segment.file(), 0, entry.segment.file().size());
                forceName(entry);
            }
            torn += rebuild(entry, replay);
        }
        IndexBatch done = new IndexBatch();
        done.delete(Table.META, REPAIR_KEY);
        replay.write(done, true);
        return torn;
    }

    private long rebuild(Catalog.Entry entry, Replay replay) throws IOException {
        Segment segment = entry.segment;
        if (entry.headless || entry.renamed) {
            // A segment with its dead name was emptied; the next start deletes it.
            return 0;
        }
        long size = segment.file().size();
        GroupReader reader = new GroupReader(segment.file(), segment.header());
        long end = SegmentHeader.PAGE_BYTES;
        for (GroupTrailer.Footer footer : reader.groups(size & -SegmentHeader.PAGE_BYTES)) {
            if (footer.start() > end) {
                findings.add("segment " + segment.describe() + ": no group between offsets " + end + " and "
                        + footer.start());
            }
            try {
                replay.group(segment, reader, reader.trailer(footer), false, findings);
            } catch (SegmentFormatException e) {
                findings.add("segment " + segment.describe() + ": " + e.getMessage());
            }
            end = footer.end();
        }
        return Math.max(size - end, 0);
    }

    /** Takes locations in segments that are missing out of the index, so that a put of such a block stores it anew. */
    private void forgetMissing(Replay replay) {
        if (!missing) {
            return;
        }
        byte[] after = new byte[0];
        for (List<Index.Entry> entries = index.scan(Table.BLOCKS, after, false, SCAN_STEP);
                !entries.isEmpty();
                entries = index.scan(Table.BLOCKS, after, false, SCAN_STEP)) {
            IndexBatch batch = new IndexBatch();
            for (Index.Entry entry : entries) {
                after = entry.key();
                Location location = Location.decode(entry.value());
                if (!location.isReference() && catalog.segment(location.segment()) == null) {
                    batch.delete(Table.BLOCKS, entry.key());
                    replay.leave(location);
                }
            }
            if (!batch.changes().isEmpty()) {
                replay.write(batch, false);
            }
        }
    }

    private boolean headless(long id) {
        Catalog.Entry entry = catalog.segment(id);
        return entry != null && entry.headless;
    }

    /** Takes every location in a segment out of the index; answers the totals of what is left: references, and what no repair can find again. */
    private Totals forget(Totals totals) {
        long left = 0;
        long bytes = 0;
        byte[] after = new byte[0];
        for (List<Index.Entry> entries = index.scan(Table.BLOCKS, after, false, SCAN_STEP);
                !entries.isEmpty();
                entries = index.scan(Table.BLOCKS, after, false, SCAN_STEP)) {
            IndexBatch batch = new IndexBatch();
            for (Index.Entry entry : entries) {
                after = entry.key();
                Location location = Location.decode(entry.value());
                if (location.isReference() || headless(location.segment())) {
                    left++;
                    bytes += location.sizeBytes();
                } else {
                    batch.delete(Table.BLOCKS, entry.key());
                }
            }
            index.write(batch, false);
        }
        return new Totals(totals.nextBirth(), totals.lastSegment(), left, bytes);
    }
}
