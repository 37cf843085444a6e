package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Option;

/** The table of all commands. */
public final class Verbs {
    private static final String OVERVIEW = """
            BASIC COMMANDS
              init          Make a repo: settings, an identity and an empty store
              add <path>    Store files and print the CIDs that name them
              cat <path>    Write the content of files to standard output
              get <path>    Save files and directories here
              ls <path>     List a directory
              refs <path>   List the CIDs that an object links to

            NODE AND REPO
              daemon        Run a node that stays connected and serves the other commands
              shutdown      End the running daemon
              pin           Keep content safe from garbage collection
              repo          Size, garbage collection, verification and repair of the repo
              config        Read and change the settings

            NAMES
              name          Names that can point to new content
              key           The keys that names are published with

            NETWORK
              id            Show who this node or another peer is
              swarm         Connect to peers and see who is connected
              bootstrap     The peers to connect to at every start
              ping          Measure the round trip to a peer
              routing       Find who has content and where peers are
              provide       What the network is told that this node has
              dht           The older name of some of 'routing'
              bitswap       See which blocks are wanted, received and sent
              stats         Bandwidth and other figures

            BLOCKS AND GRAPHS
              block         Single blocks, as they are
              dag           Structured data, whole graphs, CAR archives
              resolve       The CID that a path leads to
              cid           Take CIDs apart and convert them
              multibase     Bytes as text and back

            THE PROGRAM ITSELF
              version       Versions of the program, of the RPC and of the repo
              diag          Reports for finding out what is wrong
              log           What the daemon logs
              commands      The list of all commands; completions for shells

            A FIRST WALK

              > kafila daemon &                         # makes ~/.kafila the first time
              > kafila add model.safetensors            # prints the CID of the file
              > kafila id -f='<addrs>'                  # addresses for another node

            and on the other node, with one of these addresses and the CID:

              > kafila swarm connect /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...
              > kafila get bafybei... -o model.safetensors

            A <path> is a CID, alone or with names behind it:
            bafybei.../config.json, or the same after /ipfs/.

            The repo is the folder ~/.kafila. KAFILA_PATH, or else IPFS_PATH, names
            another:

              export KAFILA_PATH=/data/kafila

            'kafila <command> --help' explains a command.

            EXIT STATUS

            0     The command did what it was asked.
            1     It failed; standard error says why.""";

    private Verbs() {}

    /** @param daemon what the command {@code daemon} does */
    public static Command tree(Command.Body daemon) {
        return Command.named("kafila", "A peer of the IPFS network for the heavy cargo of machine learning.")
                .synopsis("""
                        kafila [--repo-dir=<repo-dir>] [--debug | -D] [--help] [-h] [--api=<api>]
                               [--offline] [--cid-base=<base>] [--encoding=<encoding> | --enc]
                               [--timeout=<timeout>] <command> ...""")
                .subcommandText(OVERVIEW)
                .options(
                        Option.text(
                                "Folder of the repo. Default: $KAFILA_PATH, else $IPFS_PATH, else ~/.kafila.",
                                "repo-dir"),
                        Option.text("Config file to use in place of the file 'config' of the repo.", "config-file"),
                        Option.text("Old name of --config-file.", "config", "c"),
                        Option.flag("Accepted without effect; 'kafila log level' sets what is logged.", "debug", "D"),
                        Option.flag("Explain the command: arguments, options, examples.", "help"),
                        Option.flag("Explain the command in a few lines.", "h"),
                        Option.flag("Old name of --offline.", "local", "L"),
                        Option.flag("Use only what is in the repo; ask no other peer.", "offline"),
                        Option.text(
                                "RPC address of the daemon that does the work, as a multiaddr such as"
                                        + " /ip4/127.0.0.1/tcp/5001. Default: the address in the file 'api' of the repo;"
                                        + " where there is none, the command does its work itself.",
                                "api"),
                        Option.text(
                                "Secret to show to the daemon, written like an AuthSecret under"
                                        + " API.Authorizations: bearer:<token> or basic:<user>:<password>.",
                                "api-auth"),
                        Option.text(
                                "Base in which CIDs are printed, such as base32, base36 or base58btc. 'kafila cid"
                                        + " bases' lists them.",
                                "cid-base"),
                        Option.flag(
                                "Print a CIDv0 as the CIDv1 of the same content. DEPRECATED: --cid-base does it, too.",
                                "upgrade-cidv0-in-output"),
                        Option.text(
                                        "Form of the output: text for people, json for programs (one object per line).",
                                        "encoding",
                                        "enc")
                                .withDefault("text"),
                        Option.flag("Accepted without effect: values are printed as they come.", "stream-channels"),
                        Option.text(
                                "Give up after this time, such as 30s, 5m or 1h30m. Default: wait for ever.",
                                "timeout"))
                .has("add", AddVerb::command)
                .has("bitswap", BitswapVerb::command)
                .has("block", BlockVerb::command)
                .has("bootstrap", BootstrapVerb::command)
                .has("cat", CatVerb::command)
                .has("cid", CidVerb::command)
                .has("commands", CommandsVerb::command)
                .has("config", ConfigVerb::command)
                .has("dag", DagVerb::command)
                .has("daemon", () -> DaemonVerb.command(daemon))
                .has("dht", DhtVerb::command)
                .has("diag", DiagVerb::command)
                .has("get", GetVerb::command)
                .has("id", IdVerb::command)
                .has("init", InitVerb::command)
                .has("key", KeyVerb::command)
                .has("log", LogVerb::command)
                .has("ls", LsVerb::command)
                .has("multibase", MultibaseVerb::command)
                .has("name", NameVerb::command)
                .has("pin", PinVerb::command)
                .has("ping", PingVerb::command)
                .has("provide", ProvideVerb::command)
                .has("refs", RefsVerb::command)
                .has("repo", RepoVerb::command)
                .has("resolve", ResolveVerb::command)
                .has("routing", RoutingVerb::command)
                .has("shutdown", ShutdownVerb::command)
                .has("stats", StatsVerb::command)
                .has("swarm", SwarmVerb::command)
                .has("version", VersionVerb::command)
                .has("files", () -> Absent.command("files", "A changeable folder tree over immutable content (MFS)."))
                .has("filestore", () -> Absent.command("filestore", "What 'add --nocopy' refers to."))
                .has("mount", () -> Absent.command("mount", "Show content as a file system."))
                .has("object", () -> Absent.command("object", "The older form of dag."))
                .has("p2p", () -> Absent.command("p2p", "Forward TCP connections between peers."))
                .has("pubsub", () -> Absent.command("pubsub", "Messages by topic."))
                .has("update", () -> Absent.command("update", "Replace the program by a newer one."))
                .build();
    }
}
