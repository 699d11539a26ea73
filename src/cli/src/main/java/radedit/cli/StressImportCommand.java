package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.pipeline.Listener;
import radedit.stress.exchange.ImportFormat;
import radedit.stress.exchange.ManifestImport;
import radedit.stress.exchange.ManifestTable;

/** radedit stress import. */
@Command(name = "import", mixinStandardHelpOptions = true, description = {
        "Makes a manifest for 'radedit stress run' of other programs' files.",
        "Of CheXGenBench it makes a list of prompts for 'radedit generate --prompts'."}, footer = {"", "Example:",
                "  radedit stress import dataset --format imagefolder -o manifest.csv"})
final class StressImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a table, or the folder that holds it")
    private Path file;

    @Option(names = "--format", paramLabel = "NAME", required = true, description = "radcf (interventions_shardN.csv), chexgenbench (prompt,img_savename), imagefolder (metadata.jsonl or metadata.csv) or medground (samples.json)")
    private ImportFormat format;

    @Option(names = {"-o",
            "--output"}, paramLabel = "F", required = true, description = "x.csv, which must not exist yet")
    private Path output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        ManifestFile.check(output);
        Path start = Objects.requireNonNull(output.toAbsolutePath().getParent());
        ManifestTable table = Inputs.read(file, f -> ManifestImport.read(format, f, start, listener::warning));
        ManifestFile.write(output, table);
        spec.commandLine().getOut().println(output);
        if (!console.quiet()) {
            spec.commandLine().getErr().println(table.rows().size() + (table.rows().size() == 1 ? " row" : " rows"));
        }
        return Exit.OK;
    }
}
