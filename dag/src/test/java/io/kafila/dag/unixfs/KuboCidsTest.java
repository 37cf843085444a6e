package io.kafila.dag.unixfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Cids that Kubo 0.42.0 gave for the inputs of {@code scripts/compare-with-kubo.py}. */
class KuboCidsTest {
    private final Map<String, List<ImportEntry>> inputs = new HashMap<>();

    @Test
    void add_everyCase_hasKubosCid() throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        TestRepository none = new TestRepository();
        try (Importer importer = new Importer(none.repository(), Runnable::run, ImportBudget.DEFAULT);
                InputStream resource = KuboCidsTest.class.getResourceAsStream("kubo-cids.tsv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t");
                List<String> flags = columns[1].isEmpty() ? List.of() : List.of(columns[1].split(" "));
                ImportOptions options =
                        AddFlags.parse(columns[0], flags).options().withOnlyHash(true);
                List<Imported> heard = Inputs.add(importer, options, inputs.computeIfAbsent(columns[2], this::input));
                String seen = heard.get(heard.size() - 1).cid().toString();
                if (!seen.equals(columns[3])) {
                    wrong.add(line + ", seen " + seen);
                }
                cases++;
            }
        }
        assertThat(none.batches).hasValue(0);
        assertThat(wrong).isEmpty();
        assertThat(cases).isGreaterThan(400);
    }

    /** {@code f-KIND-SEED-SIZE} or {@code flatCOUNT}. */
    private List<ImportEntry> input(String name) {
        if (name.startsWith("flat")) {
            int count = Integer.parseInt(name.substring(4));
            boolean longNames = count == 1000 || count == 2000;
            boolean many = count >= 10_000;
            return Inputs.flat(name, count, longNames ? 200 : count == 20_000 ? 6 : 12, many ? 3 : 0);
        }
        String[] parts = name.split("-");
        int size = Integer.parseInt(parts[3]);
        byte[] bytes = switch (parts[1]) {
            case "random" -> Inputs.stream(parts[2], size);
            case "zero" -> new byte[size];
            default -> Arrays.copyOf("abc ".repeat(size / 4 + 1).getBytes(StandardCharsets.UTF_8), size);
        };
        return List.of(Inputs.file(name, bytes));
    }
}
