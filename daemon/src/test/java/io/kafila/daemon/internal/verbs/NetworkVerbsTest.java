package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.multiformats.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on the network, of two nodes on loopback; what is expected was taken from Kubo 0.42.0. */
class NetworkVerbsTest {
    private static final String STRANGER = "12D3KooWHHzSeKaY8xuZVzkLbKFfvNgPPeKhFBGrMbNzbm5akpqu";

    private static final String PROVIDED = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

    @TempDir
    Path folder;

    private RpcFixture here;
    private RpcFixture there;
    private String peer;
    private Multiaddr address;

    @BeforeEach
    void start() throws Exception {
        here = new RpcFixture(Files.createDirectory(folder.resolve("here")), true);
        there = new RpcFixture(Files.createDirectory(folder.resolve("there")), true);
        peer = there.node().peerId().toString();
        address = there.node().swarm().addresses().get(0);
    }

    @AfterEach
    void stop() throws Exception {
        here.close();
        there.close();
    }

    @Test
    void swarm_connectListDisconnect() throws Exception {
        assertThat(here.call("swarm/peers").json()).hasToString("{\"Peers\":null}");
        assertThat(here.call("swarm/connect", "arg=" + address).json())
                .hasToString("{\"Strings\":[\"connect " + peer + " success\"]}");
        assertThat(here.text("swarm/peers")).isEqualTo(address + "\n");
        JsonNode one =
                here.call("swarm/peers", "verbose=true").json().path("Peers").path(0);
        assertThat(one.path("Direction").asInt()).isEqualTo(2);
        assertThat(one.path("Latency").asText()).isNotEmpty();
        assertThat(one.path("Identify").path("ID").asText()).isEqualTo(peer);
        assertThat(here.text("swarm/peers", "direction=true")).isEqualTo(address + " outbound\n");
        assertThat(here.call("swarm/peers").json().path("Peers").path(0).path("Identify"))
                .hasToString(
                        "{\"ID\":\"\",\"PublicKey\":\"\",\"Addresses\":null,\"AgentVersion\":\"\",\"Protocols\":null}");

        assertThat(here.text("swarm/disconnect", "arg=/ip4/127.0.0.1/tcp/1/p2p/" + peer))
                .isEqualTo("disconnect " + peer + " failure: conn not found\n");
        assertThat(here.text("swarm/disconnect", "arg=/p2p/" + peer)).isEqualTo("disconnect " + peer + " success\n");
        assertThat(here.text("swarm/disconnect", "arg=/p2p/" + peer))
                .isEqualTo("disconnect " + peer + " failure: not connected\n");
    }

    @Test
    void swarmConnect_faults_asKubo() throws Exception {
        assertThat(here.call("swarm/connect", "arg=/ip4/127.0.0.1/tcp/1").error())
                .isEqualTo("found no ipfs peers at /ip4/127.0.0.1/tcp/1|0");
        assertThat(here.call("swarm/connect", "arg=foo").error())
                .isEqualTo("failed to parse multiaddr \"foo\": must begin with /|0");
        String self = here.node().peerId().toString();
        assertThat(here.call("swarm/connect", "arg=/p2p/" + self).error())
                .isEqualTo("connect " + self + " failure: failed to dial: dial to self attempted|0");
        assertThat(here.call("swarm/connect", "arg=/ip4/127.0.0.1/tcp/1/p2p/" + STRANGER)
                        .error())
                .startsWith("connect " + STRANGER + " failure: failed to dial: failed to dial " + STRANGER
                        + ": all dials failed\n  * [/ip4/127.0.0.1/tcp/1] ");
    }

    @Test
    void swarmAddresses_ownAndKnown() throws Exception {
        String own = here.node().swarm().host().addresses().get(0).toString();
        assertThat(here.text("swarm/addrs/listen")).isEqualTo(own + "\n");
        assertThat(here.text("swarm/addrs/local")).isEqualTo(own + "\n");
        assertThat(here.text("swarm/addrs/local", "id=true"))
                .isEqualTo(own + "/p2p/" + here.node().peerId() + "\n");
        here.node()
                .swarm()
                .host()
                .peerstore()
                .addAddresses(there.node().peerId(), List.of(address.withoutPeerId()), Duration.ofMinutes(1));
        assertThat(here.text("swarm/addrs"))
                .contains(here.node().peerId() + " (1)\n\t" + own + "\n")
                .contains(peer + " (1)\n\t" + address.withoutPeerId() + "\n");
        assertThat(here.call("swarm/addrs/autonat").json()).hasToString("{\"reachability\":\"Unknown\"}");
        assertThat(here.text("swarm/addrs/autonat")).endsWith("  (no address reachability data available)\n");
    }

    @Test
    void namePublish_nobodyToTell_isKept() throws Exception {
        assertThat(here.text("name/publish", "arg=/ipfs/bafkqaaa")).endsWith(": /ipfs/bafkqaaa\n");
        assertThat(here.text("name/resolve")).isEqualTo("/ipfs/bafkqaaa\n");
    }

