package io.kafila.dag.internal;

/**
 * What one flavour of CBOR allows.
 *
 * @param specName the name in the multicodec table
 * @param links whether tag 42 is a link; otherwise it is refused as every tag is
 * @param canonical whether only the one canonical form is read: shortest lengths, sorted keys, floats of 64 bits
 * @param anyFloat whether NaN, the infinities and -0.0 are values
 */
record CborDialect(String specName, boolean links, boolean canonical, boolean anyFloat) {
    static final CborDialect DAG_CBOR = new CborDialect("dag-cbor", true, true, false);
    static final CborDialect CBOR = new CborDialect("cbor", false, false, true);
    /** dag-cbor of writers that were never canonical. */
    static final CborDialect LENIENT = new CborDialect("dag-cbor", true, false, true);

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int LIST = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    /** The tag of a link (ipld.io/specs/codecs/dag-cbor, Links). */
    static final int LINK_TAG = 42;

    static final int FALSE = 20;
    static final int TRUE = 21;
    static final int NULL = 22;
    static final int UNDEFINED = 23;
    static final int FLOAT_16 = 25;
    static final int FLOAT_32 = 26;
    static final int FLOAT_64 = 27;
    static final int INDEFINITE = 31;
    static final int BREAK = 0xff;
}
