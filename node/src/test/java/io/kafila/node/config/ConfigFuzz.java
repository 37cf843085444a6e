package io.kafila.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mutated, cut and deeply nested configurations: one that prints what it reads, or a {@link ConfigException}. */
class ConfigFuzz {
    private static final int RUNS = Integer.getInteger("kafila.fuzz", 2000);

    @Test
    void parse_mutatedConfig_isOneOrIsRefused() {
        byte[] good = Config.pretty(Config.initial("12D3KooW", "CAES").tree()).getBytes(StandardCharsets.UTF_8);
        Seed.each(RUNS, random -> {
            byte[] bad = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
            for (int i = 1 + random.nextInt(4); i > 0 && bad.length > 0; i--) {
                byte[] syntax = "{}[]\",:\\\n0e-.tn".getBytes(StandardCharsets.US_ASCII);
                bad[random.nextInt(bad.length)] =
                        random.nextBoolean() ? syntax[random.nextInt(syntax.length)] : (byte) random.nextInt();
            }
            parse(new String(bad, StandardCharsets.UTF_8));
        });
    }

    @Test
    void parse_extremes_areRefused() {
        for (String text : List.of(
                "",
                "null",
                "7",
                "[]",
                "\"x\"",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"a\":1e999999999}",
                "{\"a\":" + "9".repeat(5000) + "}",
                "{} {}")) {
            parse(text);
        }
    }

    private static void parse(String text) {
        try {
            Config config = Config.parse(text);
            assertThat(Config.parse(Config.pretty(config.tree())).tree()).isEqualTo(config.tree());
        } catch (ConfigException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
