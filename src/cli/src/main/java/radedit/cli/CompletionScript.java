package radedit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Generates the script with which bash and zsh complete commands, options and their values. */
final class CompletionScript {
    private CompletionScript() {
    }

    /**
     * The script.
     *
     * @param program
     *            a command line that is modified and must not be used afterwards
     */
    static String of(CommandLine program) {
        CommandLine help = program.getSubcommands().get("help");
        if (help != null) {
            List.copyOf(help.getCommandSpec().positionalParameters()).forEach(help.getCommandSpec()::remove);
            addNames(help, program);
        }
        prepare(program);
        return AutoComplete.bash(program.getCommandName(), program);
    }

    /**
     * Lets a command be followed by the names of another's subcommands, recursively. Not for help itself, since the
     * script ignores the order of words: 'help' alone would be taken for 'help help'.
     */
    private static void addNames(CommandLine to, CommandLine from) {
        from.getSubcommands().forEach((name, command) -> {
            if (!name.equals("help")) {
                CommandLine bare = new CommandLine(CommandSpec.create().name(name));
                addNames(bare, command);
                to.addSubcommand(name, bare);
            }
        });
    }

    /** Gives each option a label of its own: the script stores an option's values in a variable named by its label. */
    private static void prepare(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec o : List.copyOf(spec.options())) {
            List<String> words = words(o);
            if (!words.isEmpty()) {
                spec.remove(o);
                spec.addOption(OptionSpec.builder(o).paramLabel(o.longestName().replaceAll("\\W+", "_"))
                        .completionCandidates(words).build());
            }
        }
        for (PositionalParamSpec p : List.copyOf(spec.positionalParameters())) {
            List<String> words = words(p);
            if (!words.isEmpty()) {
                spec.remove(p);
                spec.addPositional(PositionalParamSpec.builder(p).completionCandidates(words).build());
            }
        }
        command.getSubcommands().values().forEach(CompletionScript::prepare);
    }

    /** The possible values of an argument in the notation of users; empty if any value is possible. */
    private static List<String> words(ArgSpec a) {
        Class<?> type = a.auxiliaryTypes().length == 0 ? a.type() : a.auxiliaryTypes()[0];
        if (type.isEnum() && a.converters().length == 0) {
            return Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
        }
        List<String> words = new ArrayList<>();
        if (a.completionCandidates() != null) {
            a.completionCandidates().forEach(words::add);
        }
        return words;
    }
}
