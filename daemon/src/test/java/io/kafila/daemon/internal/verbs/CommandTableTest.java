package io.kafila.daemon.internal.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.testkit.Fixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class CommandTableTest {
    private final Command root = Verbs.tree((request, emitter, environment) -> {});

    private void walk(List<Command> chain, List<String> path, BiConsumer<List<Command>, String> visitor) {
        visitor.accept(chain, String.join("/", path));
        Command last = chain.get(chain.size() - 1);
        last.subcommands().forEach(child -> {
            List<Command> longer = new ArrayList<>(chain);
            longer.add(child);
            List<String> deeper = new ArrayList<>(path);
            deeper.add(child.name());
            walk(longer, deeper, visitor);
        });
    }

    @Test
    void everyCommandOfKubo_isThereOrKnownToBeAbsent() {
        TreeSet<String> unknown = new TreeSet<>();
        TreeSet<String> absent = new TreeSet<>();
        for (String line : Fixtures.text("kubo-rpc-commands/commands.txt").split("\n", -1)) {
            if (!line.isBlank()) {
                List<String> path = List.of(line.strip().substring(1).split("/", -1));
                Command at = root;
                for (String name : path) {
                    Command next = at.subcommand(name).orElse(null);
                    if (next == null && at.status() != Status.ABSENT) {
                        unknown.add(line);
                    }
                    at = next == null ? at : next;
                }
                if (at.status() == Status.ABSENT) {
                    absent.add(path.get(0));
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(absent)
                .doesNotContain("add", "cat", "get", "ls", "refs", "block", "dag", "id", "ping", "config", "cid", "log")
                .contains("files", "pubsub", "p2p");
    }

    @Test
    void everyCommand_teaches() {
        walk(List.of(root), List.of(), (chain, path) -> {
            Command command = chain.get(chain.size() - 1);
            assertThat(command.tagline()).as(path).isNotBlank();
            if (command.isCallable()) {
                assertThat(command.description()).as("description of " + path).hasSizeGreaterThan(20);
            }
            command.options()
                    .forEach(option -> assertThat(option.description())
                            .as(path + " " + option.name())
                            .isNotBlank());
            command.arguments()
                    .forEach(argument ->
                            assertThat(argument.description()).as(path).isNotBlank());
        });
    }

    @Test
    void everyCommand_isWellFormed() {
        walk(List.of(root), List.of(), (chain, path) -> {
            assertThat(Request.optionsOf(chain)).as(path).isNotEmpty();
            List<Argument> arguments = chain.get(chain.size() - 1).arguments();
            boolean optional = false;
            for (int i = 0; i < arguments.size(); i++) {
                Argument argument = arguments.get(i);
                assertThat(argument.required() && optional)
                        .as(path + ": required after optional")
                        .isFalse();
                optional |= !argument.required();
                assertThat((argument.variadic() || argument.stdin()) && i < arguments.size() - 1)
                        .as(path + ": only the last one is variadic or from stdin")
                        .isFalse();
            }
        });
    }

    @Test
    void table_nameThatIsNotTheCommands_isTold() {
        Command parent = Command.named("parent", "A command.")
                .has("one", () -> Command.named("other", "A command.").build())
                .build();
        assertThat(parent.subcommandNames()).containsExactly("one");
        assertThatThrownBy(parent::subcommands).hasMessageContaining("other").hasMessageContaining("one");
    }

    @Test
    void completions_nameEveryCommand() {
        for (String script : List.of(Completions.bash(root), Completions.zsh(root), Completions.fish(root))) {
            assertThat(script)
                    .contains("multibase")
                    .contains("wrap-with-directory")
                    .doesNotContain("pubsub\n");
        }
    }
}
