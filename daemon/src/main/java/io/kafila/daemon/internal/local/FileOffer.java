package io.kafila.daemon.internal.local;

import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that one process asks another of the same user and machine to read in its stead, as the text of one header: {@code
 * 1 <signature> <proof> <identity> <path, percent-encoded>}.
 *
 * <p>The signature proves that whoever offers may read the repo's secret; nothing is touched before it is checked. The
 * identity proves that both mean one file, in one state. The proof is over bytes of the file at places that the secret
 * chooses: it shows that the offering process can read the file itself, so that a process which was let at the repo but not
 * at the file gets nothing by way of the daemon; and it is checked on the very file that was opened, whatever has happened to
 * the path since.
 */
public final class FileOffer {
    /** Files below this size are sent: to ask and to wait would cost more. At least one piece of the proof. */
    public static final long LEAST_BYTES = 1024 * 1024;

    /** The longest text, in characters. */
    public static final int MAX_CHARACTERS = 4096;

    private static final String VERSION = "1";
    private static final int PIECE_BYTES = 4096;
    /** The pieces whose places the secret chooses, besides the first and the last of the file. */
    private static final int CHOSEN_PIECES = 6;

    private FileOffer() {}

    /** Offers a file, following links; empty where it is none that another process could take. */
    public static Optional<String> of(Path file, MachineSecret secret) {
        try {
            Path real = file.toRealPath();
            Optional<FileIdentity> identity = FileIdentity.of(real);
            if (identity.isEmpty() || identity.get().sizeBytes() < LEAST_BYTES) {
                return Optional.empty();
            }
            try (FileChannel channel = open(real)) {
                String proof = HexFormat.of().formatHex(proof(channel, identity.get(), secret));
                String path = URLEncoder.encode(real.toString(), StandardCharsets.UTF_8);
                String rest = proof + " " + identity.get().text() + " " + path;
                String text = VERSION + " " + HexFormat.of().formatHex(signature(rest, secret)) + " " + rest;
                return text.length() > MAX_CHARACTERS ? Optional.empty() : Optional.of(text);
            }
        } catch (IOException | RuntimeException e) {
            // Whatever is wrong with the file shows again when it is sent.
            log().debug("{} is not offered", file, e);
            return Optional.empty();
        }
    }

    /** Opens an offered file; empty where anything about the offer does not hold. The caller closes the channel. */
    public static Optional<FileChannel> take(String text, MachineSecret secret) {
        String[] words = text.split(" ", -1);
        if (text.length() > MAX_CHARACTERS || words.length != 5 || !words[0].equals(VERSION)) {
            log().debug("an offered file: malformed");
            return Optional.empty();
        }
        String rest = String.join(" ", words[2], words[3], words[4]);
        if (!matches(words[1], signature(rest, secret))) {
            log().debug("an offered file: the signature is not by the secret of this repo");
            return Optional.empty();
        }
        FileChannel opened = null;
        try {
            Path path = Path.of(URLDecoder.decode(words[4], StandardCharsets.UTF_8));
            FileIdentity seen = path.isAbsolute() ? FileIdentity.of(path).orElse(null) : null;
            if (seen == null || !seen.text().equals(words[3])) {
                log().debug("offered {}: here it is {}, there {}", path, seen, words[3]);
                return Optional.empty();
            }
            opened = open(path);
            if (opened.size() == seen.sizeBytes() && matches(words[2], proof(opened, seen, secret))) {
                FileChannel taken = opened;
                opened = null;
                return Optional.of(taken);
            }
            log().debug("offered {}: what was opened has other bytes", path);
            return Optional.empty();
        } catch (IOException | InvalidPathException e) {
            log().debug("an offered file cannot be read here", e);
            return Optional.empty();
        } finally {
            closeQuietly(opened);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                log().debug("closing an offered file", e);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean matches(String given, byte[] wanted) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8),
                HexFormat.of().formatHex(wanted).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] signature(String rest, MachineSecret secret) {
        return secret.sign("offer\0".getBytes(StandardCharsets.UTF_8), rest.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] proof(FileChannel file, FileIdentity identity, MachineSecret secret) throws IOException {
        byte[] about = identity.text().getBytes(StandardCharsets.UTF_8);
        ByteBuffer places = ByteBuffer.wrap(secret.sign("places\0".getBytes(StandardCharsets.UTF_8), about));
        long last = identity.sizeBytes() - PIECE_BYTES;
        if (last < 0) {
            throw new EOFException("a file of " + identity.sizeBytes() + " bytes, want at least " + PIECE_BYTES);
        }
        ByteBuffer pieces = ByteBuffer.allocate((CHOSEN_PIECES + 2) * PIECE_BYTES);
        read(file, 0, pieces);
        read(file, last, pieces);
        for (int i = 0; i < CHOSEN_PIECES; i++) {
            long chosen = ((long) places.getInt() << 8) | (places.get() & 0xff);
            read(file, Long.remainderUnsigned(chosen, last + 1), pieces);
        }
        return secret.sign("proof\0".getBytes(StandardCharsets.UTF_8), about, pieces.array());
    }

    private static void read(FileChannel file, long from, ByteBuffer pieces) throws IOException {
        pieces.limit(pieces.position() + PIECE_BYTES);
        long at = from;
        while (pieces.hasRemaining()) {
            int count = file.read(pieces, at);
            if (count < 0) {
                throw new EOFException("the file ends at " + at);
            }
            at += count;
        }
    }

    /** Got when it is needed: a short command ends without logging. */
    private static Logger log() {
        return LoggerFactory.getLogger(FileOffer.class);
    }
}
