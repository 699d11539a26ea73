package radedit.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** radedit completion. */
@Command(name = "completion", mixinStandardHelpOptions = true, description = "Prints a script that lets bash and zsh complete commands and options.", footer = {
        "", "Examples:", "  source <(radedit completion)            for this shell",
        "  radedit completion > ~/.local/share/bash-completion/completions/radedit"})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(CompletionScript.of(Main.commandLine(out, out)));
        out.flush();
        return Exit.OK;
    }
}
