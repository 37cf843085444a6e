package io.kafila.dag;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.LinkExtractor;
import io.kafila.dag.internal.CborCodec;
import io.kafila.dag.internal.DagPbCodec;
import io.kafila.dag.internal.JsonCodec;
import io.kafila.dag.internal.RawCodec;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The codecs that a node knows, by code. Immutable and thread-safe. */
public final class Codecs implements LinkExtractor {
    private final Map<Long, Codec> byCode;

    public Codecs(Collection<Codec> codecs) {
        Map<Long, Codec> map = new LinkedHashMap<>();
        for (Codec codec : codecs) {
            if (map.put(codec.code(), codec) != null) {
                throw new IllegalArgumentException("codec 0x" + Long.toHexString(codec.code()) + " given twice");
            }
        }
        byCode = Map.copyOf(map);
    }

    /** raw, dag-pb, dag-cbor, cbor, dag-json, json, and libp2p-key, which is read as raw. */
    public static Codecs standard() {
        return new Codecs(List.of(
                RawCodec.raw(),
                RawCodec.libp2pKey(),
                new DagPbCodec(),
                CborCodec.dagCbor(),
                CborCodec.cbor(),
                JsonCodec.dagJson(),
                JsonCodec.json()));
    }

    public Optional<Codec> byCode(long code) {
        return Optional.ofNullable(byCode.get(code));
    }

    /** The codec of that name, such as {@code dag-cbor}. */
    public Optional<Codec> byName(String specName) {
        return byCode.values().stream()
                .filter(codec -> codec.specName().equals(specName))
                .findFirst();
    }

    /** @throws DagException if there is no such codec */
    public Codec require(long code) {
        Codec codec = byCode.get(code);
        if (codec == null) {
            throw new DagException("no codec 0x" + Long.toHexString(code)
                    + Multicodec.byCode(code)
                            .map(known -> " (" + known.name() + ")")
                            .orElse("")
                    + ", want one of "
                    + byCode.values().stream().map(Codec::specName).sorted().toList());
        }
        return codec;
    }

    /** The node in a block. */
    public IpldNode decode(Block block) {
        return require(block.cid().codec()).decode(block.payload().buffer());
    }

    @Override
    public List<Cid> links(Block block) {
        Codec codec = require(block.cid().codec());
        // One buffer of a large block may cost a copy.
        return codec.hasLinks() ? codec.links(block.payload().buffer()) : List.of();
    }
}
