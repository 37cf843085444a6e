package io.kafila.daemon.internal.cli;

import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes files as a multipart body in the form that Kubo's servers read. Confined to one thread. */
final class MultipartWriter {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final OutputStream out;
    private final String boundary;
    private final FileOffers offers;
    /** One for all files: a fresh one costs more than a small file. */
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    MultipartWriter(OutputStream out, String boundary, FileOffers offers) {
        this.out = out;
        this.offers = offers;
        this.boundary = boundary;
    }

    /** Writes all entries and the end. */
    void write(ImportSource source) throws IOException {
        String start = "--" + boundary;
        for (ImportEntry entry = source.next(); entry != null; entry = source.next()) {
            Optional<String> offer = entry instanceof ImportEntry.File file ? offers.offer(file) : Optional.empty();
            text(start + "\r\n" + headers(entry)
                    + offer.map(MultipartWriter::header).orElse("") + "\r\n");
            switch (entry.kind()) {
                case FILE -> {
                    if (offer.isEmpty() || !taken()) {
                        copy(((ImportEntry.File) entry).content());
                    }
                }
                case SYMLINK -> text(((ImportEntry.Symlink) entry).target());
                case DIRECTORY -> {
                    // It has no content; its entries are parts of their own.
                }
            }
            start = "\r\n--" + boundary;
        }
        text(start + "--\r\n");
        out.flush();
    }

    private boolean taken() throws IOException {
        out.flush();
        return offers.isTaken();
    }

    private static String header(String offer) {
        return "Kafila-File-Offer: " + offer + "\r\n";
    }

    private static String headers(ImportEntry entry) {
        StringBuilder headers = new StringBuilder();
        if (entry instanceof ImportEntry.File file) {
            file.location()
                    .ifPresent(location -> headers.append("Abspath-Encoded: ")
                            .append(encoded(location.file().toString()))
                            .append("\r\n"));
        }
        headers.append("Content-Disposition: form-data; name=\"file")
                .append(attributes(entry.mode(), entry.mtime()))
                .append("\"; filename=\"")
                .append(encoded(entry.path()))
                .append("\"\r\n");
        String type = switch (entry.kind()) {
            case FILE -> "application/octet-stream";
            case DIRECTORY -> "application/x-directory";
            case SYMLINK -> "application/symlink";
        };
        return headers.append("Content-Type: ").append(type).append("\r\n").toString();
    }

    private static String attributes(OptionalInt mode, Optional<Instant> mtime) {
        List<String> pairs = new ArrayList<>();
        mode.ifPresent(bits -> pairs.add("mode=0" + Integer.toOctalString(bits)));
        mtime.ifPresent(time -> {
            pairs.add("mtime=" + time.getEpochSecond());
            int nanos = time.getNano();
            if (nanos > 0) {
                pairs.add("mtime-nsecs=" + nanos);
            }
        });
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void copy(ImportEntry.Content content) throws IOException {
        try (ReadableByteChannel channel = content.open()) {
            while (channel.read(buffer.clear()) >= 0) {
                out.write(buffer.array(), 0, buffer.position());
            }
        }
    }
}
