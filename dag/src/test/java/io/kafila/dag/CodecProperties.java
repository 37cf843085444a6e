package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Cid;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Laws that hold for every node and every codec. */
class CodecProperties {
    private static final int RUNS = Integer.getInteger("kafila.runs", 2_000);
    private static final Codecs CODECS = Codecs.standard();

    @Test
    void dagCodecs_anyNode_roundTripsAndKeepsItsLinks() {
        for (String name : List.of("dag-cbor", "dag-json")) {
            Codec codec = codec(name);
            Seed.each(RUNS, random -> {
                IpldNode node = new NodeGenerator(random, false).node();
                byte[] bytes = codec.encode(node);
                IpldNode decoded = codec.decode(ByteBuffer.wrap(bytes));
                assertThat(decoded).isEqualTo(node);
                assertThat(decoded).hasSameHashCodeAs(node);
                assertThat(codec.encode(decoded)).isEqualTo(bytes);
                List<Cid> links = new ArrayList<>();
                CodecFixturesTest.collect(decoded, links);
                assertThat(codec.links(ByteBuffer.wrap(bytes))).isEqualTo(links);
            });
        }
    }

    @Test
    void plainCodecs_nodeWithoutLinksAndBytes_roundTrips() {
        for (String name : List.of("cbor", "json")) {
            Codec codec = codec(name);
            Seed.each(RUNS, random -> {
                IpldNode node = new NodeGenerator(random, true).node();
                byte[] bytes = codec.encode(node);
                assertThat(codec.decode(ByteBuffer.wrap(bytes))).isEqualTo(node);
                assertThat(codec.links(ByteBuffer.wrap(bytes))).isEmpty();
            });
        }
    }

    @Test
    void dagCodecs_nodeThroughTheOther_isTheSame() {
        Seed.each(RUNS / 2, random -> {
            IpldNode node = new NodeGenerator(random, false).node();
            IpldNode there =
                    codec("dag-json").decode(ByteBuffer.wrap(codec("dag-json").encode(node)));
            assertThat(codec("dag-cbor").encode(there))
                    .isEqualTo(codec("dag-cbor").encode(node));
        });
    }

    @Test
    void dagCbor_cutAtEveryByte_isRefused() {
        Codec codec = codec("dag-cbor");
        Seed.each(RUNS / 20, random -> {
            byte[] bytes = codec.encode(new NodeGenerator(random, false).node());
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(cut))).isInstanceOf(CodecException.class);
                assertThatThrownBy(() -> codec.links(ByteBuffer.wrap(cut))).isInstanceOf(CodecException.class);
            }
        });
    }

    @Test
    void dagJson_containerCutAtEveryByte_isRefused() {
        Codec codec = codec("dag-json");
        Seed.each(RUNS / 20, random -> {
            byte[] bytes = codec.encode(new IpldNode.ListValue(List.of(new NodeGenerator(random, false).node())));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(cut))).isInstanceOf(CodecException.class);
            }
        });
    }

    @Test
    void decode_bufferAmongOthers_isReadAsSliceAndNotMoved() {
        byte[] bytes = codec("dag-cbor").encode(new NodeGenerator(new Seed(7).random(), false).node());
        ByteBuffer wide = ByteBuffer.allocateDirect(bytes.length + 20);
        wide.position(13).put(bytes).flip().position(13);
        IpldNode node = codec("dag-cbor").decode(wide);
        assertThat(wide.position()).isEqualTo(13);
        assertThat(node).isEqualTo(codec("dag-cbor").decode(ByteBuffer.wrap(bytes)));
    }

    private static Codec codec(String name) {
        return CODECS.byName(name).orElseThrow();
    }
}
