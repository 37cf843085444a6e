package io.kafila.dht.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Multihash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A few hundred nodes, an hour or two of their time. The seed is a constant of each test; another may be given by -Dkafila.seed. */
class DhtSimTest {
    private static final long SEED = Long.getLong("kafila.seed", 1);
    private static final SimOptions OPTIONS = SimOptions.DEFAULT.withNodes(200).withSeed(SEED);
    private static final Duration MEASURING = Duration.ofMinutes(2);
    private static final int KEYS = 200;

    private static DhtSimulation grown(SimOptions options) {
        DhtSimulation simulation = new DhtSimulation(options);
        simulation.grow();
        return simulation;
    }

    private static List<Measurement> measured(SimOptions options) {
        DhtSimulation simulation = grown(options);
        List<Multihash> keys = simulation.newKeys(KEYS);
        List<Measurement> all = new ArrayList<>();
        all.add(simulation.lookUp(keys, MEASURING));
        all.add(simulation.provide(keys, MEASURING));
        all.add(simulation.find(keys, MEASURING));
        return all;
    }

    @Test
    void peace_everythingSucceeds_hopsAreFew() {
        List<Measurement> all = measured(OPTIONS);
        assertThat(all).extracting(Measurement::count).containsOnly(KEYS);
        assertThat(all).extracting(Measurement::successRate).allMatch(rate -> rate >= 0.99);
        assertThat(all).extracting(Measurement::quality).allMatch(quality -> quality >= 0.99);
        Measurement lookup = all.get(0);
        assertThat(lookup.hops().mean()).isBetween(1.0, 3.0);
        assertThat(lookup.hops().max()).isLessThanOrEqualTo(Math.log(OPTIONS.nodes()) / Math.log(2));
        assertThat(lookup.messages().mean()).isBetween(20.0, 40.0);
        assertThat(lookup.millis().median())
                .as("three round trips to dial and one to ask, at least once")
                .isGreaterThan(200);
    }

    @Test
    void sameSeed_sameFigures_anotherSeed_others() {
        SimOptions lossy = OPTIONS.withNodes(60).withLoss(0.05);
        List<Measurement> first = measured(lossy);
        assertThat(measured(lossy)).isEqualTo(first);
        assertThat(measured(lossy.withSeed(SEED + 1))).isNotEqualTo(first);
    }

    @Test
    void hops_growSlowerThanTheNetwork() {
        double few = measured(OPTIONS.withNodes(50)).get(0).hops().mean();
        double more = measured(OPTIONS.withNodes(400)).get(0).hops().mean();
        assertThat(more).as("three doublings").isGreaterThan(few).isLessThan(few + 3);
    }

    @Test
    void loss_delaysButFailsHardlyAnything() {
        List<Measurement> sure = measured(OPTIONS.withNodes(100));
        List<Measurement> lossy = measured(OPTIONS.withNodes(100).withLoss(0.1));
        assertThat(lossy).extracting(Measurement::successRate).allMatch(rate -> rate >= 0.98);
        assertThat(lossy.get(0).millis().mean())
                .isGreaterThan(1.2 * sure.get(0).millis().mean());
    }

    @Test
    void halfReplacedInAnHour_lookupsSucceed() {
        DhtSimulation simulation = grown(OPTIONS);
        List<Multihash> keys = simulation.newKeys(KEYS);
        simulation.provide(keys, MEASURING);
        simulation.churn(0.5);
        simulation.run(Duration.ofHours(1));
        Measurement find = simulation.find(keys, MEASURING);
        Measurement lookup = simulation.lookUp(simulation.newKeys(KEYS), MEASURING);
        assertThat(find.successRate()).isGreaterThanOrEqualTo(0.95);
        assertThat(find.quality()).as("providers vanish, too").isBetween(0.4, 0.85);
        assertThat(lookup.successRate()).isGreaterThanOrEqualTo(0.95);
        Census census = simulation.census();
        assertThat(census.nodes()).isEqualTo(OPTIONS.nodes());
        assertThat(census.gone()).isLessThan(0.2);
    }

