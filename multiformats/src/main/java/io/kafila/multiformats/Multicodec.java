package io.kafila.multiformats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A row of the multicodec table: the number that stands for a format, hash, protocol or key on the wire.
 *
 * <p>Source: github.com/multiformats/multicodec, table.csv.
 *
 * @param code the number, 0 to 2^63-1
 * @param name the name in the table
 * @param tag the group of the row, such as {@code ipld} or {@code multihash}
 * @param status {@code permanent}, {@code draft} or {@code deprecated}
 */
public record Multicodec(long code, String name, String tag, String status) {
    public static final Multicodec IDENTITY = named(0x00, "identity");
    public static final Multicodec CIDV1 = named(0x01, "cidv1");
    public static final Multicodec SHA1 = named(0x11, "sha1");
    public static final Multicodec SHA2_256 = named(0x12, "sha2-256");
    public static final Multicodec SHA2_512 = named(0x13, "sha2-512");
    public static final Multicodec CBOR = named(0x51, "cbor");
    /** A block that is bytes and nothing else. */
    public static final Multicodec RAW = named(0x55, "raw");

    public static final Multicodec DAG_PB = named(0x70, "dag-pb");
    public static final Multicodec DAG_CBOR = named(0x71, "dag-cbor");
    /** The public key of a peer. */
    public static final Multicodec LIBP2P_KEY = named(0x72, "libp2p-key");

    public static final Multicodec GIT_RAW = named(0x78, "git-raw");
    public static final Multicodec DAG_JOSE = named(0x85, "dag-jose");
    public static final Multicodec DAG_JSON = named(0x0129, "dag-json");
    public static final Multicodec JSON = named(0x0200, "json");
    /** A CAR file, the hash of which names the whole archive. */
    public static final Multicodec CAR = named(0x0202, "car");

    public static final Multicodec IPNS_RECORD = named(0x0300, "ipns-record");
    public static final Multicodec CAR_INDEX_SORTED = named(0x0400, "car-index-sorted");
    public static final Multicodec CAR_MULTIHASH_INDEX_SORTED = named(0x0401, "car-multihash-index-sorted");

    public Multicodec {
        if (code < 0) {
            throw new IllegalArgumentException("multicodec: code " + code + ", want 0 to 2^63-1");
        }
    }

    /** The row of this number. */
    public static Optional<Multicodec> byCode(long code) {
        return Optional.ofNullable(Table.BY_CODE.get(code));
    }

    /** The row of this name. */
    public static Optional<Multicodec> byName(String name) {
        return Optional.ofNullable(Table.BY_NAME.get(name));
    }

    /** The whole table, by rising code. */
    /** The code of a name of the table, or of a number written as in Go: decimal, 0x hexadecimal, 0 octal. */
    public static OptionalLong codeOf(String nameOrNumber) {
        Optional<Multicodec> named = byName(nameOrNumber);
        if (named.isPresent()) {
            return OptionalLong.of(named.get().code());
        }
        try {
            long code = nameOrNumber.matches("[0-9][0-9a-fA-FxX]*") ? Long.decode(nameOrNumber) : -1;
            return code < 0 ? OptionalLong.empty() : OptionalLong.of(code);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    public static Collection<Multicodec> all() {
        return Collections.unmodifiableCollection(Table.BY_CODE.values());
    }

    private static Multicodec named(long code, String name) {
        Multicodec row = byCode(code)
                .orElseThrow(() -> new IllegalStateException("multicodec: no row for " + name + " in the table"));
        if (!row.name.equals(name)) {
            throw new IllegalStateException(
                    "multicodec: 0x" + Long.toHexString(code) + " is " + row.name + ", want " + name);
        }
        return row;
    }

    /** The table, read once from the resource beside this class. */
    private static final class Table {
        private static final String RESOURCE = "multicodec.tsv";
        static final Map<Long, Multicodec> BY_CODE = new LinkedHashMap<>();
        static final Map<String, Multicodec> BY_NAME = new HashMap<>();

        static {
            try (InputStream in = Multicodec.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException("multicodec: resource " + RESOURCE + " is absent");
                }
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(Table::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void add(String line) {
            String[] fields = line.split("\t", -1);
            Multicodec row = new Multicodec(Long.parseLong(fields[0], 16), fields[1], fields[2], fields[3]);
            BY_CODE.put(row.code, row);
            BY_NAME.put(row.name, row);
        }
    }
}
