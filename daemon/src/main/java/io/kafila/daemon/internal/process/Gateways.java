package io.kafila.daemon.internal.process;

import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.gateway.GatewayCounters;
import io.kafila.daemon.internal.gateway.GatewayLimits;
import io.kafila.daemon.internal.gateway.GatewayServer;
import io.kafila.daemon.internal.gateway.RoutingApi;
import io.kafila.node.KafilaNode;
import io.kafila.node.config.Config;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway of a daemon at the addresses of its config, and the file {@code gateway} of the repo that tells of the first.
 * Closing it ends both.
 *
 * @param lines what the daemon says of it
 */
record Gateways(GatewayServer server, List<String> lines, Path file) implements AutoCloseable {

    static Gateways open(Vertx vertx, Config config, KafilaNode node, Path repo, GatewayCounters counters)
            throws Exception {
        GatewayLimits limits = GatewayLimits.DEFAULT;
        boolean routing =
                config.flag("Gateway.ExposeRoutingAPI", true) && node.swarm().isOnline();
        GatewayServer server = new GatewayServer(
                vertx, config, limits, counters, routing ? new RoutingApi(vertx, node, limits, counters) : null);
        Path file = repo.resolve("gateway");
        Gateways gateways = new Gateways(server, new ArrayList<>(), file);
        try {
            List<String> urls = new ArrayList<>();
            for (String address : config.texts("Addresses.Gateway")) {
                urls.add(gateways.listen(address));
            }
            if (!urls.isEmpty()) {
                Path temporary = Files.writeString(repo.resolve("gateway.tmp"), urls.get(0));
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            if (routing) {
                urls.forEach(url -> gateways.lines().add("Routing V1 API exposed at " + url + "/routing/v1"));
            }
            return gateways;
        } catch (Exception e) {
            gateways.close();
            throw e;
        }
    }

    private String listen(String address) throws InterruptedException {
        if (!(RpcAddress.parse(address) instanceof RpcAddress.Tcp tcp)) {
            throw new CommandException("Addresses.Gateway: " + address + ", want an IP address and a TCP port");
        }
        InetSocketAddress bound;
        try {
            bound = Request.await(server.listen(tcp.socketAddress()));
        } catch (RuntimeException e) {
            throw new CommandException(
                    "serveHTTPGateway: cannot listen on " + address + ": "
                            + CommandException.of(e).getMessage(),
                    e);
        }
        String listener = address.replaceFirst("/tcp/\\d+", "/tcp/" + bound.getPort());
        lines.add("Gateway server listening on " + listener);
        return "http://" + RpcAddress.parse(RpcAddress.dialable(listener)).authority();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(file);
    }
}
