package radedit.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** radedit stress. */
@Command(name = "stress", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
        StressRunCommand.class, StressTuneCommand.class, StressMergeCommand.class}, description = {
                "Stress-tests a vision model: edits many films as a manifest says."})
final class StressCommand {
    private StressCommand() {
    }

    /** Makes those options of subcommands optional that rows of a manifest may have instead. */
    static void relax(CommandLine program) {
        var commands = program.getSubcommands().get("stress").getSubcommands();
        ManifestRows.relax(commands.get("run").getCommandSpec());
        ManifestRows.relax(commands.get("tune").getCommandSpec());
    }
}
