package io.kafila.delegated;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerRecordTest {
    private static final String PEER = "12D3KooWRBy97UB99e3J6hiPesre1MZeuNQvfan4gBziswrRJsNK";
    private static final String OTHER = "QmVujd5Vb7moysJj8itnGufN7MEtPRCNHkKpNuA4onsRa3";

    private static Optional<PeerRecord> read(String json) throws JsonProcessingException {
        return PeerRecord.read(new ObjectMapper().readTree(json.replace('\'', '"')));
    }

    @Test
    void read_recordOfKubo_isWrittenAgainTheSame() throws JsonProcessingException {
        String json = "{'Addrs':['/ip4/192.0.2.1/tcp/4001'],'ID':'" + PEER
                + "','Protocols':['transport-bitswap'],'Schema':'peer'}";
        assertThat(read(json).orElseThrow().json()).hasToString(json.replace('\'', '"'));
    }

    @Test
    void read_idAsACid_isTheSamePeer() throws JsonProcessingException {
        PeerRecord plain = read("{'Schema':'peer','ID':'" + PEER + "'}").orElseThrow();
        assertThat(read("{'Schema':'peer','ID':'" + plain.peer().toCid() + "'}"))
                .contains(plain);
    }

    @Test
    void read_oldSchema_isAPeer() throws JsonProcessingException {
        assertThat(read("{'Schema':'bitswap','Protocol':'transport-bitswap','ID':'" + PEER + "','Addrs':[]}")
                        .orElseThrow()
                        .protocols())
                .containsExactly("transport-bitswap");
    }

    @Test
    void read_noPeer_isNone() throws JsonProcessingException {
        assertThat(read("{'Schema':'other','ID':'" + PEER + "'}")).isEmpty();
        assertThat(read("{'Schema':'peer'}")).isEmpty();
        assertThat(read("{'Schema':'peer','ID':'x'}")).isEmpty();
        assertThat(read("[]")).isEmpty();
        assertThat(read("7")).isEmpty();
    }

    @Test
    void read_addressesThatAreNone_areLeftOut() throws JsonProcessingException {
        assertThat(read("{'Schema':'peer','ID':'" + PEER + "','Addrs':['/ip4/1.2.3.4/tcp/1/p2p/" + PEER
                                + "','/ip4/1.2.3.5/tcp/1/p2p/" + OTHER + "','/nothing/x',7,null,'/p2p/" + PEER
                                + "'],'Protocols':[null,'',3,'a']}")
                        .orElseThrow())
                .satisfies(record -> {
                    assertThat(record.addresses()).hasToString("[/ip4/1.2.3.4/tcp/1]");
                    assertThat(record.protocols()).containsExactly("a");
                });
    }

    @Test
    void read_tooMany_areCut() throws JsonProcessingException {
        String addresses = "'/ip4/1.2.3.4/tcp/1',".repeat(100);
        PeerRecord record = read("{'Schema':'peer','ID':'" + PEER + "','Addrs':[" + addresses + "1],'Protocols':["
                        + "'a',".repeat(100) + "1]}")
                .orElseThrow();
        assertThat(record.addresses()).hasSize(PeerRecord.MAX_ADDRESSES);
        assertThat(record.protocols()).hasSize(PeerRecord.MAX_PROTOCOLS);
    }
}
