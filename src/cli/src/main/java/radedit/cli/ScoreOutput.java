package radedit.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;

/** Output options of scores: file and form. */
final class ScoreOutput {
    /** Output formats. */
    enum Form {
        PLAIN, CSV, JSON
    }

    /** Writes a result and returns the exit code. */
    interface Work {
        int writeTo(Writer out) throws IOException;
    }

    private static final Path STDOUT = Path.of("-");

    @Option(names = "--json", description = "write one JSON document")
    private boolean json;

    @Option(names = "--csv", description = "write a table of comma-separated values")
    private boolean csv;

    @Option(names = {"-o",
            "--output"}, paramLabel = "F", converter = Outputs.Converter.class, description = "write to this file instead of stdout; a name that ends in .csv or .json means --csv or --json; the name is printed, except with --json or --quiet")
    private @Nullable Path output;

    /** Null for stdout. */
    private @Nullable Path file() {
        return STDOUT.equals(output) ? null : output;
    }

    Form form() {
        if (json && csv) {
            throw new InvalidRequestException("--json and --csv exclude each other");
        }
        Path file = file();
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        if (json && name.endsWith(".csv") || csv && name.endsWith(".json")) {
            throw new InvalidRequestException((json ? "--json" : "--csv") + " and -o " + file
                    + ", whose name means " + (json ? "--csv" : "--json") + ", exclude each other");
        }
        if (json || name.endsWith(".json")) {
            return Form.JSON;
        }
        return csv || name.endsWith(".csv") ? Form.CSV : Form.PLAIN;
    }

    /**
     * Checks the output file before the work.
     *
     * @param others
     *            files that must not be overwritten; may contain null
     */
    void check(@Nullable Path... others) throws IOException {
        Path file = file();
        if (file != null) {
            Outputs.requireDistinct("", file, others);
            OutputFile.check(file);
        }
    }

    /** Does the work, whose result goes to stdout or to the file; the file appears completely or not at all. */
    int write(Work work, PrintWriter stdout, boolean quiet) throws IOException {
        Path file = file();
        if (file == null) {
            int code = work.writeTo(stdout);
            stdout.flush();
            return code;
        }
        int[] code = new int[1];
        OutputFile.write(file, stream -> {
            Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            code[0] = work.writeTo(out);
            out.flush();
        });
        if (!json && !quiet) { // with --json, stdout has the document only
            stdout.println(file);
        }
        return code[0];
    }
}