    @Test
    void partition_eachHalfWorks_thenTheyAreOneAgain() {
        DhtSimulation simulation = grown(OPTIONS);
        List<Multihash> keys = simulation.newKeys(KEYS);
        simulation.provide(keys, MEASURING);
        simulation.partition();
        simulation.run(Duration.ofMinutes(5));
        List<Multihash> during = simulation.newKeys(KEYS);
        assertThat(simulation.provide(during, MEASURING).successRate()).isGreaterThanOrEqualTo(0.99);
        assertThat(simulation.find(during, MEASURING).successRate())
                .as("those of the other half are not found")
                .isBetween(0.3, 0.7);
        simulation.heal();
        simulation.run(Duration.ofMinutes(15));
        assertThat(simulation.lookUp(simulation.newKeys(KEYS), MEASURING).quality())
                .isGreaterThanOrEqualTo(0.98);
        assertThat(simulation.find(keys, MEASURING).successRate()).isGreaterThanOrEqualTo(0.99);
        assertThat(simulation.find(during, MEASURING).successRate()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void partition_longerThanTablesLive_theHalvesFindEachOtherAgain() {
        DhtSimulation simulation = grown(OPTIONS.withNodes(100));
        simulation.partition();
        simulation.run(Duration.ofHours(2));
        assertThat(simulation.census().gone())
                .as("nobody of the other half is in a table")
                .isZero();
        simulation.heal();
        simulation.run(Duration.ofMinutes(25));
        assertThat(simulation.lookUp(simulation.newKeys(KEYS), MEASURING).quality())
                .isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void flood_ofOneNetwork_threeInATable_withoutLimitsEverywhere() {
        SimOptions few = OPTIONS.withNodes(80);
        DhtSimulation limited = grown(few);
        DhtSimulation unlimited = grown(few.withIpLimits(false));
        List<Multihash> keys = limited.newKeys(KEYS);
        limited.provide(keys, MEASURING);
        for (DhtSimulation each : List.of(limited, unlimited)) {
            assertThat(each.census().attackers()).isZero();
            each.flood(100, 1);
            each.run(Duration.ofMinutes(25));
        }
        Census held = limited.census();
        assertThat(held.attackers() * held.meanTable()).isPositive().isLessThanOrEqualTo(3);
        assertThat(unlimited.census().attackers()).isGreaterThan(4 * held.attackers());
        assertThat(limited.find(keys, MEASURING).successRate()).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    void eclipse_ofFewNetworks_aKeyIsFoundAllTheSame() {
        DhtSimulation simulation = grown(OPTIONS.withNodes(80));
        List<Multihash> victims = simulation.newKeys(2);
        List<Multihash> others = simulation.newKeys(KEYS);
        simulation.eclipse(victims, 20, 1);
        simulation.run(Duration.ofMinutes(25));
        assertThat(simulation.lookUp(victims, MEASURING).quality())
                .as("two of twenty are the attacker's")
                .isGreaterThanOrEqualTo(0.85);
        simulation.provide(victims, MEASURING);
        assertThat(simulation.find(victims, MEASURING).successRate()).isEqualTo(1);
        simulation.provide(others, MEASURING);
        assertThat(simulation.find(others, MEASURING).successRate()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void eclipse_ofManyNetworks_isNoticed_andTheKeyIsFound() {
        DhtSimulation simulation = grown(OPTIONS.withNodes(80));
        List<Multihash> victims = simulation.newKeys(3);
        simulation.eclipse(victims, 20, 60);
        simulation.run(Duration.ofMinutes(25));
        simulation.provide(victims, MEASURING);
        assertThat(simulation.find(victims, MEASURING).successRate()).isEqualTo(1);
    }

    @Test
    void eclipse_withoutLimits_takesAKey() {
        DhtSimulation simulation = grown(OPTIONS.withNodes(80).withIpLimits(false));
        List<Multihash> victims = simulation.newKeys(2);
        simulation.eclipse(victims, 20, 1);
        simulation.run(Duration.ofMinutes(25));
        assertThat(simulation.lookUp(victims, MEASURING).quality())
                .as("a lookup believes whoever answers")
                .isLessThan(0.5);
    }

    @Test
    void options_unusable_refused() {
        assertThatThrownBy(() -> OPTIONS.withNodes(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("simulation: 1 nodes, want 2 to 100000");
        assertThatThrownBy(() -> OPTIONS.withLoss(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("simulation: loss of 1.0, want 0 to below 1");
        assertThatThrownBy(() -> new DhtSimulation(OPTIONS).churn(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("simulation: churn of -1.0/h, want 0 to 100");
        DhtSimulation empty = new DhtSimulation(OPTIONS);
        List<Multihash> keys = empty.newKeys(1);
        assertThatThrownBy(() -> empty.find(keys, MEASURING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("simulation: nobody provided " + keys.get(0) + ", want it provided before");
    }
}
