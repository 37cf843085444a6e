package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Rubbish: whatever the bytes are, a codec answers with a node or a {@link CodecException}, soon and in little memory. */
class CodecFuzz {
    private static final int RUNS = Integer.getInteger("kafila.runs", 20_000);
    private static final Codecs CODECS = Codecs.standard();
    private static final List<String> STRUCTURED = List.of("dag-pb", "dag-cbor", "cbor", "dag-json", "json");

    @Test
    void randomBytes_neverMoreThanACodecException() {
        Seed.each(RUNS, random -> {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            probe(bytes);
        });
    }

    @Test
    void mutatedNodes_neverMoreThanACodecException() {
        Seed.each(RUNS / 2, random -> {
            IpldNode node = new NodeGenerator(random, true).node();
            String name = STRUCTURED.get(1 + random.nextInt(4));
            probe(mutate(CODECS.byName(name).orElseThrow().encode(node), random));
        });
    }

    @Test
    void mutatedFixtures_neverMoreThanACodecException() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        for (Path file : Fixtures.files("codec-fixtures/fixtures")) {
            if (!file.getFileName().toString().startsWith(".")) {
                corpus.add(Files.readAllBytes(file));
            }
        }
        Seed.each(RUNS / 2, random -> probe(mutate(corpus.get(random.nextInt(corpus.size())), random)));
    }

    /** What is accepted can be written again; in the canonical codecs it is the same bytes. */
    private static void probe(byte[] bytes) {
        for (String name : STRUCTURED) {
            Codec codec = CODECS.byName(name).orElseThrow();
            try {
                codec.links(ByteBuffer.wrap(bytes));
            } catch (CodecException e) {
                assertThat(e.codec()).isEqualTo(name);
            }
            IpldNode node;
            try {
                node = codec.decode(ByteBuffer.wrap(bytes));
            } catch (CodecException e) {
                assertThat(e.getMessage()).startsWith(name + ": byte ");
                assertThat(e.offset()).isBetween(0L, (long) bytes.length);
                continue;
            }
            byte[] again = codec.encode(node);
            if (name.equals("dag-cbor")) {
                assertThat(again).isEqualTo(bytes);
                codec.links(ByteBuffer.wrap(bytes));
            } else {
                assertThat(codec.decode(ByteBuffer.wrap(again)))
                        .isEqualTo(name.equals("dag-pb") ? codec.decode(ByteBuffer.wrap(again)) : node);
                assertThat(codec.encode(codec.decode(ByteBuffer.wrap(again)))).isEqualTo(again);
            }
        }
        try {
            DagPbNode.decode(ByteBuffer.wrap(bytes)).encode();
        } catch (CodecException e) {
            assertThat(e.codec()).isEqualTo("dag-pb");
        }
    }

    static byte[] mutate(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> mutated = Arrays.copyOf(mutated, at);
                default -> {
                    byte[] wider = Arrays.copyOf(mutated, mutated.length + 1);
                    System.arraycopy(mutated, at, wider, at + 1, mutated.length - at);
                    wider[at] = (byte) random.nextInt(256);
                    mutated = wider;
                }
            }
        }
        return mutated;
    }

    @Test
    void nesting_asDeepAsAllowed_isDecodedOnASmallStack() throws InterruptedException {
        onSmallStack(() -> {
            for (String name : List.of("dag-cbor", "cbor", "dag-json", "json")) {
                Codec codec = CODECS.byName(name).orElseThrow();
                byte[] lists = nested(name, Codec.MAX_DEPTH, false);
                IpldNode node = codec.decode(ByteBuffer.wrap(lists));
                if (name.startsWith("dag-")) {
                    assertThat(codec.encode(node)).isEqualTo(lists);
                }
                assertThat(codec.links(ByteBuffer.wrap(lists))).isEmpty();
                byte[] maps = nested(name, Codec.MAX_DEPTH, true);
                codec.encode(codec.decode(ByteBuffer.wrap(maps)));
            }
        });
    }

    @Test
    void nesting_deeperThanAllowed_isRefused() throws InterruptedException {
        onSmallStack(() -> {
            for (String name : List.of("dag-cbor", "cbor", "dag-json", "json")) {
                Codec codec = CODECS.byName(name).orElseThrow();
                for (int depth : new int[] {Codec.MAX_DEPTH + 1, 1_000_000}) {
                    for (boolean maps : new boolean[] {false, true}) {
                        byte[] bytes = nested(name, depth, maps);
                        assertThatThrownBy(() -> codec.decode(ByteBuffer.wrap(bytes)))
                                .isInstanceOf(CodecException.class)
                                .hasMessageContaining("nesting deeper than 1024");
                    }
                }
            }
        });
    }

    @Test
    void encode_nodeDeeperThanAllowed_isRefused() throws InterruptedException {
        onSmallStack(() -> {
            IpldNode node = new IpldNode.NullValue();
            for (int i = 0; i <= Codec.MAX_DEPTH; i++) {
                node = new IpldNode.ListValue(List.of(node));
            }
            IpldNode tooDeep = node;
            for (String name : List.of("dag-cbor", "cbor", "dag-json", "json")) {
                assertThatThrownBy(() -> CODECS.byName(name).orElseThrow().encode(tooDeep))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("nesting deeper than 1024");
            }
        });
    }

    @Test
    void manyTinyMaps_takeMoreMemoryThanAllowed_areRefused() {
        int count = 2 * 1024 * 1024 - 8;
        ByteBuffer cbor = ByteBuffer.allocate(count + 5).put((byte) 0x9a).putInt(count);
        Arrays.fill(cbor.array(), 5, count + 5, (byte) 0xa0);
        assertThatThrownBy(() -> CODECS.byName("dag-cbor")
                        .orElseThrow()
                        .decode(cbor.flip().limit(count + 5)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("nodes that take more than 67108864 bytes of memory");
        String json = "[" + "{},".repeat(700_000) + "{}]";
        assertThatThrownBy(() -> CODECS.byName("dag-json")
                        .orElseThrow()
                        .decode(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("of memory");
    }

    @Test
    void announcedSizes_largerThanTheBlock_areRefusedBeforeAnythingIsAllocated() {
        for (String head : List.of(
                "5a7fffffff",
                "7a7fffffff",
                "9a7fffffff",
                "ba7fffffff",
                "5bffffffffffffffff",
                "9bffffffffffffffff",
                "bb7fffffffffffffff",
                "bb8000000000000000")) {
            ByteBuffer bytes = ByteBuffer.wrap(java.util.HexFormat.of().parseHex(head));
            for (String name : List.of("dag-cbor", "cbor")) {
                assertThatThrownBy(() -> CODECS.byName(name).orElseThrow().decode(bytes))
                        .isInstanceOf(CodecException.class)
                        .hasMessageContaining("at most 0 in the 0 bytes that are left");
            }
            assertThatThrownBy(() -> CODECS.byName("dag-cbor").orElseThrow().links(bytes))
                    .isInstanceOf(CodecException.class);
        }
    }

    private static byte[] nested(String codec, int depth, boolean maps) {
        String open;
        String middle;
        String close;
        if (codec.endsWith("json")) {
            open = maps ? "{\"a\":" : "[";
            middle = "1";
            close = maps ? "}" : "]";
        } else {
            open = maps ? "\u00a1\u0061a" : "\u0081";
            middle = "\u0001";
            close = "";
        }
        return (open.repeat(depth) + middle + close.repeat(depth)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void onSmallStack(Runnable body) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        body.run();
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "small-stack",
                512 * 1024);
        thread.start();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get().toString(), failure.get());
        }
    }
}
