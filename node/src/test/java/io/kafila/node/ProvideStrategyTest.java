package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvideStrategyTest {
    @ParameterizedTest
    @CsvSource({
        "all, all",
        "roots, roots",
        "pinned, pinned",
        "mfs, mfs",
        "pinned+mfs, pinned+mfs",
        "mfs+pinned+unique, pinned+mfs",
        "pinned+entities, pinned+entities",
        "pinned+mfs+unique+entities, pinned+mfs+entities"
    })
    void kubosWords_areUnderstood(String text, String meaning) {
        assertThat(ProvideStrategy.parse(text)).hasToString(meaning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everything", "all+unique", "roots+entities", "all+pinned", "unique", "pinned+"})
    void others_areRefused(String text) {
        assertThatThrownBy(() -> ProvideStrategy.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("provide strategy \"" + text + "\": ");
    }

    @Test
    void default_tellsOfEntities() {
        assertThat(ProvideStrategy.DEFAULT).isEqualTo(ProvideStrategy.parse("pinned+mfs+entities"));
    }
}
