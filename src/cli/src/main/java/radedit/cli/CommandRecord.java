package radedit.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The effective command line: given options, and the defaults of all others. */
final class CommandRecord {
    /** Options that change messages but not results. */
    private static final Set<String> SILENT = Set.of("--help", "--version", "--quiet", "--progress", "--verbose",
            "--json");

    private CommandRecord() {
    }

    /**
     * The words of the command line.
     *
     * @param instead
     *            values that replace those of options, by the option's long name
     */
    static List<String> of(CommandSpec command, Map<String, String> instead) {
        List<String> words = new ArrayList<>(List.of(command.qualifiedName(" ").split(" ")));
        List<String> operands = new ArrayList<>();
        for (PositionalParamSpec p : command.positionalParameters()) {
            operands.addAll(values(p));
        }
        boolean marked = operands.stream().anyMatch(w -> w.startsWith("-"));
        if (!marked) {
            words.addAll(operands);
        }
        command.options().stream().filter(o -> !SILENT.contains(o.longestName()))
                .sorted(Comparator.comparing(OptionSpec::longestName)).forEach(o -> {
                    String name = o.longestName();
                    String other = instead.get(name);
                    List<String> values = other != null ? List.of(other) : values(o);
                    for (String v : values) {
                        words.add(name);
                        if (!isFlag(o)) {
                            words.add(v);
                        }
                    }
                });
        if (marked) { // so that they are not taken for options
            words.add("--");
            words.addAll(operands);
        }
        return words;
    }

    private static boolean isFlag(OptionSpec o) {
        return o.arity().max() == 0;
    }

    private static List<String> values(ArgSpec a) {
        return switch (a.getValue()) {
            case null -> List.of();
            case Boolean b -> b ? List.of("") : List.of();
            case Collection<?> all -> all.stream().map(CommandRecord::text).toList();
            case Object v -> List.of(text(v));
        };
    }

    private static String text(Object value) {
        return value instanceof Enum<?> ? Choice.word(value) : value.toString();
    }
}
