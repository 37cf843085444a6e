package io.kafila.daemon.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Status;
import io.kafila.daemon.internal.verbs.Verbs;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordParserTest {
    private final Command root = Verbs.tree((request, emitter, environment) -> {});

    private WordParser.Line parse(String... words) {
        return new WordParser(root).parse(List.of(words));
    }

    private String fault(String... words) {
        return String.valueOf(parse(words).fault().getMessage());
    }

    @Test
    void parse_optionsAnywhere() {
        WordParser.Line line =
                parse("--api", "/ip4/127.0.0.1/tcp/1", "-D", "pin", "--timeout=3s", "ls", "a", "-q", "b", "--enc=json");
        assertThat(line.fault()).isNull();
        assertThat(line.path()).containsExactly("pin", "ls");
        assertThat(line.arguments()).containsExactly("a", "b");
        assertThat(line.options().text("api")).contains("/ip4/127.0.0.1/tcp/1");
        assertThat(line.options().text("encoding")).contains("json");
        assertThat(line.options().text("timeout")).contains("3s");
        assertThat(line.options().flag("quiet")).isTrue();
        assertThat(line.options().flag("debug")).isTrue();
    }

    @Test
    void parse_joinedLettersAndValues() {
        WordParser.Line line =
                parse("add", "-rQ", "-ssize-1024", "--pin=false", "--ignore", "*.tmp", "--ignore=x", "dir");
        assertThat(line.fault()).isNull();
        assertThat(line.options().flag("recursive")).isTrue();
        assertThat(line.options().flag("quieter")).isTrue();
        assertThat(line.options().text("chunker")).contains("size-1024");
        assertThat(line.options().flag("pin")).isFalse();
        assertThat(line.options().given("pin")).isTrue();
        assertThat(line.options().texts("ignore")).containsExactly("*.tmp", "x");
        assertThat(line.arguments()).containsExactly("dir");
    }

    @Test
    void parse_defaultsAndDoubleDash() {
        WordParser.Line line = parse("add", "--", "-r", "@file", "--pin");
        assertThat(line.arguments()).containsExactly("-r", "@file", "--pin");
        assertThat(line.options().flag("pin")).isTrue();
        assertThat(line.options().given("pin")).isFalse();
        assertThat(line.options().number("inline-limit")).hasValue(32);
        assertThat(parse("cat", "-o", "-5", "x").options().number("offset")).hasValue(-5);
        assertThat(parse("add", "-").arguments()).containsExactly("-");
        assertThat(parse("add", "--quiet", "false").arguments()).containsExactly("false");
        assertThat(parse("add", "-s=", "--trickle=true", "x").options().text("chunker"))
                .contains("");
        WordParser.Line oneDash = parse("dag", "put", "-cid-base=base36", "-pin=false");
        assertThat(oneDash.options().text("cid-base")).hasValue("base36");
        assertThat(oneDash.options().flag("pin")).isFalse();
    }

    @Test
    void parse_mistakes_readAsKubos() {
        assertThat(fault("add", "--nope")).isEqualTo("unknown option \"nope\"");
        assertThat(fault("add", "-nope=3")).isEqualTo("unknown option \"nope\"");
        assertThat(fault("add", "-nope")).isEqualTo("unknown option \"nope\"");
        assertThat(fault("add", "-qZ", "x")).isEqualTo("unknown option \"qZ\"");
        assertThat(fault("add", "--=3")).isEqualTo("unknown option \"\"");
        assertThat(fault("-q", "add", "x")).isEqualTo("unknown option \"q\"");
        assertThat(fault("add", "-s")).isEqualTo("missing argument for option \"s\"");
        assertThat(fault("add", "-qs")).isEqualTo("missing argument for option \"qs\"");
        assertThat(fault("add", "--chunker")).isEqualTo("missing argument for option \"chunker\"");
        assertThat(fault("add", "--quiet", "-q")).isEqualTo("multiple values for option \"quiet\"");
        assertThat(fault("cat", "-o", "many", "x"))
                .isEqualTo("could not convert value \"many\" to type \"int64\" (for option \"-offset\")");
        assertThat(fault("add", "-s", "a", "-s", "b")).isEqualTo("multiple values for option \"chunker\"");
        assertThat(fault("lss"))
                .contains("Unknown Command \"lss\"")
                .contains("Did you mean this?")
                .contains("ls");
        assertThat(fault("qqqqqqq")).isEqualTo("Unknown Command \"qqqqqqq\"\n");
    }

    @Test
    void parse_helpSurvivesMistakes() {
        assertThat(parse("add", "--nope", "--help").options().flag("help")).isTrue();
        assertThat(parse("--help").options().flag("help")).isTrue();
        assertThat(parse("nope", "--help").options().flag("help")).isFalse();
        assertThat(parse("add", "--chunker", "--help").options().flag("help")).isFalse();
        assertThat(parse("files", "cp", "--type=rsa").path()).containsExactly("files");
    }

    @Test
    void help_narrowTerminal_proseFlowsAndExamplesStay() {
        WordParser.Line line = parse("pin", "add");
        String help = new HelpText("kafila", 60).whole(line.command(), line.path());
        String description = help.substring(help.indexOf("DESCRIPTION"));
        assertThat(description.lines())
                .allSatisfy(one -> assertThat(one.length()).isLessThanOrEqualTo(60));
        assertThat(description)
                .contains("\n    > kafila pin add --name=llm-v3 bafybei...\n    pinned bafybei... recursively\n")
                .contains("'kafila --help'.");
    }

    @Test
    void help_examples_fitEightyColumns() {
        everyHelp(
                root,
                List.of(),
                help -> assertThat(help.lines().filter(line -> line.contains("> kafila ")))
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80)));
    }

    private static void everyHelp(Command command, List<String> path, Consumer<String> reader) {
        reader.accept(new HelpText("kafila", 80).whole(command, path));
        command.subcommands()
                .forEach(child -> everyHelp(
                        child,
                        Stream.concat(path.stream(), Stream.of(child.name())).toList(),
                        reader));
    }

    @Test
    void help_root_namesEveryCommand() {
        String help = new HelpText("kafila", 80).brief(root, List.of());
        root.subcommands().forEach(command -> {
            if (command.status() != Status.ABSENT) {
                assertThat(help).contains("\n    " + command.name() + " ");
            }
        });
    }

    @Test
    void help_emptyDefault_isNotTold() {
        WordParser.Line line = parse("log", "tail");
        assertThat(new HelpText("kafila", 80).whole(line.command(), line.path()))
                .contains("Default: all.")
                .doesNotContain("Default: .");
    }

    @Test
    void help_teaches() {
        WordParser.Line line = parse("cat");
        String help = new HelpText("kafila", 80).whole(line.command(), line.path());
        assertThat(help)
                .contains("USAGE\n  kafila cat <ipfs-path>... - Write the content of files to standard")
                .contains("-o, --offset    int64 - Bytes to skip at the start. Default: 0.")
                .contains("DESCRIPTION\n\n  Fetches what is not here yet");
        assertThat(new HelpText("kafila", 80).brief(root, List.of()))
                .contains("BASIC COMMANDS")
                .contains("EXIT STATUS");
    }
}
