package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Json;
import java.time.Instant;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Kubo 0.42 prints of the same figures. */
class ProvideStatTextTest {
    private static final String FIGURES = """
            {"closed":false,"connectivity":{"status":"offline","since":"0001-01-01T00:00:00Z"},"queues":{"pending_key_provides":0,
            "pending_region_provides":0,"pending_region_reprovides":0},"schedule":{"keys":1,"regions":0,"avg_prefix_length":-1,
            "next_reprovide_at":"0001-01-01T00:00:00Z","next_reprovide_prefix":""},"workers":{"max":16,"active":0,
            "active_periodic":0,"active_burst":0,"dedicated_periodic":2,"dedicated_burst":1,"queued_periodic":0,"queued_burst":0,
            "max_provide_conns_per_worker":20},"timing":{"uptime":483046000,"reprovides_interval":79200000000000,
            "cycle_start":"2026-11-26T15:57:56.634123359Z","current_time_offset":483038000,"max_reprovide_delay":3600000000000},
            "operations":{"ongoing":{"region_provides":0,"key_provides":0,"region_reprovides":0,"key_reprovides":0},
            "past":{"records_provided":0,"keys_provided":0,"keys_failed":0,"keys_provided_per_minute":0,
            "keys_reprovided_per_minute":0,"reprovide_duration":0,"avg_keys_per_reprovide":0,"regions_reprovided_last_cycle":0}},
            "network":{"peers":0,"reachable":0,"complete_keyspace_coverage":false,"avg_region_size":0,"avg_holders":0,
            "replication_factor":20}}""";

    private static final Instant NOW = Instant.parse("2026-11-26T15:57:57Z");

    private TimeZone zone;

    @BeforeEach
    void setZone() {
        zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    }

    @AfterEach
    void resetZone() {
        TimeZone.setDefault(zone);
    }

    private static String text(String figures, String... flags) throws Exception {
        JsonNode sweep = Json.read(figures);
        return ProvideStatText.of(Set.of(flags), sweep, NOW);
    }

    @Test
    void shortForm() throws Exception {
        assertThat(text(FIGURES)).isEqualTo("""
                Status:              offline
                Provide queue:       0 CIDs, 0 regions
                Reprovide queue:     0 regions
                CIDs scheduled:      1
                Regions scheduled:   N/A
                Avg record holders:  N/A
                Ongoing provides:    0 CIDs, 0 regions
                Ongoing reprovides:  0 CIDs, 0 regions
                Total CIDs provided: 0
                """);
    }

    @Test
    void all() throws Exception {
        assertThat(text(FIGURES, "all")).isEqualTo("""
                Connectivity:
                  Status: offline

                Queues:
                  Provide queue:   0 CIDs, 0 regions
                  Reprovide queue: 0 regions

                Schedule:
                  CIDs scheduled:        1
                  Regions scheduled:     N/A
                  Avg prefix length:     N/A
                  Next region prefix:    N/A
                  Next region reprovide: N/A

                Timings:
                  Uptime:              483.046ms (2026-11-26 15:57:56)
                  Current time offset: 483.038ms
                  Cycle started:       2026-11-26 15:57:56
                  Reprovide interval:  22h0m0s

                Network:
                  Avg record holders:     N/A
                  Peers swept:            0
                  Full keyspace coverage: false
                  Reachable peers:        0
                  Avg region size:        N/A
                  Replication factor:     20

                Operations:
                  Ongoing provides:                0 CIDs, 0 regions
                  Ongoing reprovides:              0 CIDs, 0 regions
                  Total CIDs provided:             0
                  Total records provided:          0
                  Total provide errors:            0
                  CIDs provided/min/worker:        N/A
                  CIDs reprovided/min/worker:      N/A
                  Region reprovide duration:       N/A
                  Avg CIDs/reprovide:              N/A
                  Regions reprovided (last cycle): 0

                Workers:
                  Active workers: 0 / 16 (max)
                  Free workers:   13
                    Workers stats: Periodic  Burst
                    Active:        0         0
                    Dedicated:     2         1
                    Available:     15        14
                    Queued:        0         0
                  Max connections/worker: 20
                """);
    }

    @Test
    void compact_isInTwoColumns() throws Exception {
        assertThat(text(FIGURES, "all", "compact").lines())
                .startsWith(
                        "Schedule:                            Connectivity:",
                        "  CIDs scheduled: 1                    Status: offline",
                        "  Regions scheduled: N/A             ",
                        "  Avg prefix length: N/A             Queues:")
                .endsWith("  Max connections/worker: 20           Regions reprovided (last cycle): 0");
        assertThatThrownBy(() -> text(FIGURES, "compact")).hasMessage("--compact requires --all flag");
    }

    @Test
    void onePart_hasNoHeading_andLargeNumbersAreShort() throws Exception {
        String many = FIGURES.replace("\"keys\":1,\"regions\":0", "\"keys\":123456,\"regions\":300")
                .replace("\"avg_prefix_length\":-1", "\"avg_prefix_length\":8.26");
        assertThat(text(many, "schedule")).isEqualTo("""
                CIDs scheduled:        123k (123,456)
                Regions scheduled:     300
                Avg prefix length:     8.2
                Next region prefix:    N/A
                Next region reprovide: N/A
                """);
        assertThat(text("{\"closed\":true}")).isEqualTo("Provider is closed\n");
    }
}
