package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecsTest {
    private static final Codecs CODECS = Codecs.standard();

    @Test
    void standard_knowsTheCodecs() {
        for (String name : List.of("raw", "dag-pb", "dag-cbor", "cbor", "dag-json", "json", "libp2p-key")) {
            Codec codec = CODECS.byName(name).orElseThrow();
            assertThat(codec.specName()).isEqualTo(name);
            assertThat(CODECS.byCode(codec.code())).containsSame(codec);
        }
        assertThat(CODECS.byCode(0x78)).isEmpty();
        assertThatThrownBy(() -> CODECS.require(0x78))
                .isInstanceOf(DagException.class)
                .hasMessageStartingWith("no codec 0x78 (git-raw), want one of [cbor, dag-cbor");
    }

    @Test
    void sameCodeTwice_isRefused() {
        Codec raw = CODECS.byName("raw").orElseThrow();
        assertThatThrownBy(() -> new Codecs(List.of(raw, raw))).hasMessage("codec 0x55 given twice");
    }

    @Test
    void raw_isBytesWithoutLinks() {
        Codec raw = CODECS.byName("raw").orElseThrow();
        IpldNode node = raw.decode(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(node).isEqualTo(IpldNode.BytesValue.of(new byte[] {1, 2}));
        assertThat(raw.encode(node)).containsExactly(1, 2);
        assertThatThrownBy(() -> raw.encode(new IpldNode.NullValue()))
                .hasMessage("raw: node of kind NULL, want kind BYTES");
    }

    @Test
    void links_blockInSeveralPieces_areFound() {
        byte[] bytes = HexFormat.of().parseHex("82d82a4a0001550005000102030400");
        ByteBuffer first = ByteBuffer.wrap(bytes, 0, 6);
        ByteBuffer second = ByteBuffer.wrap(bytes, 6, bytes.length - 6);
        Cid cid = Cid.parse("bafkqabiaaebagba");
        try (Block block = new Block(Cid.v1(0x71, cid.multihash()), Payload.of(List.of(first, second)))) {
            assertThat(CODECS.links(block)).containsExactly(cid);
            assertThat(CODECS.decode(block))
                    .isEqualTo(new IpldNode.ListValue(List.of(new IpldNode.LinkValue(cid), IpldNode.IntValue.of(0))));
        }
    }

    @Test
    void links_dagCborThatWasNeverCanonical_areFoundThoughItDoesNotDecode() {
        // Keys out of order, a number longer than needed and a float of 16 bits, as old writers left them.
        byte[] bytes = HexFormat.of().parseHex("a36262621800" + "6161d82a4a00015500050001020304" + "6163f93c00");
        Codec codec = CODECS.byName("dag-cbor").orElseThrow();
        assertThat(codec.links(ByteBuffer.wrap(bytes))).containsExactly(Cid.parse("bafkqabiaaebagba"));
        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(CodecException.class)
                .hasMessage("dag-cbor: byte 4: number 0 in 1 bytes, want the shortest form");
    }
}
