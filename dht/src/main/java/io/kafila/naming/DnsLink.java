package io.kafila.naming;

import io.kafila.dag.ContentPath;
import io.kafila.dag.PathException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Content paths in the TXT records of domains (dnslink.dev). Plain: it neither asks the DNS nor follows a path. */
public final class DnsLink {
    private static final String SUBDOMAIN = "_dnslink.";
    private static final String ENTRY = "dnslink=";

    /** RFC 1035, section 2.3.4, less the room that {@link #SUBDOMAIN} takes. */
    private static final int MAX_DOMAIN_CHARS = 253 - SUBDOMAIN.length();

    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");

    private DnsLink() {}

    /** The domain of a text in the form in which the DNS knows it, without a last dot; empty where it is none. */
    public static Optional<String> domain(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (bare.isEmpty() || bare.length() > MAX_DOMAIN_CHARS) {
            return Optional.empty();
        }
        String ascii;
        try {
            ascii = IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (ascii.length() > MAX_DOMAIN_CHARS) {
            return Optional.empty();
        }
        for (String label : ascii.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return Optional.empty();
            }
        }
        return Optional.of(ascii);
    }

    /** Where the records of a domain are: one label below it. */
    public static String recordDomain(String domain) {
        return SUBDOMAIN + domain;
    }

    /**
     * The one path among the texts of a domain.
     *
     * @throws NamingException if there is none or more than one
     */
    public static ContentPath path(List<String> texts) {
        List<ContentPath> paths = new ArrayList<>();
        for (String text : texts) {
            entry(text).ifPresent(paths::add);
        }
        if (paths.isEmpty()) {
            throw new NamingException("could not resolve name: DNSLink lookup could not find a TXT record"
                    + " (https://docs.ipfs.tech/concepts/dnslink/)");
        }
        if (paths.size() > 1) {
            throw new NamingException("could not resolve name: DNSLink lookup returned more than one IPFS content path;"
                    + " ask domain owner to remove duplicate TXT records");
        }
        return paths.get(0);
    }

    /** {@code dnslink=} and a path or a Cid, or, as was written once, these alone. */
    private static Optional<ContentPath> entry(String text) {
        String value = text.startsWith(ENTRY) ? text.substring(ENTRY.length()) : text;
        try {
            ContentPath path = ContentPath.parseStrict(value);
            return path.namespace() == ContentPath.Namespace.IPLD ? Optional.empty() : Optional.of(path);
        } catch (PathException notPath) {
            try {
                return Optional.of(ContentPath.of(Cid.parse(value)));
            } catch (MultiformatException notCid) {
                // A record of another kind: domains have many.
                return Optional.empty();
            }
        }
    }
}
