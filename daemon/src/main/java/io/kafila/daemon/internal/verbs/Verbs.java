package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;

/** The table of all commands. */
public final class Verbs {
    private static final String OVERVIEW = """
            BASIC COMMANDS
              init          Initialize local IPFS configuration
              add <path>    Add a file to IPFS
              cat <ref>     Show IPFS object data
              get <ref>     Download IPFS objects
              ls <ref>      List links from an object
              refs <ref>    List hashes of links from an object

            DATA STRUCTURE COMMANDS
              dag           Interact with IPLD DAG nodes
              block         Interact with raw blocks in the datastore

            TEXT ENCODING COMMANDS
              cid           Convert and discover properties of CIDs
              multibase     Encode and decode data with Multibase format

            ADVANCED COMMANDS
              daemon        Start a long-running daemon process
              shutdown      Shut down the daemon process
              resolve       Resolve any type of content path
              pin           Pin objects to local storage
              repo          Manipulate the IPFS repository
              stats         Various operational stats

            NETWORK COMMANDS
              id            Show info about IPFS peers
              bootstrap     Add or remove bootstrap peers
              swarm         Manage connections to the p2p network
              ping          Measure the latency of a connection
              bitswap       Inspect bitswap state

            TOOL COMMANDS
              config        Manage configuration
              version       Show IPFS version information
              diag          Generate diagnostic reports
              commands      List all available commands
              log           Manage and show logs of running daemon

            Use 'kafila <command> --help' to learn more about each command.

            kafila uses a repository in the local file system. By default, the repo is
            located at ~/.kafila. To change the repo location, set the $KAFILA_PATH
            or the $IPFS_PATH environment variable:

              export KAFILA_PATH=/path/to/repo

            EXIT STATUS

            The CLI will exit with one of the following values:

            0     Successful execution.
            1     Failed executions.""";

    private Verbs() {}

    /** @param daemon what the command {@code daemon} does */
    public static Command tree(Command.Body daemon) {
        return Command.named("kafila", "A peer of the IPFS network for the heavy cargo of machine learning.")
                .synopsis("kafila [--repo-dir=<repo-dir>] [--debug | -D] [--help] [-h] [--api=<api>] [--offline]"
                        + " [--cid-base=<base>] [--encoding=<encoding> | --enc] [--timeout=<timeout>] <command> ...")
                .subcommandText(OVERVIEW)
                .options(
                        Option.text("Path to the repository directory to use.", "repo-dir"),
                        Option.text("Path to the configuration file to use.", "config-file"),
                        Option.text("[DEPRECATED] Path to the configuration file to use.", "config", "c"),
                        Option.flag("Operate in debug mode.", "debug", "D"),
                        Option.flag("Show the full command help text.", "help"),
                        Option.flag("Show a short version of the command help text.", "h"),
                        Option.flag(
                                "Run the command locally, instead of using the daemon. DEPRECATED: use --offline.",
                                "local",
                                "L"),
                        Option.flag("Run the command offline.", "offline"),
                        Option.text("Use a specific API instance (defaults to /ip4/127.0.0.1/tcp/5001)", "api"),
                        Option.text(
                                "Optional RPC API authorization secret (defined as AuthSecret in API.Authorizations"
                                        + " config)",
                                "api-auth"),
                        Option.text("Multibase encoding for CIDs in output.", "cid-base"),
                        Option.flag(
                                "[DEPRECATED] Upgrade version 0 to version 1 CIDs in output.",
                                "upgrade-cidv0-in-output"),
                        Option.text(
                                        "The encoding type the output should be encoded with (json, or text)",
                                        "encoding",
                                        "enc")
                                .withDefault("text"),
                        Option.flag("Stream channel output", "stream-channels"),
                        Option.text("Set a global timeout on the command", "timeout"))
                .has(
                        AddVerb.command(),
                        BitswapVerb.command(),
                        BlockVerb.command(),
                        BootstrapVerb.command(),
                        CatVerb.command(),
                        CidVerb.command(),
                        CommandsVerb.command(),
                        ConfigVerb.command(),
                        DagVerb.command(),
                        DaemonVerb.command(daemon),
                        DiagVerb.command(),
                        GetVerb.command(),
                        IdVerb.command(),
                        InitVerb.command(),
                        LogVerb.command(),
                        LsVerb.command(),
                        MultibaseVerb.command(),
                        PinVerb.command(),
                        PingVerb.command(),
                        RefsVerb.command(),
                        RepoVerb.command(),
                        ResolveVerb.command(),
                        ShutdownVerb.command(),
                        StatsVerb.command(),
                        SwarmVerb.command(),
                        VersionVerb.command())
                .has(
                        Absent.command("dht", "Issue commands directly through the DHT."),
                        Absent.command("files", "Interact with unixfs files (MFS)."),
                        Absent.command("filestore", "Interact with filestore objects."),
                        Absent.command("key", "Create and list IPNS name keypairs"),
                        Absent.command("mount", "Mounts IPFS to the filesystem."),
                        Absent.command("name", "Publish and resolve IPNS names."),
                        Absent.command("object", "Removed from IPFS: use dag and files."),
                        Absent.command("p2p", "Libp2p stream mounting."),
                        Absent.command("provide", "Control and monitor content providing."),
                        Absent.command("pubsub", "Publish-subscribe messages."),
                        Absent.command("routing", "Issue routing commands."),
                        Absent.command("update", "Update the program."))
                .build();
    }
}
