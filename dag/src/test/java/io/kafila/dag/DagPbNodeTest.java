package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DagPbNodeTest {
    private static final Cid CID = Cid.parse("bafkqabiaaebagba");
    private static final String LINK = "120f" + "0a09015500050001020304" + "1200" + "1800";

    @Test
    void encode_linksAndData_goldenBytes() {
        DagPbNode node = new DagPbNode(
                List.of(new PbLink(CID, "b", 300), new PbLink(CID, "a", 0)),
                Optional.of(ByteBuffer.wrap(new byte[] {8, 1})));
        assertThat(HexFormat.of().formatHex(node.encode()))
                .isEqualTo("1210" + "0a09015500050001020304" + "120161" + "1800"
                        + "1211" + "0a09015500050001020304" + "120162" + "18ac02"
                        + "0a020801");
    }

    @Test
    void encode_nothing_isEmpty() {
        assertThat(new DagPbNode(List.of(), Optional.empty()).encode()).isEmpty();
        assertThat(DagPbNode.decode(ByteBuffer.allocate(0))).isEqualTo(new DagPbNode(List.of(), Optional.empty()));
        assertThat(new DagPbNode(List.of(), Optional.of(ByteBuffer.allocate(0))).encode())
                .containsExactly(10, 0);
    }

    @Test
    void encode_equalNames_keepTheirOrder() {
        List<PbLink> links = List.of(new PbLink(CID, "", 3), new PbLink(CID, "", 1), new PbLink(CID, "", 2));
        DagPbNode node = new DagPbNode(links, Optional.empty());
        assertThat(DagPbNode.decode(ByteBuffer.wrap(node.encode())).links()).isEqualTo(links);
    }

    @Test
    void encode_names_areSortedByTheirBytesNotByChars() {
        // U+10000 is above U+FFFF as bytes, below it as UTF-16.
        DagPbNode node = new DagPbNode(
                List.of(new PbLink(CID, "\ud800\udc00", 0), new PbLink(CID, "\uffff", 0)), Optional.empty());
        assertThat(DagPbNode.decode(ByteBuffer.wrap(node.encode())).links())
                .extracting(PbLink::name)
                .containsExactly("\uffff", "\ud800\udc00");
    }

    @Test
    void encode_negativeTsize_isRefused() {
        DagPbNode node = new DagPbNode(List.of(new PbLink(CID, "a", -1)), Optional.empty());
        assertThatThrownBy(node::encode)
                .isInstanceOf(CodecException.class)
                .hasMessage("dag-pb: link with Tsize -1, want 0 or more");
    }

    @Test
    void decode_dataBeforeLinks_isReadAsOldWritersWroteIt() {
        DagPbNode node = DagPbNode.decode(hex("0a0108" + LINK));
        assertThat(node.links()).containsExactly(new PbLink(CID, "", 0));
        assertThat(node.data()).contains(ByteBuffer.wrap(new byte[] {8}));
    }

    @Test
    void decode_data_isAViewOfTheBlock() {
        ByteBuffer block = hex("0a0108").asReadOnlyBuffer();
        ByteBuffer data = DagPbNode.decode(block).data().orElseThrow();
        assertThat(data.isReadOnly()).isTrue();
        assertThat(data.remaining()).isEqualTo(1);
        assertThat(block.position()).isZero();
    }

    @Test
    void decode_nameThatIsNoUtf8_isReplacedHereAndRefusedByTheCodec() {
        ByteBuffer block = hex("120e" + "0a09015500050001020304" + "1201ff");
        assertThat(DagPbNode.decode(block).links()).containsExactly(new PbLink(CID, "\ufffd", 0));
        Codec codec = Codecs.standard().byName("dag-pb").orElseThrow();
        assertThat(codec.links(block)).containsExactly(CID);
        assertThatThrownBy(() -> codec.decode(block))
                .hasMessage("dag-pb: byte 15: string of 1 bytes that is no UTF-8, want UTF-8");
    }

    @Test
    void decode_faults_areNamedWithTheirPlace() {
        String hash = "0a09015500050001020304";
        refused("1a00", "byte 0: node field 3 of wire type 2, want Links (2, wire type 2) or Data (1, wire type 2)");
        refused("0801", "byte 0: node field 1 of wire type 0, want Links (2, wire type 2) or Data (1, wire type 2)");
        refused("0a00" + "0a00", "byte 2: duplicate Data section, want one");
        refused(LINK + "0a00" + LINK, "byte 19: duplicate Links section, want all links together");
        refused("0aff7f", "byte 1: Data of 16383 bytes, want at most the 0 that are left");
        refused("0a8100", "byte 1: length of Data as a varint with more bytes than needed, want the shortest");
        refused("0affffffffffffffffff01", "byte 1: length of Data as a varint of more than 63 bits, want at most 63");
        refused("0aff", "byte 1: length of Data cut short, want a varint");
        refused(
                "120e" + "120161" + hash,
                "byte 5: field 1 of a link after field 2, want Hash, Name, Tsize in this order");
        refused("1216" + hash + hash, "byte 13: duplicate field 1 of a link, want Hash, Name, Tsize in this order");
        refused(
                "120d" + hash + "2200",
                "byte 13: link field 4 of wire type 2, want Hash (1, wire type 2), Name (2, 2) or Tsize (3, 0)");
        refused("120d" + hash + "1205", "byte 14: Name of 5 bytes, want at most the 0 that are left");
        refused(
                "120c" + "0a0a01550005000102030499",
                "byte 13: invalid Hash field found in link (bytes after the Cid), want a Cid");
        refused("1200", "byte 2: invalid Hash field found in link, want a Cid");
    }

    private static void refused(String hex, String message) {
        assertThatThrownBy(() -> DagPbNode.decode(hex(hex)))
                .isInstanceOf(CodecException.class)
                .hasMessage("dag-pb: " + message);
        Codec codec = Codecs.standard().byName("dag-pb").orElseThrow();
        assertThatThrownBy(() -> codec.links(hex(hex))).hasMessage("dag-pb: " + message);
    }

    @Test
    void randomNodes_roundTripAndAreRefusedWhenCutInsideOfAField() {
        Seed.each(300, random -> {
            List<PbLink> links = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                byte[] bytes = new byte[4];
                random.nextBytes(bytes);
                links.add(new PbLink(
                        Cid.v1(0x70, HashFunction.SHA2_256.digest(bytes)),
                        Integer.toString(random.nextInt(1000)),
                        random.nextLong() >>> 1 >>> random.nextInt(63)));
            }
            links.sort(Comparator.comparing(PbLink::name));
            byte[] data = new byte[random.nextInt(20)];
            random.nextBytes(data);
            DagPbNode node =
                    new DagPbNode(links, random.nextBoolean() ? Optional.of(ByteBuffer.wrap(data)) : Optional.empty());
            byte[] bytes = node.encode();
            assertThat(DagPbNode.decode(ByteBuffer.wrap(bytes))).isEqualTo(node);
            assertThat(DagPbNode.decode(
                            ByteBuffer.allocateDirect(bytes.length).put(bytes).flip()))
                    .isEqualTo(node);
            Codec codec = Codecs.standard().byName("dag-pb").orElseThrow();
            assertThat(codec.encode(codec.decode(ByteBuffer.wrap(bytes)))).isEqualTo(bytes);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                try {
                    // Where the cut falls between two fields the rest is a smaller node.
                    assertThat(DagPbNode.decode(ByteBuffer.wrap(cut)).encode()).isEqualTo(cut);
                } catch (CodecException e) {
                    assertThat(e.codec()).isEqualTo("dag-pb");
                }
            }
        });
    }

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