    @Test
    void swarmFilters_inNodeAndConfig() throws Exception {
        assertThat(here.call("swarm/filters").json()).hasToString("{\"Strings\":null}");
        assertThat(here.text("swarm/filters/add", "arg=/ip4/10.0.0.0/ipcidr/8")).isEqualTo("/ip4/10.0.0.0/ipcidr/8\n");
        here.call("swarm/filters/add", "arg=/ip4/9.0.0.0/ipcidr/8", "arg=/ip4/10.0.0.0/ipcidr/8");
        assertThat(here.text("swarm/filters")).isEqualTo("/ip4/10.0.0.0/ipcidr/8\n/ip4/9.0.0.0/ipcidr/8\n");
        here.call("swarm/filters/rm", "arg=/ip4/10.0.0.0/ipcidr/8");
        here.call("swarm/filters/add", "arg=/ip4/10.0.0.0/ipcidr/8");
        assertThat(here.text("swarm/filters")).isEqualTo("/ip4/9.0.0.0/ipcidr/8\n/ip4/10.0.0.0/ipcidr/8\n");
        here.call("swarm/filters/rm", "arg=/ip4/9.0.0.0/ipcidr/8");
        here.call("swarm/filters/add", "arg=/ip6/fd00::/ipcidr/8", "arg=/ip4/10.0.0.0/ipcidr/8");
        assertThat(here.config().texts("Swarm.AddrFilters"))
                .containsExactly("/ip6/fd00::/ipcidr/8", "/ip4/10.0.0.0/ipcidr/8");
        for (String wrong : List.of("foo", "/ip4/10.0.0.0", "/ip4/10.0.0.0/tcp/8")) {
            assertThat(here.call("swarm/filters/add", "arg=" + wrong).error())
                    .isEqualTo("invalid multiaddr-filter format|0");
        }
        assertThat(here.call("swarm/filters/rm", "arg=/ip4/11.0.0.0/ipcidr/8").json())
                .hasToString("{\"Strings\":[]}");
        assertThat(here.text("swarm/filters/rm", "arg=/ip6/fd00::/ipcidr/8")).isEqualTo("/ip6/fd00::/ipcidr/8\n");
        assertThat(here.text("swarm/filters/rm", "arg=all")).isEqualTo("/ip4/10.0.0.0/ipcidr/8\n");
        assertThat(here.call("swarm/filters").json()).hasToString("{\"Strings\":null}");
        assertThat(here.config().texts("Swarm.AddrFilters")).isEmpty();
    }

    @Test
    void swarmPeering_addListRemove() throws Exception {
        assertThat(here.call("swarm/peering/add", "arg=" + address).json())
                .hasToString("{\"ID\":\"" + peer + "\",\"Status\":\"success\"}");
        assertThat(here.text("swarm/peering/ls")).isEqualTo(peer + "\n\t" + address.withoutPeerId() + "\n");
        assertThat(here.text("swarm/peering/rm", "arg=" + peer)).isEqualTo("remove " + peer + " success\n");
        assertThat(here.call("swarm/peering/ls").json()).hasToString("{\"Peers\":[]}");
        assertThat(here.call("swarm/peering/add", "arg=/ip4/1.2.3.4/tcp/1").error())
                .isEqualTo("invalid p2p multiaddr|0");
        assertThat(here.call("swarm/peering/rm", "arg=foo").error()).startsWith("failed to parse peer ID: ");
    }

    @Test
    void resources_scopesWithLimitsAndUse() throws Exception {
        here.call("swarm/connect", "arg=" + address);
        JsonNode resources = here.call("swarm/resources").json();
        assertThat(resources.path("System").path("ConnsUsage").asInt()).isEqualTo(1);
        assertThat(resources.path("System").path("Memory").asText()).matches("\\d+");
        assertThat(resources.path("Peers").path(peer).path("ConnsUsage").asInt())
                .isEqualTo(1);
        assertThat(here.text("swarm/resources")).startsWith("Scope").contains("peer:" + peer);
    }

    @Test
    void bitswap_fetchedBlock_countedByPeer() throws Exception {
        String cid = there.upload("block/put", List.of("given\n".getBytes(StandardCharsets.UTF_8)))
                .json()
                .path("Key")
                .asText();
        here.call("swarm/connect", "arg=" + address);
        assertThat(here.call("block/get", "arg=" + cid).text()).isEqualTo("given\n");
        JsonNode stat = here.call("bitswap/stat").json();
        assertThat(stat.path("BlocksReceived").asInt()).isEqualTo(1);
        assertThat(stat.path("Peers").path(0).asText()).isEqualTo(peer);
        assertThat(here.text("bitswap/stat"))
                .startsWith(
                        "bitswap status\n\tblocks received: 1\n\tblocks sent: 0\n\tdata received: 6\n\tdata sent: 0\n"
                                + "\tdup blocks received: 0\n\tdup data received: 0\n\twantlist [0 keys]\n\tpartners [1]\n");
        assertThat(here.text("stats/bitswap", "verbose=true"))
                .contains("\t\t" + peer + "\n")
                .contains(peer + " gave 1 blocks (6), took 0 blocks (0), 0 duplicate, 0 unwanted\n");
        assertThat(here.text("bitswap/ledger", "arg=" + peer))
                .isEqualTo("Ledger for " + peer
                        + "\nDebt ratio:\t0.000000\nExchanges:\t1\nBytes sent:\t0\nBytes received:\t6\n\n");
        assertThat(here.call("bitswap/wantlist").json()).hasToString("{\"Keys\":[]}");
        assertThat(here.call("bitswap/wantlist", "peer=" + peer).json()).hasToString("{\"Keys\":null}");
        JsonNode bandwidth = here.call("stats/bw").json();
        assertThat(bandwidth.fieldNames()).toIterable().containsExactly("TotalIn", "TotalOut", "RateIn", "RateOut");
        assertThat(bandwidth.path("TotalIn").asLong()).isPositive();
        assertThat(here.call("stats/bw", "peer=" + peer, "proto=/x").error())
                .isEqualTo("please only specify peer OR protocol|1");
    }

