package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.dag.ContentPath;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.IpnsRecordDraft;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and keys of a node without a network; what is expected was taken from Kubo 0.42.0. */
class NameVerbsTest {
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    private static final IpnsName NAME = IpnsName.of(KEY.publicKey());

    @TempDir
    Path folder;

    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = new RpcFixture(folder, false);
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    private String add(String content) throws Exception {
        return rpc.upload("add", List.of(content.getBytes(StandardCharsets.UTF_8)), "quieter=true")
                .json()
                .path("Hash")
                .asText();
    }

    private static byte[] record(long sequence) {
        return IpnsRecord.create(
                        KEY,
                        IpnsRecordDraft.of(
                                ContentPath.parse("/ipfs/bafkqaaa"),
                                sequence,
                                Instant.now().plus(Duration.ofHours(1))))
                .bytes();
    }

    @Test
    void publish_thenThePathLeadsToTheContent() throws Exception {
        String cid = add("weights");
        String name = rpc.call("key/gen", "arg=model").json().path("Id").asText();
        assertThat(rpc.text("name/publish", "arg=/ipfs/" + cid, "key=model", "allow-offline=true"))
                .isEqualTo("Published to " + name + ": /ipfs/" + cid + "\n");
        assertThat(rpc.text("name/resolve", "arg=" + name)).isEqualTo("/ipfs/" + cid + "\n");
        assertThat(rpc.text("name/resolve", "arg=/ipns/" + name, "stream=true")).isEqualTo("/ipfs/" + cid + "\n");
        assertThat(rpc.text("resolve", "arg=/ipns/" + name)).isEqualTo("/ipfs/" + cid + "\n");
        assertThat(rpc.call("cat", "arg=/ipns/" + name).text()).isEqualTo("weights");
        assertThat(rpc.call("cat", "arg=/ipns/" + name, "offline=true").text()).isEqualTo("weights");
        assertThat(rpc.call("get", "arg=/ipns/" + name).text()).contains("weights");
        assertThat(rpc.call("block/stat", "arg=/ipns/" + name)
                        .json()
                        .path("Size")
                        .asInt())
                .isPositive();
        assertThat(rpc.text("name/publish", "arg=/ipns/" + name, "allow-offline=true", "quieter=true"))
                .startsWith("k51");
        assertThat(rpc.text("name/resolve", "recursive=false")).isEqualTo("/ipns/" + name + "\n");
        assertThat(rpc.text("resolve", "arg=/ipns/" + rpc.node().peerId(), "recursive=false"))
                .isEqualTo("/ipns/" + name + "\n");
        assertThat(rpc.text("name/resolve")).isEqualTo("/ipfs/" + cid + "\n");
    }

