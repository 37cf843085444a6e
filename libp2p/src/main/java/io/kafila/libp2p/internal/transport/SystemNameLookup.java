package io.kafila.libp2p.internal.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** Lookups through the resolver of the system, TXT records through the JDK's DNS client. */
public final class SystemNameLookup implements NameLookup {
    private static final String TIMEOUT_MS = "2000";
    private static final String RETRIES = "2";

    @Override
    public List<InetAddress> addresses(String host) throws IOException {
        return List.of(InetAddress.getAllByName(host));
    }

    @Override
    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // only strings of the DNS provider are read; JNDI wants a Hashtable
    public List<String> texts(String name) throws IOException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MS);
        environment.put("com.sun.jndi.dns.timeout.retries", RETRIES);
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                return texts(context.getAttributes(name, new String[] {"TXT"}).get("TXT"));
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new IOException("TXT records of " + name + ": " + e, e);
        }
    }

    private static List<String> texts(@Nullable Attribute attribute) throws NamingException {
        List<String> texts = new ArrayList<>();
        if (attribute != null) {
            NamingEnumeration<?> values = attribute.getAll();
            while (values.hasMore()) {
                texts.add(unquoted(String.valueOf(values.next())));
            }
        }
        return texts;
    }

    /** JNDI quotes strings that hold spaces, and puts a space between the strings of one record. */
    private static String unquoted(String text) {
        return text.startsWith("\"") ? text.replace("\" \"", "").replace("\"", "") : text;
    }
}
