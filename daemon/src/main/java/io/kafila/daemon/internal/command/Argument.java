package io.kafila.daemon.internal.command;

/**
 * A positional argument.
 *
 * @param file whether it names a file that is sent, not a text
 * @param variadic whether it may come several times; only the last argument
 * @param stdin whether it is read from standard input where it is not given: lines for texts, the content for files
 * @param recursive whether a file may be a directory
 */
public record Argument(
        String name,
        boolean file,
        boolean required,
        boolean variadic,
        boolean stdin,
        boolean recursive,
        String description) {

    public static Argument text(String name, String description) {
        return new Argument(name, false, true, false, false, false, description);
    }

    public static Argument file(String name, String description) {
        return new Argument(name, true, true, false, false, false, description);
    }

    public Argument optional() {
        return new Argument(name, file, false, variadic, stdin, recursive, description);
    }

    public Argument many() {
        return new Argument(name, file, required, true, stdin, recursive, description);
    }

    public Argument orStdin() {
        return new Argument(name, file, required, variadic, true, recursive, description);
    }

    public Argument orDirectory() {
        return new Argument(name, file, required, variadic, stdin, true, description);
    }

    /** {@code <name>...}, in square brackets where it is optional. */
    public String usage() {
        String usage = required ? "<" + name + ">" : "[<" + name + ">]";
        return variadic ? usage + "..." : usage;
    }
}
