package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Scripts that teach a shell the commands and their options. */
final class Completions {
    private static final String PROGRAM = "kafila";

    private Completions() {}

    private interface Visitor {
        void visit(List<String> path, Command command);
    }

    private static void walk(List<String> path, Command command, Visitor visitor) {
        visitor.visit(path, command);
        for (Command child : command.subcommands()) {
            if (child.status() != Status.ABSENT) {
                List<String> below = new ArrayList<>(path);
                below.add(child.name());
                walk(below, child, visitor);
            }
        }
    }

    private static String words(Command command, boolean options) {
        TreeSet<String> words = new TreeSet<>();
        command.subcommands().stream()
                .filter(child -> child.status() != Status.ABSENT)
                .forEach(child -> words.add(child.name()));
        if (options) {
            words.clear();
            command.options().forEach(option -> option.names().forEach(name -> words.add(Option.dashed(name))));
        }
        return String.join(" ", words);
    }

    private static boolean takesFiles(Command command) {
        return command.arguments().stream().anyMatch(Argument::file);
    }

    static String bash(Command root) {
        StringBuilder cases = new StringBuilder();
        walk(
                List.of(),
                root,
                (path, command) -> cases.append("    \"")
                        .append(String.join(" ", path))
                        .append("\") commands=\"")
                        .append(words(command, false))
                        .append("\"; options=\"")
                        .append(words(command, true))
                        .append("\"; files=")
                        .append(takesFiles(command) ? 1 : 0)
                        .append(" ;;\n"));
        return """
                # Completions of kafila for bash.
                _kafila_table() {
                  case "$1" in
                @CASES@    *) return 1 ;;
                  esac
                }

                _kafila() {
                  local commands options files path word i
                  local current="${COMP_WORDS[COMP_CWORD]}"
                  path=""
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    word="${COMP_WORDS[i]}"
                    if [[ "$word" != -* ]] && _kafila_table "${path:+$path }$word"; then
                      path="${path:+$path }$word"
                    fi
                  done
                  _kafila_table "$path"
                  local here="$options"
                  _kafila_table ""
                  local global="$options"
                  _kafila_table "$path"
                  if [[ "$current" == -* ]]; then
                    COMPREPLY=($(compgen -W "$here $global" -- "$current"))
                  elif [[ "$files" == 1 || -z "$commands" ]]; then
                    COMPREPLY=($(compgen -f -- "$current"))
                  else
                    COMPREPLY=($(compgen -W "$commands" -- "$current"))
                  fi
                }
                complete -o filenames -F _kafila @PROGRAM@
                """.replace("@CASES@", cases).replace("@PROGRAM@", PROGRAM);
    }

    static String zsh(Command root) {
        return "#compdef " + PROGRAM + "\n# Completions of kafila for zsh, by those for bash.\n"
                + "autoload -Uz bashcompinit && bashcompinit\n" + bash(root);
    }

    static String fish(Command root) {
        StringBuilder script = new StringBuilder("# Completions of kafila for fish.\n");
        script.append("""
                function __kafila_at
                  set -l path
                  for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; or set -a path $word
                  end
                  test "$path" = "$argv"
                end
                """);
        walk(List.of(), root, (path, command) -> {
            String at = "complete -c " + PROGRAM + " -n '__kafila_at" + (path.isEmpty() ? "" : " ")
                    + String.join(" ", path) + "'";
            command.subcommands().stream()
                    .filter(child -> child.status() != Status.ABSENT)
                    .forEach(child -> script.append(at)
                            .append(" -f -a ")
                            .append(child.name())
                            .append(" -d ")
                            .append(quoted(child.tagline()))
                            .append('\n'));
            String below = "complete -c " + PROGRAM + " -n '__fish_seen_subcommand_from "
                    + (path.isEmpty() ? "" : path.get(path.size() - 1)) + "'";
            for (Option option : command.options()) {
                script.append(path.isEmpty() ? "complete -c " + PROGRAM : below);
                option.names()
                        .forEach(name -> script.append(name.length() == 1 ? " -s " : " -l ")
                                .append(name));
                script.append(option.isFlag() ? "" : " -r");
                script.append(" -d ").append(quoted(option.help())).append('\n');
            }
        });
        return script.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
