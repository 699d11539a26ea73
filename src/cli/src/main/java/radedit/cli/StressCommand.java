package radedit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** radedit stress. */
@Command(name = "stress", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
        StressRunCommand.class, StressTuneCommand.class, StressMergeCommand.class,
        StressEvaluateCommand.class, StressTemplateCommand.class, StressImportCommand.class,
        StressExportCommand.class}, description = {
                "Stress-tests vision models with edited films."})
final class StressCommand {
    private StressCommand() {
    }

    /** Makes those options of subcommands optional that rows of a manifest may have instead. */
    static void relax(CommandLine program) {
        program.getSubcommands().values().stream().flatMap(c -> c.getSubcommands().values().stream())
                .filter(c -> c.getCommand() instanceof StressRunCommand || c.getCommand() instanceof StressTuneCommand)
                .forEach(c -> ManifestRows.relax(c.getCommandSpec()));
    }
}
