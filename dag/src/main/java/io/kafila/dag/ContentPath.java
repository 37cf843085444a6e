package io.kafila.dag;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A path to content: {@code /ipfs/<cid>/a/b}, {@code /ipns/<name>/a} or {@code /ipld/<cid>/a}, by the rules of boxo's
 * {@code path} package: {@code .}, {@code ..} and repeated slashes are cleaned away, a last slash is kept.
 *
 * @param root a Cid, in /ipns/ the name
 * @param segments what follows the root, none of them empty
 * @param trailingSlash whether the text ends with a slash
 */
public record ContentPath(Namespace namespace, String root, List<String> segments, boolean trailingSlash) {
    /** The longest text that is parsed, in characters. */
    public static final int MAX_CHARS = 64 * 1024;

    /** The first part of a path. */
    public enum Namespace {
        /** Immutable; dag-pb nodes are UnixFS directories. */
        IPFS,
        /** Mutable: the root is a name to be resolved. */
        IPNS,
        /** Immutable; every node is taken as the data model has it. */
        IPLD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ContentPath {
        segments = List.copyOf(segments);
        if (namespace != Namespace.IPNS) {
            requireCid("/" + namespace + "/" + root, root);
        }
    }

    /** {@code /ipfs/<cid>}. */
    public static ContentPath of(Cid cid) {
        return new ContentPath(Namespace.IPFS, cid.toString(), List.of(), false);
    }

    /**
     * A path with its namespace, or one that begins with a Cid, which stands for {@code /ipfs/<cid>}, as commands take it.
     *
     * @throws PathException if it is neither
     */
    public static ContentPath parse(String text) {
        try {
            return parseStrict(text);
        } catch (PathException strict) {
            try {
                return parseStrict("/ipfs/" + text);
            } catch (PathException bare) {
                throw strict;
            }
        }
    }

    /**
     * A path with its namespace.
     *
     * @throws PathException if it is malformed
     */
    public static ContentPath parseStrict(String text) {
        if (text.length() > MAX_CHARS) {
            throw PathException.malformed(
                    text.substring(0, 64) + "...", text.length() + " characters, want at most " + MAX_CHARS, null);
        }
        List<String> parts = clean(text);
        if (!text.startsWith("/") || parts.size() < 2) {
            throw PathException.malformed(text, "path does not have enough components", null);
        }
        Namespace namespace = namespace(text, parts.get(0));
        String root = parts.get(1);
        if (namespace != Namespace.IPNS) {
            requireCid(text, root);
        }
        return new ContentPath(namespace, root, parts.subList(2, parts.size()), text.endsWith("/"));
    }

    private static Namespace namespace(String text, String part) {
        for (Namespace namespace : Namespace.values()) {
            if (namespace.toString().equals(part)) {
                return namespace;
            }
        }
        throw PathException.malformed(text, "unknown namespace: \"" + part + "\"", null);
    }

    private static Cid requireCid(String text, String root) {
        try {
            return Cid.parse(root);
        } catch (MultiformatException e) {
            throw PathException.malformed(text, "invalid cid: " + e.getMessage(), e);
        }
    }

    /** The segments of a rooted path without empty ones, dots and what is before two dots. */
    private static List<String> clean(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.remove(parts.size() - 1);
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Whether the same path may lead elsewhere later. */
    public boolean mutable() {
        return namespace == Namespace.IPNS;
    }

    /**
     * The Cid at the root.
     *
     * @throws PathException if the path is mutable
     */
    public Cid cid() {
        if (mutable()) {
            throw PathException.malformed(toString(), "path was expected to be immutable", null);
        }
        return requireCid(toString(), root);
    }

    /** This path with more segments, which may hold slashes and are cleaned. */
    public ContentPath join(List<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        String text = toString();
        return parseStrict(
                (text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/" + String.join("/", more));
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("/").append(namespace).append('/').append(root);
        for (String segment : segments) {
            text.append('/').append(segment);
        }
        return trailingSlash ? text.append('/').toString() : text.toString();
    }
}
