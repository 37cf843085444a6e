package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockRepository.VerifyResult;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.Cid;
import io.kafila.node.OfflineException;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.Units;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code repo}: the care of the store. */
final class RepoVerb {
    private static final int PROGRESS_EVERY = 64;

    private RepoVerb() {}

    static Command command() {
        return Command.named("repo", "Size, garbage collection, verification and repair of the repo.")
                .description("Looks after the repo: what it holds, whether it is sound, and what can go.")
                .has(
                        stat("stat"),
                        gc(),
                        verify(),
                        repair(),
                        version(),
                        RefsVerb.local("ls"),
                        Absent.command("migrate", "Bring an old repo up to date."))
                .build();
    }

    static Command stat(String name) {
        return Command.named(name, "Print how much the repo holds.")
                .description("""
                        Prints:

                          NumObjects  how many blocks there are
                          RepoSize    what the repo takes on disk, in bytes
                          StorageMax  how large it should become (Datastore.StorageMax of the config);
                                      more is not refused, but 'kafila daemon --enable-gc' cleans up
                          RepoPath    where it is
                          Version     the version of repo that programs for Kubo expect""")
                .options(
                        Option.flag("Print RepoSize and StorageMax alone.", "size-only", "s"),
                        Option.flag("Print sizes as people read them, such as 1.2 GB, not in bytes.", "human", "H"))
                .does((request, emitter, environment) -> {
                    BlockRepository.Stat stat =
                            Request.await(environment.node().storage().stat());
                    boolean sizeOnly = request.flag("size-only");
                    emitter.emitOnce(Json.object(
                            "RepoSize", stat.diskBytes(),
                            "StorageMax", storageMax(environment.config()),
                            "NumObjects", sizeOnly ? 0 : stat.blocks(),
                            "RepoPath", sizeOnly ? "" : environment.repo().toString(),
                            "Version", sizeOnly ? "" : "fs-repo@" + Versions.REPO));
                })
                .prints(RepoVerb::printStat)
                .build();
    }