    @Test
    void publish_whatDoesNotFit_isRefused() throws Exception {
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa").error())
                .isEqualTo("can't publish while offline: pass `--allow-offline` to override or `--allow-delegated` if"
                        + " Ipns.DelegatedPublishers are set up|0");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-offline=true", "allow-delegated=true")
                        .error())
                .isEqualTo("cannot use both --allow-offline and --allow-delegated flags|0");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-delegated=true")
                        .error())
                .startsWith("no delegated publishers configured: add Ipns.DelegatedPublishers");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-offline=true", "key=none")
                        .error())
                .isEqualTo("no key by the given name was found|0");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-offline=true", "lifetime=x")
                        .error())
                .isEqualTo("error parsing lifetime option: time: invalid duration \"x\"|0");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-offline=true", "sequence=5")
                        .status())
                .isEqualTo(200);
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa", "allow-offline=true", "sequence=5")
                        .error())
                .isEqualTo("sequence number must be greater than the current record sequence|0");
        assertThat(rpc.call("name/publish", "arg=/ipfs/bafkqaaa/none", "allow-offline=true")
                        .error())
                .startsWith("no link named");
    }

    @Test
    void resolve_unknown_failsInKubosWords() throws Exception {
        assertThat(rpc.call("name/resolve", "arg=" + NAME).error()).isEqualTo("could not resolve name|0");
        assertThat(rpc.call("cat", "arg=/ipns/" + NAME).error()).isEqualTo("could not resolve name|0");
        assertThat(rpc.call("name/resolve", "arg=a..b").error()).isEqualTo("cannot resolve: \"/ipns/a..b\"|0");
        assertThat(rpc.call("name/resolve", "arg=" + NAME, "dht-timeout=-1s").error())
                .isEqualTo("DHT timeout value must be >= 0|0");
        assertThat(rpc.call("name/get", "arg=" + NAME).error())
                .isEqualTo("this action must be run in online mode, try running 'kafila daemon' first|0");
    }

    @Test
    void put_onlyWhatIsValidAndNewer() throws Exception {
        String[] query = {"arg=" + NAME, "allow-offline=true"};
        assertThat(rpc.upload("name/put", List.of(record(3)), query).json())
                .hasToString("{\"Name\":\"" + NAME + "\",\"Value\":\"/ipfs/bafkqaaa\"}");
        assertThat(rpc.text("name/resolve", "arg=" + NAME)).isEqualTo("/ipfs/bafkqaaa\n");
        assertThat(rpc.upload("name/put", List.of(record(3)), query).error())
                .isEqualTo("existing IPNS record has sequence 3 >= new record sequence 3, use 'ipfs name put --force'"
                        + " to skip this check|0");
        assertThat(rpc.upload("name/put", List.of(record(4)), query).status()).isEqualTo(200);
        assertThat(rpc.upload("name/put", List.of(new byte[0]), query).error()).isEqualTo("record is empty|0");
        assertThat(rpc.upload("name/put", List.of(new byte[10 * 1024 + 1]), query)
                        .error())
                .isEqualTo("record exceeds maximum size of 10240 bytes, use --force to skip size check|0");
        assertThat(rpc.upload(
                                "name/put",
                                List.of(record(9)),
                                "arg="
                                        + IpnsName.of(
                                                rpc.node().options().identity().publicKey()),
                                "allow-offline=true",
                                "force=true")
                        .error())
                .as("not even with force")
                .isEqualTo("record validation failed: signature verification failed|0");
        assertThat(rpc.upload("name/put", List.of(record(9)), "arg=nonsense").error())
                .startsWith("invalid IPNS name: ");
        assertThat(rpc.upload("name/put", List.of(record(9)), "arg=" + NAME).error())
                .startsWith("can't put while offline: pass `--allow-offline`");
    }

    @Test
    void inspect_saysWhatIsInIt() throws Exception {
        JsonNode found =
                rpc.upload("name/inspect", List.of(record(3)), "verify=" + NAME).json();
        assertThat(found.path("Entry").path("Value").asText()).isEqualTo("/ipfs/bafkqaaa");
        assertThat(found.path("Entry").path("TTL").asLong()).isEqualTo(300_000_000_000L);
        assertThat(found.path("SignatureType").asText()).isEqualTo("V1+V2");
        assertThat(found.path("HexDump").asText()).startsWith("00000000  0a 0e 2f 69 70 66 73 2f  62 61");
        assertThat(found.path("Validation")).hasToString("{\"Valid\":true,\"Reason\":\"\",\"Name\":\"" + NAME + "\"}");
        assertThat(rpc.upload("name/inspect", List.of("x".getBytes(StandardCharsets.UTF_8)))
                        .error())
                .startsWith("record is malformed\n");
    }

    @Test
    void key_generatedRenamedAndRemoved() throws Exception {
        String self =
                rpc.call("key/list").json().path("Keys").path(0).path("Id").asText();
        assertThat(self)
                .isEqualTo(
                        IpnsName.of(rpc.node().options().identity().publicKey()).toString());
        String id =
                rpc.call("key/gen", "arg=a", "type=secp256k1").json().path("Id").asText();
        assertThat(rpc.call("key/gen", "arg=a").error()).isEqualTo("key with name 'a' already exists|0");
        assertThat(rpc.call("key/gen", "arg=self").error()).isEqualTo("cannot create key with name 'self'|0");
        assertThat(rpc.call("key/gen", "arg=x", "type=dsa").error()).isEqualTo("unrecognized key type: dsa|0");
        assertThat(rpc.call("key/gen", "arg=x", "type=rsa", "size=1024").error())
                .isEqualTo("rsa keys must be >= 2048 bits to be useful|0");
        assertThat(rpc.text("key/ls", "l=true")).isEqualTo(self + "  self \n" + id + " a    \n");
        assertThat(rpc.text("key/rename", "arg=a", "arg=b")).isEqualTo("Key " + id + " renamed to b\n");
        assertThat(rpc.call("key/rename", "arg=a", "arg=b").error()).isEqualTo("no key named a was found|0");
        assertThat(rpc.call("key/rm", "arg=b").json())
                .hasToString("{\"Keys\":[{\"Name\":\"b\",\"Id\":\"" + id + "\"}]}");
        assertThat(rpc.call("key/rm", "arg=b").error()).isEqualTo("no key named b was found|0");
        assertThat(rpc.call("key/rm", "arg=self").error()).isEqualTo("cannot remove key with name 'self'|0");
    }

    @Test
    void key_importedInBothForms() throws Exception {
        assertThat(rpc.upload("key/import", List.of(KEY.protobuf()), "arg=a").json())
                .hasToString("{\"Name\":\"a\",\"Id\":\"" + NAME + "\"}");
        byte[] pem = KeyFile.PEM.write(KEY);
        assertThat(rpc.upload("key/import", List.of(pem), "arg=b", "format=pem-pkcs8-cleartext", "ipns-base=b58mh")
                        .json())
                .hasToString("{\"Name\":\"b\",\"Id\":\"" + KEY.peerId() + "\"}");
        assertThat(rpc.upload("key/import", List.of(pem), "arg=c").error())
                .isEqualTo("unexpected PEM block for format=libp2p-protobuf-cleartext: try again with"
                        + " format=pem-pkcs8-cleartext|0");
        assertThat(rpc.upload("key/import", List.of(KEY.protobuf()), "arg=a").error())
                .isEqualTo("key with name 'a' already exists|0");
        byte[] unusual =
                PrivateKey.generate(KeyType.SECP256K1, new SecureRandom()).protobuf();
        assertThat(rpc.upload("key/import", List.of(unusual), "arg=d").error())
                .contains("is not allowed to be imported, only RSA or Ed25519");
        assertThat(rpc.upload("key/import", List.of(unusual), "arg=d", "allow-any-key-type=true")
                        .status())
                .isEqualTo(200);
        assertThat(rpc.upload("key/import", List.of(new byte[KeyFile.MAX_BYTES + 1]), "arg=e")
                        .error())
                .startsWith("key file of more than 65536 bytes");
    }

    @Test
    void key_signsAndVerifies() throws Exception {
        byte[] data = "some data".getBytes(StandardCharsets.UTF_8);
        JsonNode signed = rpc.upload("key/sign", List.of(data)).json();
        String self = signed.path("Key").path("Id").asText();
        String signature = "signature=" + signed.path("Signature").asText();
        assertThat(rpc.upload("key/verify", List.of(data), signature).json())
                .hasToString("{\"Key\":{\"Name\":\"self\",\"Id\":\"" + self + "\"},\"SignatureValid\":true}");
        assertThat(rpc.upload("key/verify", List.of(data), signature, "key=" + self)
                        .json())
                .hasToString("{\"Key\":{\"Name\":\"\",\"Id\":\"" + self + "\"},\"SignatureValid\":true}");
        assertThat(rpc.upload("key/verify", List.of(data), signature, "key=" + NAME)
                        .json()
                        .path("SignatureValid")
                        .asBoolean())
                .isFalse();
        assertThat(rpc.upload("key/verify", List.of(data), signature, "key=foo").error())
                .isEqualTo("'\"foo\"' is not a known key, an IPNS Name, or a valid PeerID|0");
    }
}