    @Test
    void provide_withoutADht_saysSo() throws Exception {
        assertThat(here.call("provide/stat").error()).startsWith("stats not available with current routing system");
        assertThat(here.call("stats/reprovide").error()).startsWith("stats not available with current routing system");
        assertThat(here.call("provide/clear").json()).hasToString("0");
        assertThat(here.text("provide/clear")).isEqualTo("removed 0 items from provide queue\n");
        assertThat(here.call("provide/clear", "quiet=true").text()).isEmpty();
        assertThat(here.call("provide/once", "arg=" + STRANGER).error()).startsWith("cannot provide: there is no DHT");
    }

    @Test
    void ping_answersAndFaults() throws Exception {
        List<JsonNode> values = here.call("ping", "arg=" + address, "count=1").values();
        assertThat(values.get(0)).hasToString("{\"Success\":true,\"Time\":0,\"Text\":\"PING " + peer + ".\"}");
        assertThat(values.get(1).path("Time").asLong()).isPositive();
        assertThat(values.get(2).path("Text").asText()).matches("Average latency: \\d+\\.\\d\\dms");
        assertThat(here.call("ping", "arg=" + here.node().peerId()).error()).isEqualTo("error: can't ping self|0");
        assertThat(here.call("ping", "arg=" + STRANGER, "count=0").error())
                .isEqualTo("ping count must be greater than 0, was 0|0");
        assertThat(here.call("ping", "arg=foo").error()).startsWith("failed to parse peer address 'foo': ");
        assertThat(here.call("ping", "arg=" + STRANGER).values())
                .singleElement()
                .hasToString("{\"Success\":true,\"Time\":0,\"Text\":\"Looking up peer " + STRANGER + "\"}");
        JsonNode unreachable = here.call("ping", "arg=/ip4/127.0.0.1/tcp/1/p2p/" + STRANGER, "count=1")
                .values()
                .get(1);
        assertThat(unreachable.path("Success").asBoolean()).isFalse();
        assertThat(unreachable.path("Text").asText()).startsWith("Ping error: failed to dial: ");
    }

    @Test
    void diag_systemCommandsHealth() throws Exception {
        JsonNode system = here.call("diag/sys").json();
        assertThat(system.path("net").path("online").asBoolean()).isTrue();
        assertThat(system.path("net").path("interface_addresses").toString()).contains("/ip4/127.0.0.1");
        assertThat(here.call("diag/healthy").json()).hasToString("\"ok\"");
        JsonNode commands = here.call("diag/cmds").json();
        assertThat(commands.findValuesAsText("Command")).contains("diag/sys", "diag/cmds");
        assertThat(here.text("diag/cmds", "verbose=true")).startsWith("ID").contains("[encoding=");
        assertThat(here.call("diag/cmds/set-time", "arg=foo").error()).isEqualTo("time: invalid duration \"foo\"|0");
        assertThat(here.call("pubsub/ls").status()).isEqualTo(404);
    }

    @Test
    void routing_faults_asKubo() throws Exception {
        String self = here.node().peerId().toString();
        assertThat(here.call("routing/findpeer", "arg=" + self).error())
                .isEqualTo("finding your own node in the DHT is currently not supported|0");
        assertThat(here.call("routing/findprovs", "arg=" + PROVIDED, "num-providers=0")
                        .error())
                .isEqualTo("number of providers must be greater than 0|0");
        assertThat(here.text("routing/findprovs", "arg=" + PROVIDED)).isEmpty();
        assertThat(here.call("routing/get", "arg=foo").error()).isEqualTo("invalid key|0");
        assertThat(here.call("routing/get", "arg=/pk/" + STRANGER).error()).isEqualTo("routing: not found|0");
        assertThat(here.call("routing/provide", "arg=" + PROVIDED).error())
                .isEqualTo("cannot provide, no connected peers|0");
        assertThat(here.call("dht/query", "arg=" + STRANGER).error()).isEqualTo("routing service is not a DHT|0");
        assertThat(here.call("dht/findprovs").error()).isEqualTo("removed, use 'kafila routing' instead|0");
        assertThat(here.call("stats/dht").error()).isEqualTo("routing service is not a DHT|0");
    }
}
