package io.kafila.dag.unixfs.internal;

import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsData;
import java.util.List;

/** Where nodes go that are made from other nodes. */
interface NodeSink {
    /** Stores a dag-pb node; answers it without {@code fileBytes}, which are the caller's to know. */
    Child node(List<PbLink> links, UnixfsData data);
}
