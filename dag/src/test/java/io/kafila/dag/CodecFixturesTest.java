package io.kafila.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fixtures of ipld/codec-fixtures: one value in several codecs, each file named by its Cid, and what must fail. */
class CodecFixturesTest {
    private static final Codecs CODECS = Codecs.standard();

    @TestFactory
    Stream<DynamicTest> fixtures() {
        Map<String, List<Path>> byFolder = new TreeMap<>();
        for (Path file : Fixtures.files("codec-fixtures/fixtures")) {
            if (!file.getFileName().toString().startsWith(".")) {
                byFolder.computeIfAbsent(file.getParent().getFileName().toString(), name -> new ArrayList<>())
                        .add(file);
            }
        }
        assertThat(byFolder).hasSizeGreaterThan(100);
        return byFolder.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    for (Path from : entry.getValue()) {
                        checkOne(from);
                        for (Path to : entry.getValue()) {
                            IpldNode node = codec(from).decode(read(from));
                            assertThat(codec(to).encode(node))
                                    .as("%s as %s", from, to)
                                    .isEqualTo(Files.readAllBytes(to));
                        }
                    }
                }));
    }

    private static void checkOne(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        Cid cid = Cid.parse(name.substring(0, name.indexOf('.')));
        assertThat(cid.codec()).isEqualTo(codec(file).code());
        try (Payload payload = Payload.of(bytes)) {
            assertThat(cid.multihash().verifies(payload)).isTrue();
        }
        IpldNode node = codec(file).decode(ByteBuffer.wrap(bytes));
        List<Cid> links = new ArrayList<>();
        collect(node, links);
        assertThat(codec(file).links(ByteBuffer.wrap(bytes).asReadOnlyBuffer())).isEqualTo(links);
        assertThat(codec(file)
                        .links(ByteBuffer.allocateDirect(bytes.length)
                                .put(bytes)
                                .flip()))
                .isEqualTo(links);
    }

    static void collect(IpldNode node, List<Cid> links) {
        if (node instanceof IpldNode.LinkValue link) {
            links.add(link.cid());
        } else if (node instanceof IpldNode.ListValue list) {
            list.items().forEach(item -> collect(item, links));
        } else if (node instanceof IpldNode.MapValue map) {
            map.entries().values().forEach(value -> collect(value, links));
        }
    }

    @TestFactory
    Stream<DynamicTest> negativeDecodes() {
        return Stream.of("dag-cbor", "dag-pb", "dag-json")
                .flatMap(codec -> Fixtures.files("codec-fixtures/negative-fixtures/" + codec + "/decode").stream()
                        .flatMap(file -> entries(file).stream())
                        .map(entry -> DynamicTest.dynamicTest(codec + ": " + text(entry, "name"), () -> {
                            byte[] bytes = HexFormat.of().parseHex(text(entry, "hex"));
                            Codec decoder = CODECS.byName(codec).orElseThrow();
                            assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(bytes)))
                                    .isInstanceOf(CodecException.class)
                                    .hasMessageStartingWith(codec + ": byte ");
                        })));
    }

    @TestFactory
    Stream<DynamicTest> negativeEncodes() {
        return Fixtures.files("codec-fixtures/negative-fixtures/dag-pb/encode").stream()
                .flatMap(file -> entries(file).stream())
                .map(entry -> DynamicTest.dynamicTest(text(entry, "name"), () -> {
                    IpldNode node = entry.get("dag-json");
                    Codec dagPb = CODECS.byName("dag-pb").orElseThrow();
                    if (text(entry, "name").startsWith("bad sort")) {
                        // The JavaScript codec refuses them, go-codec-dagpb sorts, and so do we.
                        assertThat(linkNames(DagPbNode.decode(ByteBuffer.wrap(dagPb.encode(node)))))
                                .isSorted()
                                .hasSize(3);
                        return;
                    }
                    assertThatThrownBy(() -> dagPb.encode(node))
                            .isInstanceOf(CodecException.class)
                            .hasMessageStartingWith("dag-pb: invalid form: ");
                }));
    }

    private static List<String> linkNames(DagPbNode node) {
        return node.links().stream().map(PbLink::name).toList();
    }

    private static List<Map<String, IpldNode>> entries(Path file) {
        try {
            IpldNode list = CODECS.byName("dag-json").orElseThrow().decode(read(file));
            return ((IpldNode.ListValue) list)
                    .items().stream()
                            .map(item -> ((IpldNode.MapValue) item).entries())
                            .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(Map<String, IpldNode> entry, String key) {
        return ((IpldNode.StringValue) entry.get(key)).value();
    }

    private static Codec codec(Path file) {
        String name = file.getFileName().toString();
        return CODECS.byName(name.substring(name.indexOf('.') + 1)).orElseThrow();
    }

    private static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }
}
