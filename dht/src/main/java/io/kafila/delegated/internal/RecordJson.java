package io.kafila.delegated.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kafila.delegated.DelegatedException;
import io.kafila.delegated.PeerRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the JSON of delegated routers. Immutable and thread-safe. */
public final class RecordJson {
    /** Records are flat; extra fields may be a little deeper. */
    private static final int MAX_DEPTH = 32;

    private final ObjectMapper mapper = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    /** The record of one line; empty where it is none that is known, or no JSON. */
    public Optional<PeerRecord> line(byte[] line) {
        try {
            return PeerRecord.read(mapper.readTree(line));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The records of a whole answer, which are in the list {@code field}.
     *
     * @throws DelegatedException if it is no JSON
     */
    public void list(byte[] body, String field, Consumer<PeerRecord> record) {
        JsonNode tree;
        try {
            tree = mapper.readTree(body);
        } catch (JsonProcessingException e) {
            throw new DelegatedException("answer is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new DelegatedException("answer is no JSON", e);
        }
        for (JsonNode each : tree.path(field)) {
            PeerRecord.read(each).ifPresent(record);
        }
    }
}
