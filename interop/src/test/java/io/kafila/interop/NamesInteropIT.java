package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.testkit.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, keys and delegated routing: Kafila beside Kubo and with it. */
class NamesInteropIT {
    @TempDir
    Path folder;

    private Daemon kafila;
    private Daemon kubo;

    @BeforeEach
    void place() {
        kubo = Daemon.kubo(folder.resolve("kubo"));
        kafila = Daemon.kafila(folder.resolve("kafila"));
    }

    private static void same(Command.Result ours, Command.Result theirs) {
        assertThat(ours.exit()).as(String.join(" ", ours.words())).isEqualTo(theirs.exit());
        assertThat(ours.text()).as(String.join(" ", ours.words())).isEqualTo(theirs.text());
    }

    @Test
    void inspect_publishedRecords_sameOutput() {
        for (Path record : Fixtures.files("gateway-conformance/fixtures/ipns_records")) {
            String name = record.getFileName().toString();
            String key = name.substring(0, name.indexOf('_'));
            for (String[] options :
                    new String[][] {{"--verify=" + key}, {"--verify=" + key, "--enc=json"}, {"--dump=false"}}) {
                List<String> words = new ArrayList<>(List.of("name", "inspect"));
                words.addAll(List.of(options));
                words.add(record.toString());
                String[] command = words.toArray(String[]::new);
                same(kafila.exec(command), kubo.exec(command));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa"})
    void keys_goToTheOtherAndBackInBothForms(String type) throws IOException {
        kubo.exec("key", "gen", "--type=" + type, "model").ok();
        for (String form : new String[] {"libp2p-protobuf-cleartext", "pem-pkcs8-cleartext"}) {
            Path theirs = folder.resolve("theirs-" + form);
            Path ours = folder.resolve("ours-" + form);
            kubo.exec("key", "export", "model", "--format=" + form, "-o", theirs.toString())
                    .ok();
            kafila.exec("key", "import", form, "--format=" + form, theirs.toString())
                    .ok();
            kafila.exec("key", "export", form, "--format=" + form, "-o", ours.toString())
                    .ok();
            assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
            kafila.exec("key", "rm", form).ok();
        }
        kafila.exec(
                        "key",
                        "import",
                        "model",
                        folder.resolve("theirs-libp2p-protobuf-cleartext").toString())
                .ok();
        Path data = Files.writeString(folder.resolve("data"), "some data");
        String signature = kafila.json("key", "sign", "--key=model", data.toString())
                .get("Signature")
                .asText();
        assertThat(kubo.json("key", "verify", "--key=model", "--signature=" + signature, data.toString())
                        .get("SignatureValid")
                        .asBoolean())
                .isTrue();
        same(
                kafila.exec("key", "sign", "--key=model", data.toString()),
                kubo.exec("key", "sign", "--key=model", data.toString()));
    }

    @Test
    void refusals_sameWords() {
        for (String line : List.of(
                "name publish /ipfs/bafkqaaa",
                "name publish --allow-offline --allow-delegated /ipfs/bafkqaaa",
                "name publish --allow-delegated /ipfs/bafkqaaa",
                "name publish --allow-offline --key=none /ipfs/bafkqaaa",
                "name publish --allow-offline --lifetime=x /ipfs/bafkqaaa",
                "name publish --allow-offline --resolve=false nopath",
                "name resolve a..b",
                "name resolve --dht-timeout=-1s",
                "name resolve k51qzi5uqu5dlkw8pxuw9qmqayfdeh4kfebhmreauqdc6a7c3y7d5i9fi8mk9w",
                "cat /ipns/k51qzi5uqu5dlkw8pxuw9qmqayfdeh4kfebhmreauqdc6a7c3y7d5i9fi8mk9w",
                "key gen self",
                "key gen --type=dsa x",
                "key gen --type=rsa --size=1024 x",
                "key gen --ipns-base=foo x",
                "key rename none x",
                "key rename self x",
                "key rm none",
                "key rm self",
                "key export self",
                "key export none")) {
            String[] words = line.split(" ");
            Command.Result ours = kafila.exec(words);
            assertThat(ours.exit()).as(line).isEqualTo(1);
            assertThat(ours.err().lines().findFirst())
                    .as(line)
                    .isEqualTo(kubo.exec(words).err().lines().findFirst());
        }
    }

    private static Daemon inDht(Daemon daemon) {
        return daemon.configure(config -> {
            ((ObjectNode) config.get("Addresses")).put("Gateway", "/ip4/127.0.0.1/tcp/0");
            ((ObjectNode) config.get("Routing")).put("Type", "dhtserver").put("LoopbackAddressesOnLanDHT", true);
            return config;
        });
    }

    private static String gateway(Daemon daemon) {
        try {
            return Files.readString(daemon.repo().resolve("gateway")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Daemon delegatedTo(Daemon daemon, String router) {
        return daemon.configure(config -> {
            ObjectNode routing = (ObjectNode) config.get("Routing");
            routing.put("Type", "delegated").putArray("DelegatedRouters").add(router);
            ((ObjectNode) config.get("Ipns")).putArray("DelegatedPublishers").add(router);
            config.putObject("Provide").put("Enabled", false);
            return config;
        });
    }

    private static String self(Daemon daemon) {
        return daemon.json("key", "ls", "--enc=json")
                .get("Keys")
                .get(0)
                .get("Id")
                .asText();
    }

    private String add(Daemon daemon, String content) throws IOException {
        Path file = Files.writeString(folder.resolve("content"), content);
        return daemon.exec("add", "-Q", "--cid-version=1", file.toString()).ok().line();
    }

    private static void publishesFor(Daemon publisher, Daemon reader, String cid) {
        publisher.exec("name", "publish", "/ipfs/" + cid).ok();
        assertThat(reader.exec("name", "resolve", self(publisher)).ok().line()).isEqualTo("/ipfs/" + cid);
    }

    @Test
    void ipns_publishedByEach_resolvesOnTheOther() throws IOException {
        try (Daemon theirs = inDht(kubo).start();
                Daemon ours = inDht(kafila).start()) {
            ours.connect(theirs);
            String one = add(ours, "of kafila");
            String two = add(theirs, "of kubo");
            publishesFor(ours, theirs, one);
            publishesFor(theirs, ours, two);
            assertThat(ours.exec("cat", "/ipns/" + self(theirs)).ok().text()).isEqualTo("of kubo");
            assertThat(theirs.exec("cat", "/ipns/" + self(ours)).ok().text()).isEqualTo("of kafila");

            Path record = folder.resolve("record");
            Files.write(record, theirs.exec("name", "get", self(ours)).ok().out());
            assertThat(Files.readAllBytes(record))
                    .isEqualTo(ours.exec("name", "get", self(ours)).ok().out());
            ours.exec("name", "put", self(ours), record.toString()).ok();
        }
    }

    /** What {@code publisher} publishes, both others resolve: first a value, then the next one under the same name. */
    private static void heliaResolves(Helia helia, Daemon publisher, String... cids) {
        for (String cid : cids) {
            publisher.exec("name", "publish", "--ttl=0s", "/ipfs/" + cid).ok();
            assertThat(helia.resolve(self(publisher))).as(publisher.name()).isEqualTo("/ipfs/" + cid);
        }
    }

    @Test
    void ipns_withHelia_publishedByEachKind_resolvesOnTheOthers() throws IOException {
        try (Daemon theirs = inDht(kubo).start();
                Daemon ours = inDht(kafila).start();
                Helia helia = Helia.startWithDht(folder.resolve("helia"), "noise")) {
            ours.connect(theirs);
            helia.connect(ours.address());
            helia.connect(theirs.address());
            String one = add(ours, "the first value");
            String two = add(ours, "the second value");

            heliaResolves(helia, ours, one, two);
            heliaResolves(helia, theirs, one, two);

            for (String cid : new String[] {one, two}) {
                String name = helia.publish("model-" + cid, cid);
                for (Daemon reader : new Daemon[] {ours, theirs}) {
                    assertThat(reader.exec("name", "resolve", "--timeout=60s", name)
                                    .ok()
                                    .line())
                            .as(reader.name())
                            .isEqualTo("/ipfs/" + cid);
                }
            }
            String name = helia.publish("model-" + one, two);
            for (Daemon reader : new Daemon[] {ours, theirs}) {
                assertThat(reader.exec("name", "resolve", "--nocache", "--timeout=60s", name)
                                .ok()
                                .line())
                        .as(reader.name() + " resolves the next value of the same name")
                        .isEqualTo("/ipfs/" + two);
            }
        }
    }

    /** One node of the DHT, and one of the other program that has nothing but its HTTP. */
    private void delegated(Daemon router, Daemon client) throws IOException {
        try (Daemon inside = inDht(router).start()) {
            try (Daemon helper = inDht(Daemon.kubo(folder.resolve("helper"))).start();
                    Daemon outside = delegatedTo(client, gateway(inside)).start()) {
                helper.connect(inside);
                String cid = add(helper, "of the DHT");
                helper.exec("routing", "provide", cid).ok();
                assertThat(outside.exec("cat", "--timeout=60s", cid).ok().text())
                        .isEqualTo("of the DHT");
                publishesFor(helper, outside, cid);
                publishesFor(outside, helper, cid);
            }
        }
    }

    @Test
    void delegated_kuboAsksKafila() throws IOException {
        delegated(kafila, kubo);
    }

    @Test
    void delegated_kafilaAsksKubo() throws IOException {
        delegated(kubo, kafila);
    }
}
