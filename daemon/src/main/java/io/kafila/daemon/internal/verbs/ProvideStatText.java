package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.node.config.Units;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The figures of {@code provide stat} as lines, part by part as Kubo prints them. Confined to one thread. */
final class ProvideStatText {
    /** The parts of the figures, by their options. */
    static final List<String> PARTS =
            List.of("all", "connectivity", "queues", "schedule", "network", "timings", "operations", "workers");

    /** With fewer workers free, the short form tells of them. */
    private static final int FEW_WORKERS = 2;

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int LEFT = 0;
    private static final int RIGHT = 1;

    private final Set<String> flags;
    private final JsonNode sweep;
    private final Instant now;
    private final boolean all;
    private final boolean brief;
    private final boolean headings;
    private final boolean compact;
    private final List<List<String>> columns = List.of(new ArrayList<>(), new ArrayList<>());

    private ProvideStatText(Set<String> flags, JsonNode sweep, Instant now) {
        this.flags = Set.copyOf(flags);
        this.sweep = sweep;
        this.now = now;
        this.all = flags.contains("all");
        long parts = PARTS.stream().filter(flags::contains).count();
        this.brief = parts == 0;
        this.headings = parts > 1 || all;
        this.compact = all && flags.contains("compact");
    }

    /** @param flags of {@link #PARTS}, and {@code compact} */
    static String of(Set<String> flags, JsonNode sweep, Instant now) {
        if (sweep.path("closed").asBoolean()) {
            return "Provider is closed\n";
        }
        if (flags.contains("compact") && !flags.contains("all")) {
            throw new CommandException("--compact requires --all flag");
        }
        return new ProvideStatText(flags, sweep, now).text();
    }

