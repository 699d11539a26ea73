package radedit.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
import radedit.exec.BackendException;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Loader;
import radedit.imaging.Resample;
import radedit.message.Explained;
import radedit.benchmark.Benchmark;
import radedit.pipeline.FitMode;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.NotFiniteException;
import radedit.pipeline.Rng;
import radedit.pipeline.SimilarityMap;
import radedit.safetensors.FormatException;
import radedit.stress.ManifestException;
import radedit.stress.RunException;
import radedit.stress.exchange.ExportFormat;
import radedit.stress.exchange.ImportFormat;
import radedit.stress.template.Template;
import radedit.synthetic.SyntheticModel;
import radedit.about.Version;
import radedit.files.OutputPathException;
import radedit.tensor.Precision;
import radedit.undertest.ModelException;
import radedit.weights.WeightsException;
import radedit.trace.TraceLevel;

/** The program radedit. */
@Command(name = "radedit", mixinStandardHelpOptions = true, versionProvider = Main.VersionProvider.class, description = {
        "Generates chest X-rays from text and edits real ones.",
        "Research use only, never clinical."}, subcommands = {GenerateCommand.class, EditCommand.class,
                ScoreCommand.class, StressCommand.class, ShowCommand.class, ReplayCommand.class, FilmCommand.class,
                MaskCommand.class,
                DemoCommand.class, ServeCommand.class,
                AuditCommand.class,
                WeightsCommand.class, BenchCommand.class, DevicesCommand.class,
                DoctorCommand.class, CompletionCommand.class,
                HelpCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                        "0:done", "1:the work failed", "2:wrong usage", "3:an input file is unreadable or invalid",
                        "4:weights missing or invalid", "5:backend not available or out of memory",
                        "6:a check did not hold", "130:interrupted", "141:stdout was closed"})
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
        stream("radedit.stderr").ifPresent(e -> System.setErr(new PrintStream(e, true, StandardCharsets.UTF_8)));
        // GPU drivers write to stdout: the launcher redirects descriptor 1 to stderr and passes the real stdout.
        Stdout stdout = new Stdout(stream("radedit.stdout").orElseGet(() -> new FileOutputStream(FileDescriptor.out)));
        System.setOut(new PrintStream(new BufferedOutputStream(stdout), true, StandardCharsets.UTF_8));
        int code = run(args, new PrintWriter(System.out, true), new PrintWriter(System.err, true));
        System.out.flush();
        IOException failure = stdout.failure();
        if (failure != null && Stdout.isClosed(failure)) {
            code = Exit.CLOSED_PIPE;
        } else if (failure != null && code == Exit.OK) {
            System.err.println("radedit: stdout cannot be written to: " + failure.getMessage());
            code = Exit.FAILED;
        }
        System.exit(code);
    }

    /**
     * The stream whose descriptor is in a system property. The launcher passes the real stdout and stderr as other
     * descriptors, since the JVM's own messages go through a filter. Opening them by path would write a file from its
     * beginning.
     */
    private static Optional<OutputStream> stream(String property) {
        Integer descriptor = Integer.getInteger(property);
        if (descriptor == null) {
            return Optional.empty();
        }
        try {
            Constructor<FileDescriptor> c = FileDescriptor.class.getDeclaredConstructor(int.class);
            c.setAccessible(true);
            return Optional.of(new FileOutputStream(c.newInstance(descriptor)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Falls back to stderr through the filter, which passes the program's own messages.
            return Optional.empty();
        }
    }

    /** The command with all its subcommands. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out).setErr(err);
        configure(line);
        StressCommand.relax(line);
        HelpLayout.apply(line);
        line.setParameterExceptionHandler((e, a) -> usage(e, err));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e, verbose(parsed), err));
        return line;
    }

    /** Sets how a command line and its subcommands are parsed. */
    static void configure(CommandLine line) {
        line.setCaseInsensitiveEnumValuesAllowed(true).setOverwrittenOptionsAllowed(false).setExpandAtFiles(false);
        words(line, Editor.Mode.values(), MaskDownsampling.Rule.values(), FitMode.values(), Rng.values(),
                Loader.values(),
                Resample.Filter.values(), SimilarityMap.Interpolation.values(), Overwrite.values(),
                SyntheticModel.Size.values(), WeightsConvertCommand.Rename.values(),
                Benchmark.Target.values(), ExportFormat.values(), ImportFormat.values(), Template.values(),
                TraceLevel.values(), Precision.values(), SamplerMethod.values(), SigmaSpacing.values(),
                TimestepSpacing.Rule.values());
        NumberConverters.register(line);
        line.registerConverter(Path.class, Inputs::path);
    }

    /**
     * Runs a command line.
     *
     * @return its exit code
     */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine line = commandLine(out, err);
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            err.println(
                    "radedit: out of memory; a smaller picture or count, or a larger heap (RADEDIT_JAVA_OPTS=-Xmx6g)"
                            + " helps");
            return Exit.BACKEND;
        } catch (InternalError e) { // a mapped file was truncated
            err.println("radedit: a file of weights changed while it was read");
            return Exit.FAILED;
        }
    }

    /** Registers options whose value is one of several words. */
    private static void words(CommandLine line, Object[]... choices) {
        for (Object[] all : choices) {
            register(line, all);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> void register(CommandLine line, T[] all) {
        line.registerConverter((Class<T>) all.getClass().componentType(), new Choice<>(all));
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
        err.println("radedit: " + usageMessage(e));
        err.println("'" + name + " --help' lists its arguments");
        return Exit.USAGE;
    }

    static String usageMessage(ParameterException e) {
        if (e instanceof OverwrittenOptionException o && o.getOverwritten() instanceof OptionSpec option) {
            return option.longestName() + " is given more than once"
                    + (option.arity().max() == 0 ? "" : ", and takes one value");
        }
        return wrongWord(e).or(() -> Optional.ofNullable(e.getMessage()).flatMap(m -> m.lines().findFirst()))
                .orElse("wrong usage");
    }

    /** The message for an unknown command or option, with the most similar one. */
    private static Optional<String> wrongWord(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException u) || u.getUnmatched().isEmpty()) {
            return Optional.empty();
        }
        String word = u.getUnmatched().getFirst();
        String similar = u.getSuggestions().isEmpty()
                ? ""
                : "did you mean " + u.getSuggestions().getFirst() + "?";
        String hint = ForeignNames.hint(word).orElse(similar);
        return Optional.of((u.isUnknownOption() ? "unknown option '" : "unexpected argument '") + word + "'"
                + (hint.isEmpty() ? "" : "; " + hint));
    }

    private static int failure(Exception e, boolean verbose, PrintWriter err) {
        if (e instanceof Stdout.BrokenException) {
            return Exit.OK; // of the work; main checks stdout and reports its failure
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        err.println("radedit: " + message(e));
        return code(e);
    }

    static String message(Exception e) {
        return switch (e) {
            case IOException io -> OptionNames.in(io);
            case UncheckedIOException io -> OptionNames.in(io);
            case Explained x -> OptionNames.in(e);
            case NotFiniteException r -> OptionNames.in(r);
            default -> "internal error (" + e + "); --verbose shows where";
        };
    }

    private static int code(Exception e) {
        return switch (e) {
            case ModelException m -> switch (m.reason()) {
                case MODEL, FILE -> Exit.INPUT;
                case REQUEST -> Exit.USAGE;
                case UNAVAILABLE -> Exit.BACKEND;
                case RUN -> Exit.FAILED;
            };
            case InvalidRequestException r -> Exit.USAGE;
            case CheckFailedException r -> Exit.CHECK;
            case OutputPathException r -> Exit.USAGE;
            case InvalidInputException r -> Exit.INPUT;
            case ManifestException r -> Exit.INPUT;
            case RunException r -> Exit.USAGE;
            case FormatException r -> Exit.INPUT;
            case ImageRequestException r -> Exit.USAGE;
            case ImageFormatException r -> Exit.INPUT;
            case WeightsException r -> Exit.WEIGHTS;
            case BackendException r -> Exit.BACKEND;
            default -> Exit.FAILED;
        };
    }
}
