package radedit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.pipeline.InvalidRequestException;

/** radedit help. */
@Command(name = "help", mixinStandardHelpOptions = true, description = "Shows the help of a command.")
final class HelpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "the command: generate, or weights convert")
    private List<String> names = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = spec.parent().commandLine();
        for (String name : names) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null && command.getSubcommands().isEmpty()) {
                String whole = command.getCommandSpec().qualifiedName();
                throw new InvalidRequestException("'" + whole + "' has no commands of its own, such as '" + name
                        + "'; '" + whole + " --help' shows its help");
            }
            if (next == null) {
                throw new InvalidRequestException("there is no command '" + name + "'; there are: "
                        + String.join(", ", command.getSubcommands().keySet()));
            }
            command = next;
        }
        command.usage(spec.commandLine().getOut());
        return Exit.OK;
    }
}