    private String text() {
        connectivity();
        queues();
        schedule();
        timings();
        network();
        operations();
        workers();
        if (compact) {
            return sideBySide();
        }
        List<String> lines = columns.get(LEFT);
        if (!brief && !lines.isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return aligned(lines);
    }

    private boolean shows(String part) {
        return all || flags.contains(part);
    }

    private void title(int column, String title) {
        if (headings) {
            add(column, title + ":");
        }
    }

    private void line(int column, String name, String value) {
        String indent = headings ? "  " : "";
        if (compact) {
            add(column, indent + name + ": " + value);
        } else {
            add(column, indent + name + ":\t" + value.replaceFirst(", ", ",\t"));
        }
    }

    private void add(int column, String line) {
        columns.get(compact ? column : LEFT).add(line);
    }

    private void blank(int column) {
        if (!brief) {
            add(column, "");
        }
    }

    private void connectivity() {
        String status = sweep.at("/connectivity/status").asText();
        if (shows("connectivity") || (brief && !status.equals("online"))) {
            title(RIGHT, "Connectivity");
            Instant since = Instant.parse(sweep.at("/connectivity/since").asText());
            line(RIGHT, "Status", since.getEpochSecond() < 0 ? status : status + " (" + dayAndTime(since) + ")");
            blank(RIGHT);
        }
    }

    private void queues() {
        if (shows("queues") || brief) {
            title(RIGHT, "Queues");
            line(
                    RIGHT,
                    "Provide queue",
                    si(number("/queues/pending_key_provides"), 1) + " CIDs, "
                            + si(number("/queues/pending_region_provides"), 1) + " regions");
            line(RIGHT, "Reprovide queue", si(number("/queues/pending_region_reprovides"), 1) + " regions");
            blank(RIGHT);
        }
    }

    private void schedule() {
        if (!shows("schedule") && !brief) {
            return;
        }
        title(LEFT, "Schedule");
        line(LEFT, "CIDs scheduled", count("/schedule/keys"));
        line(LEFT, "Regions scheduled", number("/schedule/regions") <= 0 ? "N/A" : count("/schedule/regions"));
        if (!brief) {
            line(LEFT, "Avg prefix length", decimal("/schedule/avg_prefix_length"));
            String prefix = sweep.at("/schedule/next_reprovide_prefix").asText();
            line(LEFT, "Next region prefix", prefix.isEmpty() ? "N/A" : prefix);
            Instant next = Instant.parse(sweep.at("/schedule/next_reprovide_at").asText());
            line(
                    LEFT,
                    "Next region reprovide",
                    next.getEpochSecond() < 0 ? "N/A" : TIME.format(next.atZone(ZoneId.systemDefault())));
        }
        blank(LEFT);
    }

    private void timings() {
        if (!shows("timings")) {
            return;
        }
        title(RIGHT, "Timings");
        Duration uptime = duration("/timing/uptime");
        line(RIGHT, "Uptime", human(uptime) + " (" + dayAndTime(now.minus(uptime)) + ")");
        line(RIGHT, "Current time offset", human(duration("/timing/current_time_offset")));
        line(
                RIGHT,
                "Cycle started",
                dayAndTime(Instant.parse(sweep.at("/timing/cycle_start").asText())));
        line(RIGHT, "Reprovide interval", human(duration("/timing/reprovides_interval")));
        blank(RIGHT);
    }

    private void network() {
        if (!shows("network") && !brief) {
            return;
        }
        title(LEFT, "Network");
        line(LEFT, "Avg record holders", decimal("/network/avg_holders"));
        if (!brief) {
            long peers = (long) number("/network/peers");
            long reachable = (long) number("/network/reachable");
            line(LEFT, "Peers swept", whole(peers));
            line(
                    LEFT,
                    "Full keyspace coverage",
                    sweep.at("/network/complete_keyspace_coverage").asText());
            line(
                    LEFT,
                    "Reachable peers",
                    whole(reachable) + (peers > 0 ? " (" + whole(100 * reachable / peers) + "%)" : ""));
            line(LEFT, "Avg region size", decimal("/network/avg_region_size"));
            line(LEFT, "Replication factor", count("/network/replication_factor"));
            blank(LEFT);
        }
    }

    private void operations() {
        if (!shows("operations") && !brief) {
            return;
        }
        title(RIGHT, "Operations");
        line(RIGHT, "Ongoing provides", ongoing("key_provides", "region_provides"));
        line(RIGHT, "Ongoing reprovides", ongoing("key_reprovides", "region_reprovides"));
        line(RIGHT, "Total CIDs provided", count("/operations/past/keys_provided"));
        if (!brief) {
            line(RIGHT, "Total records provided", count("/operations/past/records_provided"));
            line(RIGHT, "Total provide errors", count("/operations/past/keys_failed"));
            line(RIGHT, "CIDs provided/min/worker", decimal("/operations/past/keys_provided_per_minute"));
            line(RIGHT, "CIDs reprovided/min/worker", decimal("/operations/past/keys_reprovided_per_minute"));
            Duration took = duration("/operations/past/reprovide_duration");
            line(RIGHT, "Region reprovide duration", took.isZero() ? "N/A" : human(took));
            line(RIGHT, "Avg CIDs/reprovide", decimal("/operations/past/avg_keys_per_reprovide"));
            line(RIGHT, "Regions reprovided (last cycle)", count("/operations/past/regions_reprovided_last_cycle"));
            blank(RIGHT);
        }
    }

    private String ongoing(String keys, String regions) {
        return si(number("/operations/ongoing/" + keys), 1) + " CIDs, "
                + si(number("/operations/ongoing/" + regions), 1) + " regions";
    }

    private void workers() {
        long max = (long) number("/workers/max");
        long activeBurst = (long) number("/workers/active_burst");
        long activePeriodic = (long) number("/workers/active_periodic");
        long dedicatedBurst = (long) number("/workers/dedicated_burst");
        long dedicatedPeriodic = (long) number("/workers/dedicated_periodic");
        long free =
                Math.max(0, max - Math.max(dedicatedBurst, activeBurst) - Math.max(dedicatedPeriodic, activePeriodic));
        long burst = free + Math.max(0, dedicatedBurst - activeBurst);
        long periodic = free + Math.max(0, dedicatedPeriodic - activePeriodic);
        boolean few = burst <= FEW_WORKERS || periodic <= FEW_WORKERS;
        if (!shows("workers") && !(brief && few)) {
            return;
        }
        title(LEFT, "Workers");
        String noun = compact ? "" : " workers";
        line(LEFT, "Active" + noun, whole((long) number("/workers/active")) + " / " + whole(max) + " (max)");
        if (brief) {
            line(LEFT, "Periodic" + noun, free(activePeriodic, periodic, (long) number("/workers/queued_periodic")));
            line(LEFT, "Burst" + noun, free(activeBurst, burst, (long) number("/workers/queued_burst")));
            return;
        }
        line(LEFT, "Free" + noun, whole(free));
        row("Workers stats:", "Periodic", "Burst");
        row("Active:", whole(activePeriodic), whole(activeBurst));
        row("Dedicated:", whole(dedicatedPeriodic), whole(dedicatedBurst));
        row("Available:", whole(periodic), whole(burst));
        row("Queued:", whole((long) number("/workers/queued_periodic")), whole((long) number("/workers/queued_burst")));
        line(LEFT, "Max connections/worker", whole((long) number("/workers/max_provide_conns_per_worker")));
        blank(LEFT);
    }

    private static String free(long active, long available, long queued) {
        return whole(active) + " active, " + whole(available) + " available, " + whole(queued) + " queued";
    }

    private void row(String name, String periodic, String burst) {
        add(LEFT, String.format(Locale.ROOT, "%s%-14s %-9s %s", headings ? "    " : "  ", name, periodic, burst));
    }

    private String sideBySide() {
        List<String> left = columns.get(LEFT);
        List<String> right = columns.get(RIGHT);
        int width = left.stream().mapToInt(String::length).max().orElse(0) + 2;
        StringBuilder text = new StringBuilder();
        // the last line of either is blank
        for (int i = 0; i < Math.max(left.size(), right.size()) - 1; i++) {
            String first = i < left.size() ? left.get(i) : "";
            String second = i < right.size() ? right.get(i) : "";
            text.append(first)
                    .append(" ".repeat(width - first.length()))
                    .append(' ')
                    .append(second)
                    .append('\n');
        }
        return text.toString();
    }

    /** Cells between tabs stand below one another in lines that follow each other. */
    private static String aligned(List<String> lines) {
        List<String[]> rows = lines.stream().map(line -> line.split("\t", -1)).toList();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            String[] row = rows.get(i);
            for (int cell = 0; cell < row.length - 1; cell++) {
                int width = width(rows, i, cell);
                text.append(row[cell]).append(" ".repeat(width + 1 - row[cell].length()));
            }
            text.append(row[row.length - 1]).append('\n');
        }
        return text.toString();
    }

