package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every keystore does. */
abstract class KeystoreContract {
    static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    static final PrivateKey OTHER = PrivateKey.generate(KeyType.ED25519, new SecureRandom());

    abstract Keystore keystore();

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void put_everyKind_isFound(KeyType type) {
        PrivateKey key = PrivateKey.generate(type, new SecureRandom());
        Keystore keys = keystore();
        keys.put("m\u00fcller/../x y", key);
        assertThat(keys.get("m\u00fcller/../x y")).contains(key);
        assertThat(keys.names()).containsExactly("m\u00fcller/../x y");
    }

    @Test
    void put_nameInUse_isRefused() {
        Keystore keys = keystore();
        keys.put("a", KEY);
        assertThatThrownBy(() -> keys.put("a", OTHER))
                .hasMessage("key by that name already exists, refusing to overwrite");
        assertThat(keys.get("a")).contains(KEY);
    }

    @Test
    void put_nameOfWrongLength_isRefused() {
        Keystore keys = keystore();
        assertThatThrownBy(() -> keys.put("", KEY)).hasMessage("key name must be at least one character");
        keys.put("n".repeat(Keystore.MAX_NAME_BYTES), KEY);
        assertThatThrownBy(() -> keys.put("n".repeat(Keystore.MAX_NAME_BYTES + 1), KEY))
                .hasMessage("key name of 129 bytes, want at most 128");
    }

    @Test
    void rename_movesTheKey() {
        Keystore keys = keystore();
        keys.put("a", KEY);
        keys.put("b", OTHER);
        assertThatThrownBy(() -> keys.rename("a", "b", false)).hasMessageContaining("refusing to overwrite");
        assertThatThrownBy(() -> keys.rename("x", "y", false)).hasMessage("no key by the given name was found");
        assertThat(keys.rename("a", "a", false)).isFalse();
        assertThat(keys.rename("a", "c", false)).isFalse();
        assertThat(keys.rename("c", "b", true)).isTrue();
        assertThat(keys.names()).containsExactly("b");
        assertThat(keys.get("b")).contains(KEY);
    }

    @Test
    void remove_theKeyIsGone() {
        Keystore keys = keystore();
        keys.put("a", KEY);
        keys.remove("a");
        assertThat(keys.get("a")).isEmpty();
        assertThatThrownBy(() -> keys.remove("a")).hasMessage("no key by the given name was found");
    }
}