    /** The configured maximum; the largest number there is where nothing is configured. */
    private static JsonNode storageMax(Config config) {
        long bytes = config.bytes("Datastore.StorageMax", -1);
        return JsonNodeFactory.instance.numberNode(
                bytes < 0 ? BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE) : BigInteger.valueOf(bytes));
    }

    private static void printStat(Request request, JsonNode stat, Console console) {
        boolean sizeOnly = request.flag("size-only");
        List<List<String>> rows = new ArrayList<>();
        if (!sizeOnly) {
            rows.add(List.of("NumObjects:", stat.path("NumObjects").asText()));
        }
        for (String name : List.of("RepoSize", "StorageMax")) {
            JsonNode bytes = stat.path(name);
            boolean human = request.flag("human") && bytes.canConvertToLong();
            rows.add(List.of(name + ":", human ? Human.bytes(bytes.asLong()) : bytes.asText()));
        }
        if (!sizeOnly) {
            rows.add(List.of("RepoPath:", stat.path("RepoPath").asText()));
            rows.add(List.of("Version:", stat.path("Version").asText()));
        }
        console.print(Table.text(rows, 0));
    }

    private static Command gc() {
        return Command.named("gc", "Remove blocks that no pin keeps.")
                .description("""
                        Removes every block that no pin keeps and gives its space back. Adds and fetches go on meanwhile;
                        what they need is kept.

                          > kafila repo gc
                          removed bafkrei...""")
                .options(
                        Option.flag("Print errors among the results, too.", "stream-errors"),
                        Option.flag("Print CIDs alone.", "quiet", "q"),
                        Option.flag("Print nothing.", "silent"))
                .does(RepoVerb::gc)
                .prints((request, value, console) -> {
                    if (request.flag("silent")) {
                        return;
                    }
                    String error = value.path("Error").asText();
                    if (!error.isEmpty()) {
                        console.println("Error: " + error);
                        return;
                    }
                    String cid = value.path("Key").path("/").asText();
                    console.println(request.flag("quiet") ? cid : "removed " + cid);
                })
                .build();
    }

    private static void gc(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        Events<Cid> events = new Events<>();
        boolean silent = request.flag("silent");
        try {
            events.drain(environment.node().storage().collectGarbage(events::put), cid -> {
                if (!silent) {
                    emitter.emit(Json.object("Key", DagVerb.link(cid)));
                }
            });
        } catch (CommandException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!request.flag("stream-errors")) {
                throw e;
            }
            ObjectNode value = Json.object("Key", null);
            emitter.emit(value.put("Error", CommandException.of(e).getMessage()));
            throw new CommandException("encountered errors during gc run", e);
        }
    }

    private static Command verify() {
        return Command.named("verify", "Check that no block is corrupt.")
                .description("""
                        Reads and hashes every block. A corrupt block is named and put into quarantine: its bytes are
                        kept aside, it is never served again. The command fails where it found any.

                        --drop says that the loss is accepted, --heal fetches each such block again from other peers
                        (the daemon must run); both end well if that worked.""")
                .options(
                        Option.flag("Accept the loss of corrupt blocks.", "drop"),
                        Option.flag("Fetch corrupt blocks again from the network (implies --drop).", "heal"),
                        Option.text(
                                        "With --heal: how long to wait for each block, such as 30s or 2m; 0 is for ever.",
                                        "heal-timeout")
                                .withDefault("30s"))
                .does(RepoVerb::verify)
                .prints((request, value, console) -> {
                    String message = value.path("Msg").asText();
                    if (message.isEmpty()) {
                        console.print(value.path("Progress").asText() + " blocks processed.\r");
                    } else {
                        console.println(message.length() < 20 ? message + "             " : message);
                    }
                })
                .build();
    }

    private static void verify(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        boolean heal = request.flag("heal");
        boolean drop = heal || request.flag("drop");
        Duration patience = patience(request);
        if (heal && !environment.node().swarm().isOnline()) {
            throw new OfflineException();
        }
        int[] counts = new int[3];
        Events<VerifyResult> events = new Events<>();
        events.drain(environment.node().storage().verify(events::put), result -> {
            if (!result.error().isEmpty()) {
                counts[1]++;
                String after = "quarantined";
                if (heal) {
                    boolean healed = heal(environment, result.cid(), patience);
                    counts[2] += healed ? 1 : 0;
                    after += healed ? ", healed" : ", failed to heal";
                }
                String message = "block " + result.cid() + " was corrupt (" + result.error() + "), " + after;
                emitter.emit(Json.object("Msg", message, "Progress", 0));
            }
            if (++counts[0] % PROGRESS_EVERY == 0) {
                emitter.emit(Json.object("Msg", "", "Progress", counts[0]));
            }
        });
        emitter.emit(Json.object("Msg", "", "Progress", counts[0]));
        String summary = counts[1] == 0
                ? "verify complete, all blocks validated."
                : "verify complete, " + counts[1] + " blocks corrupt, " + counts[1] + " quarantined"
                        + (heal ? ", " + counts[2] + " healed" : "");
        if (counts[1] > 0 && (!drop || (heal && counts[2] < counts[1]))) {
            throw new CommandException(summary);
        }
        emitter.emit(Json.object("Msg", summary, "Progress", 0));
    }

    /** How long one block is waited for; for ever where the option is 0. */
    private static Duration patience(Request request) {
        try {
            Duration patience = Units.duration(request.text("heal-timeout", "30s"));
            if (patience.isNegative()) {
                throw new CommandException("heal-timeout must be >= 0");
            }
            return patience.isZero() ? Duration.ofNanos(Long.MAX_VALUE) : patience;
        } catch (ConfigException e) {
            throw new CommandException("invalid heal-timeout: " + e.getMessage(), e);
        }
    }

    private static boolean heal(Environment environment, Cid cid, Duration patience) {
        try {
            environment
                    .node()
                    .blocks()
                    .get(cid)
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .close();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static Command repair() {
        return Command.named("repair", "Rebuild the index of the repo.")
                .description("""
                        Finds the place of every block by reading the segment files alone, for a repo whose index is lost
                        or damaged. Nothing is removed. Stop the daemon first.""")
                .runs(Command.Place.LOCAL)
                .does((request, emitter, environment) -> {
                    BlockRepository.RepairReport report =
                            Request.await(environment.node().storage().repair());
                    emitter.emitOnce(Json.object(
                            "Segments", report.segments(),
                            "Blocks", report.blocks(),
                            "TornBytes", report.tornBytes(),
                            "Findings", report.findings()));
                })
                .prints((request, value, console) -> {
                    value.path("Findings").forEach(finding -> console.println(finding.asText()));
                    console.println("repaired: " + value.path("Blocks").asText() + " blocks in "
                            + value.path("Segments").asText() + " segments, "
                            + value.path("TornBytes").asText() + " bytes of torn tails");
                })
                .build();
    }

    private static Command version() {
        return Command.named("version", "Print the version of the repo.")
                .description("Prints the version of repo that programs for Kubo expect.")
                .options(Option.flag("Print the number alone.", "quiet", "q"))
                .does((request, emitter, environment) -> emitter.emitOnce(Json.object("Version", Versions.REPO)))
                .prints((request, value, console) -> console.println((request.flag("quiet") ? "" : "ipfs repo version ")
                        + "fs-repo@" + value.path("Version").asText()))
                .build();
    }
}
