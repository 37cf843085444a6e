package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dag.ContentPath;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsPublication;
import io.kafila.naming.ResolveOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    @TempDir
    Path folder;

    private KafilaNode start() {
        return KafilaNode.builder().repo(folder.resolve("repo")).offline().start();
    }

    @Test
    void publish_offline_leadsToTheContentAfterARestart() {
        IpnsName name;
        try (KafilaNode node = start()) {
            node.keys().add("model", PrivateKey.generate(KeyType.SECP256K1, new SecureRandom()));
            Cid cid = node.files()
                    .add(new ByteArrayInputStream("weights".getBytes(StandardCharsets.UTF_8)))
                    .join();
            PrivateKey key = node.keys().find("model");
            name = IpnsName.of(key.publicKey());
            assertThat(node.keys().find(name.toString())).isEqualTo(key);
            node.names()
                    .publish(key, IpnsPublication.of(ContentPath.of(cid)), Names.Reach.LOCAL)
                    .join();
        }
        try (KafilaNode node = start()) {
            ContentPath path = ContentPath.parse("/ipns/" + name);
            assertThat(node.files().stat(path).join().sizeBytes()).isEqualTo(7);
            assertThat(node.keys().list()).extracting(Keys.Entry::name).containsExactly("self", "model");
            assertThat(node.names().resolve(path, ResolveOptions.DEFAULT).join().mutable())
                    .isFalse();
        }
    }

    @Test
    void publish_toANetworkThatIsNotThere_isRefused() {
        try (KafilaNode node = start()) {
            assertThatThrownBy(() -> node.names()
                            .publish(
                                    node.keys().get(Keys.SELF),
                                    IpnsPublication.of(ContentPath.parse("/ipfs/bafkqaaa")),
                                    Names.Reach.NETWORK)
                            .join())
                    .hasCauseInstanceOf(OfflineException.class);
        }
    }

    @Test
    void keys_theOwnOneStays() {
        try (KafilaNode node = start()) {
            PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
            assertThatThrownBy(() -> node.keys().add("self", key)).hasMessage("cannot create key with name 'self'");
            assertThatThrownBy(() -> node.keys().remove("self")).hasMessage("cannot remove key with name 'self'");
            assertThatThrownBy(() -> node.keys().rename("self", "x", true))
                    .hasMessage("cannot rename key with name 'self'");
            node.keys().add("x", key);
            assertThatThrownBy(() -> node.keys().rename("x", "self", true))
                    .hasMessage("cannot overwrite key with name 'self'");
        }
    }
}
