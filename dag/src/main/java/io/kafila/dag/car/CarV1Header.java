package io.kafila.dag.car;

import io.kafila.dag.CodecException;
import io.kafila.dag.IpldNode;
import io.kafila.dag.internal.CborCodec;
import io.kafila.multiformats.Cid;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dag-cbor at the start of an archive: its version and roots (ipld.io/specs/transport/car/carv1, Header).
 *
 * @param roots none in the pragma of a version 2
 */
record CarV1Header(BigInteger version, List<Cid> roots) {

    CarV1Header {
        roots = List.copyOf(roots);
    }

    static CarV1Header of(List<Cid> roots) {
        return new CarV1Header(BigInteger.ONE, roots);
    }

    boolean isVersion(long wanted) {
        return version.equals(BigInteger.valueOf(wanted));
    }

    static CarV1Header decode(byte[] bytes, long offset) {
        IpldNode node;
        try {
            node = CborCodec.lenientDagCbor().decode(ByteBuffer.wrap(bytes));
        } catch (CodecException e) {
            throw CarException.at(offset, "header that is no dag-cbor (" + e.getMessage() + ")", "one", e);
        }
        if (!(node instanceof IpldNode.MapValue map)
                || !(map.entries().get("version") instanceof IpldNode.IntValue version)) {
            throw CarException.at(offset, "header without a version", "a map with version and roots");
        }
        IpldNode rootsNode = map.entries().get("roots");
        if (!version.value().equals(BigInteger.ONE)) {
            return new CarV1Header(version.value(), List.of());
        }
        if (!(rootsNode instanceof IpldNode.ListValue list)) {
            throw CarException.at(
                    offset, rootsNode == null ? "header without roots" : "roots of kind " + rootsNode.kind(), "a list");
        }
        List<Cid> roots = new ArrayList<>(list.items().size());
        for (IpldNode item : list.items()) {
            if (!(item instanceof IpldNode.LinkValue link)) {
                throw CarException.at(offset, "root of kind " + item.kind(), "a link");
            }
            roots.add(link.cid());
        }
        return new CarV1Header(version.value(), roots);
    }

    byte[] encode() {
        List<IpldNode> links = new ArrayList<>(roots.size());
        for (Cid root : roots) {
            links.add(new IpldNode.LinkValue(root));
        }
        Map<String, IpldNode> entries = new LinkedHashMap<>();
        entries.put("roots", new IpldNode.ListValue(links));
        entries.put("version", new IpldNode.IntValue(false, version.longValueExact()));
        return CborCodec.dagCbor().encode(new IpldNode.MapValue(entries));
    }
}
