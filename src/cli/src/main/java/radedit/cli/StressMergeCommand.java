package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.stress.StressMerge;
import radedit.stress.Summary;

/** radedit stress merge. */
@Command(name = "merge", mixinStandardHelpOptions = true, description = {
        "Joins the folders of 'radedit stress run --shard' into one, which equals that of an undivided run."}, footer = {
                "", "Example:", "  radedit stress merge part1 part2 -o run"})
final class StressMergeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", arity = "1..*", description = "folders of the parts")
    private List<Path> parts;

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", required = true, description = "a new folder, or one that parts were merged into before")
    private Path output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        console.to(spec.commandLine().getErr());
        Summary s = StressMerge.merge(parts, output, console::warning);
        spec.commandLine().getOut().println(output.resolve("results.csv"));
        if (!console.quiet()) {
            spec.commandLine().getErr().printf(Locale.ROOT, "%d cases: %d done, %d rejected, %d failed, %d missing%n",
                    s.cases(), s.done(), s.rejected(), s.failed(), s.pending());
        }
        return s.pending() == 0 ? Exit.OK : Exit.CHECK;
    }
}