    private static int width(List<String[]> rows, int at, int cell) {
        int width = 0;
        for (int i = at; i >= 0 && rows.get(i).length > cell + 1; i--) {
            width = Math.max(width, rows.get(i)[cell].length());
        }
        for (int i = at; i < rows.size() && rows.get(i).length > cell + 1; i++) {
            width = Math.max(width, rows.get(i)[cell].length());
        }
        return width;
    }

    private double number(String path) {
        return sweep.at(path).asDouble();
    }

    private Duration duration(String path) {
        return Duration.ofNanos(sweep.at(path).asLong());
    }

    private String count(String path) {
        double value = number(path);
        String shortened = si(value, 0);
        String exact = full(value, 0);
        return shortened.equals(exact) ? shortened : shortened + (compact ? " (" : "\t(") + exact + ")";
    }

    private String decimal(String path) {
        double value = number(path);
        return value <= 0 ? "N/A" : full(value, 1);
    }

    private static String si(double value, int digits) {
        double scaled = value;
        String unit = "";
        for (String each : List.of("k", "M", "G", "T")) {
            if (scaled < 1000) {
                break;
            }
            scaled /= 1000;
            unit = each;
        }
        return full(scaled, digits) + unit;
    }

    private static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** With commas between thousands and what is behind the digits cut off. */
    private static String full(double value, int digits) {
        BigDecimal cut = BigDecimal.valueOf(value).setScale(digits, RoundingMode.DOWN);
        if (cut.stripTrailingZeros().scale() <= 0) {
            cut = cut.setScale(0, RoundingMode.DOWN);
        }
        return String.format(Locale.ROOT, "%,." + cut.scale() + "f", cut);
    }

    private static String human(Duration duration) {
        long step = duration.compareTo(Duration.ofSeconds(1)) > 0 ? 100_000_000L : 1_000L;
        return Units.text(Duration.ofNanos(duration.toNanos() / step * step));
    }

    private static String dayAndTime(Instant time) {
        return DAY_AND_TIME.format(time.atZone(ZoneId.systemDefault()));
    }
}
