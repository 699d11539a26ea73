package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.pipeline.Listener;
import radedit.stress.FinishedRun;
import radedit.stress.exchange.ExportFormat;
import radedit.stress.exchange.RunExport;

/** radedit stress export. */
@Command(name = "export", mixinStandardHelpOptions = true, description = {
        "Writes the accepted films of a run as other programs read them.",
        "Pictures are hard links where the file system has them."}, footer = {"", "Example:",
                "  radedit stress export run --format imagefolder -o dataset"})
final class StressExportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "folder of 'radedit stress run'")
    private Path run;

    @Option(names = "--format", paramLabel = "NAME", required = true, description = "imagefolder (metadata.jsonl of Hugging Face's datasets), medground (MedGround-Bench), radcf (RadCF), chexgenbench (CheXGenBench) or images (pictures alone, named as in files of scores)")
    private ExportFormat format;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT", required = true, description = "a new folder")
    private Path output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        FinishedRun finished = FinishedRun.read(run, listener::warning);
        int pictures = RunExport.write(finished, format, output, listener::warning);
        spec.commandLine().getOut().println(output);
        if (!console.quiet()) {
            spec.commandLine().getErr().println(pictures + (pictures == 1 ? " picture" : " pictures"));
        }
        return Exit.OK;
    }
}
