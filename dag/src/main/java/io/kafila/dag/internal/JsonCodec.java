package io.kafila.dag.internal;

import io.kafila.dag.Codec;
import io.kafila.dag.IpldNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** dag-json (ipld.io/specs/codecs/dag-json) and plain json (RFC 8259). */
public final class JsonCodec implements Codec {
    private final long code;
    private final String specName;
    /** Whether the key "/" makes links and bytes, and maps are written sorted and without blanks. */
    private final boolean dag;

    private JsonCodec(long code, String specName, boolean dag) {
        this.code = code;
        this.specName = specName;
        this.dag = dag;
    }

    public static JsonCodec dagJson() {
        return new JsonCodec(Multicodec.DAG_JSON.code(), "dag-json", true);
    }

    /** Without links and bytes; written with a tab a level and in the order of the map, as Kubo writes it. */
    public static JsonCodec json() {
        return new JsonCodec(Multicodec.JSON.code(), "json", false);
    }

    @Override
    public long code() {
        return code;
    }

    @Override
    public String specName() {
        return specName;
    }

    @Override
    public IpldNode decode(ByteBuffer block) {
        return new JsonReader(block, specName, dag).readBlock();
    }

    @Override
    public byte[] encode(IpldNode node) {
        return new JsonWriter(specName, dag).write(node);
    }

    /** Text must be parsed to be sure of anything in it, so this costs as much as {@link #decode}. */
    @Override
    public List<Cid> links(ByteBuffer block) {
        if (!dag) {
            return List.of();
        }
        List<Cid> links = new ArrayList<>();
        Deque<IpldNode> pending = new ArrayDeque<>();
        pending.push(decode(block));
        while (!pending.isEmpty()) {
            IpldNode node = pending.pop();
            if (node instanceof IpldNode.LinkValue link) {
                links.add(link.cid());
            } else if (node instanceof IpldNode.ListValue list) {
                pushReversed(pending, list.items());
            } else if (node instanceof IpldNode.MapValue map) {
                pushReversed(pending, new ArrayList<>(map.entries().values()));
            }
        }
        return links;
    }

    private static void pushReversed(Deque<IpldNode> pending, List<IpldNode> nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            pending.push(nodes.get(i));
        }
    }
}
