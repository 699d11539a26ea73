package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import radedit.pipeline.InvalidRequestException;
import radedit.trace.Recorder;
import radedit.trace.TraceFile;
import radedit.trace.TraceLevel;
import radedit.trace.TraceRecorder;
import radedit.trace.TraceSelection;

/** Options of commands that can record what they compute. */
final class TraceOptions {
    @Option(names = "--trace", paramLabel = "F", description = "record what the networks and the host compute (*.jsonl.gz, or *.safetensors with all values)")
    private @Nullable Path file;

    @Option(names = "--trace-level", paramLabel = "LEVEL", description = "what to record of each value: hash, stats, slice or full (default: full for *.safetensors, else hash)")
    private @Nullable TraceLevel level;

    @Option(names = "--match", paramLabel = "REGEX", description = "regular expression found in the names of the values to record (default: all)")
    private @Nullable String match;

    @Option(names = "--trace-steps", paramLabel = "LIST", description = "steps of the sampler to record, from 0, such as 0,10-19 (default: all)")
    private @Nullable String steps;

    @Option(names = "--trace-modules", description = "record every module, also those that are computed together with others; slower")
    private boolean modules;

    /** A trace that is being recorded, if one was asked for. */
    record Open(Recorder recorder, @Nullable TraceFile file) implements AutoCloseable {
        /** Gives the file its name; call when the work is done. */
        void finish() throws IOException {
            if (file != null) {
                file.finish();
            }
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    /** The trace, which no other output may overwrite; null for none. */
    @Nullable
    Path file() {
        return file;
    }

    /** Says what of a trace is damaged, in a few lines. */
    static void warn(String file, List<String> damage, Consumer<String> warning) {
        int most = 3;
        damage.stream().limit(most).forEach(w -> warning.accept(file + ": damaged: " + w));
        if (damage.size() > most) {
            int more = damage.size() - most;
            warning.accept(file + ": damaged: " + more + (more == 1 ? " more fault" : " more faults"));
        }
    }

    /**
     * {@return a recorder, which records nothing if no trace was asked for}
     *
     * @param inputs
     *            files that must not be overwritten; may contain null
     */
    Open open(@Nullable Path... inputs) throws IOException {
        if (file == null && modules) {
            throw new InvalidRequestException("--trace-modules needs --trace");
        }
        return open(file, level, match, steps, modules, inputs);
    }

    /** Likewise, by the options' values. */
    static Open open(@Nullable Path file, @Nullable TraceLevel level, @Nullable String match, @Nullable String steps,
            boolean modules, @Nullable Path... inputs) throws IOException {
        if (file == null) {
            String lonely = level != null
                    ? "--trace-level"
                    : match != null && !match.isEmpty() ? "--match" : steps != null ? "--trace-steps" : null;
            if (lonely != null) {
                throw new InvalidRequestException(lonely + " needs --trace");
            }
            return new Open(Recorder.NONE, null);
        }
        Outputs.requireDistinct("--trace ", file, inputs);
        TraceSelection selection = selection(level == null ? TraceFile.levelOf(file) : level, match, steps, modules);
        try {
            TraceFile open = TraceFile.create(file, selection.level());
            return new Open(new TraceRecorder(open, selection), open);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("--trace " + e.getMessage());
        }
    }

    private static TraceSelection selection(TraceLevel level, @Nullable String match, @Nullable String steps,
            boolean modules) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(match == null ? "" : match);
        } catch (PatternSyntaxException e) {
            throw new InvalidRequestException("--match: " + e.getDescription() + " in '" + match + "'");
        }
        try {
            return new TraceSelection(level, pattern, steps == null ? List.of() : TraceSelection.ranges(steps),
                    modules);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("--trace-steps: " + e.getMessage());
        }
    }
}
