package radedit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import radedit.exec.BackendException;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.NotFiniteException;
import radedit.pipeline.Version;
import radedit.weights.FormatException;
import radedit.files.Messages;
import radedit.weights.WeightsException;

/** The program radedit. */
@Command(name = "radedit", mixinStandardHelpOptions = true, versionProvider = Main.VersionProvider.class, description = {
        "Generates chest X-rays from text and edits real ones.",
        "Research use only, never clinical."}, subcommands = {GenerateCommand.class, EditCommand.class,
                ScoreCommand.class, FilmCommand.class, MaskCommand.class, DemoCommand.class, AuditCommand.class,
                WeightsCommand.class, BenchCommand.class, DevicesCommand.class,
                DoctorCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                        "0:done", "1:the work failed", "2:wrong usage", "3:an input file is unreadable or invalid",
                        "4:weights missing or invalid", "5:backend not available or out of memory",
                        "6:a check asked for did not hold", "130:interrupted"})
public final class Main {
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"RadEdit " + Version.get()};
        }
    }

    private Main() {
    }

    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        redirectStreams();
        PrintWriter out = new PrintWriter(System.out, true);
        PrintWriter err = new PrintWriter(System.err, true);
        int code = run(args, out, err);
        if (code == Exit.OK && (out.checkError() || System.out.checkError())) {
            err.println("radedit: stdout cannot be written to");
            code = Exit.FAILED;
        }
        System.exit(code);
    }

    /**
     * The launcher sends what the JVM itself says through a filter, and what a GPU's driver writes to stdout to stderr. It
     * hands the true streams over as other descriptors. These cannot be opened by a path, since a file would then be written
     * from its beginning.
     */
    private static void redirectStreams() {
        stream("radedit.stderr").ifPresent(System::setErr);
        stream("radedit.stdout").ifPresent(System::setOut);
    }

    /** The stream whose descriptor a system property names. */
    private static Optional<PrintStream> stream(String property) {
        Integer descriptor = Integer.getInteger(property);
        if (descriptor == null) {
            return Optional.empty();
        }
        try {
            Constructor<FileDescriptor> c = FileDescriptor.class.getDeclaredConstructor(int.class);
            c.setAccessible(true);
            return Optional.of(new PrintStream(new FileOutputStream(c.newInstance(descriptor)), true,
                    StandardCharsets.UTF_8));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Then everything goes to stderr, through the filter, which lets all of ours pass.
            return Optional.empty();
        }
    }

    /** Runs one command line and returns its exit code. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setOverwrittenOptionsAllowed(true).setExpandAtFiles(false);
        line.setParameterExceptionHandler((e, a) -> usage(e, err));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e, verbose(parsed), err));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            err.println(
                    "radedit: out of memory; a smaller picture or count, or a larger heap (RADEDIT_JAVA_OPTS=-Xmx6g)"
                            + " helps");
            return Exit.BACKEND;
        } catch (InternalError e) { // a mapped file that became shorter
            err.println("radedit: a file of weights changed while it was read");
            return Exit.FAILED;
        }
    }

    private static boolean verbose(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.hasMatchedOption("--verbose");
    }

    private static int usage(ParameterException e, PrintWriter err) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("radedit: " + wrongWord(e).orElse(e.getMessage().lines().findFirst().orElse("wrong usage")));
        err.println("'" + name + " --help' lists what it takes");
        return Exit.USAGE;
    }

    /** A word that is no command or option, with the one that it resembles most. */
    private static Optional<String> wrongWord(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException u) || u.getUnmatched().isEmpty()) {
            return Optional.empty();
        }
        String word = u.getUnmatched().getFirst();
        String similar = u.getSuggestions().isEmpty()
                ? ""
                : "; did you mean " + u.getSuggestions().getFirst() + "?";
        return Optional
                .of((u.isUnknownOption() ? "no option is called '" : "not understood: '") + word + "'" + similar);
    }

    private static int failure(Exception e, boolean verbose, PrintWriter err) {
        if (verbose) {
            e.printStackTrace(err);
        }
        err.println("radedit: " + message(e));
        return code(e);
    }

    private static String message(Exception e) {
        return switch (e) {
            case IOException io -> Messages.of(io);
            case UncheckedIOException io -> Messages.of(io.getCause());
            case InvalidRequestException r -> r.getMessage();
            case InvalidInputException r -> r.getMessage();
            case WeightsException r -> r.getMessage();
            case BackendException r -> r.getMessage();
            case NotFiniteException r -> r.getMessage();
            default -> "internal error (" + e + "); --verbose shows where";
        };
    }

    private static int code(Exception e) {
        return switch (e) {
            case InvalidRequestException r -> Exit.USAGE;
            case InvalidInputException r -> Exit.INPUT;
            case FormatException r -> Exit.INPUT;
            case ImageRequestException r -> Exit.USAGE;
            case ImageFormatException r -> Exit.INPUT;
            case WeightsException r -> Exit.WEIGHTS;
            case BackendException r -> Exit.BACKEND;
            default -> Exit.FAILED;
        };
    }

    /** The words of an enumeration, as the user writes them. */
    static String words(List<?> values) {
        return String.join(", ", values.stream().map(v -> v.toString().toLowerCase(Locale.ROOT)).toList());
    }
}
