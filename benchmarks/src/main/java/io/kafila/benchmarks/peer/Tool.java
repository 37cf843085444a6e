package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Digests;
import io.kafila.benchmarks.content.Folders;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the plain tools have in common: a server that offers a folder, and a command that copies from it. Content is
 * offered by a hard link, so that nothing is copied beforehand; it is fetched into a file that is forced to disk.
 */
abstract class Tool implements Peer {
    private final String name;
    private final Path folder;
    private final Site site;
    private final PeerOptions options;
    private String source = "";

    Tool(String name, Path folder, Site site, PeerOptions options) {
        this.name = name;
        this.folder = Folders.create(folder);
        this.site = site;
        this.options = options;
        Folders.create(served());
        Folders.create(fetched());
    }

    final Path folder() {
        return folder;
    }

    final Path served() {
        return folder.resolve("served");
    }

    final Path fetched() {
        return folder.resolve("fetched");
    }

    final Site site() {
        return site;
    }

    final PeerOptions options() {
        return options;
    }

    /** The address of the peer that was connected last. */
    final String source() {
        return source;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public String hold(Path content) {
        if (Files.isDirectory(content)) {
            throw new BenchException(name + ": offers single files, and " + content.getFileName() + " is a folder");
        }
        try {
            Files.createLink(served().resolve(content.getFileName()), content);
        } catch (IOException e) {
            throw new BenchException(name + ": cannot offer " + content + ": " + e.getMessage(), e);
        }
        return content.getFileName().toString();
    }

    @Override
    public final boolean fetchesByCommand() {
        return true;
    }

    @Override
    public final void connect(String address) {
        source = address;
    }

    @Override
    public final String digest(String root, Path scratch) {
        return Digests.of(fetched().resolve(root));
    }

    @Override
    public final void forget(String root) {
        Folders.delete(served().resolve(root));
        Folders.delete(fetched().resolve(root));
    }

    /** A port that nobody listens on at this moment. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port: " + e.getMessage(), e);
        }
    }
}
