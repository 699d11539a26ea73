package radedit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

import radedit.about.Version;

/** A command's manual page, made of the same texts as its help, in roff with the macros of man(7). */
final class ManPage {
    private final CommandSpec command;
    private final UsageMessageSpec texts;
    private final Help help;
    private final Help.ColorScheme plain = Help.defaultColorScheme(Help.Ansi.OFF);
    private final StringBuilder out = new StringBuilder();

    private ManPage(CommandLine line) {
        this.command = line.getCommandSpec();
        this.texts = command.usageMessage();
        this.help = line.getHelpFactory().create(command, plain);
    }

    /** The page's name without its section, such as {@code radedit-weights-convert}. */
    static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** The page's text. */
    static String of(CommandLine line) {
        return new ManPage(line).text();
    }

    private String text() {
        macro(".TH", name(command).toUpperCase(Locale.ROOT), "1", "", "RadEdit " + Version.get(), "RadEdit");
        macro(".SH", "NAME");
        String[] description = texts.description();
        line(name(command) + " \\- " + escaped(description[0].replaceAll("\\.$", "")));
        macro(".SH", "SYNOPSIS");
        preformatted(HelpLayout.synopsis(help));
        macro(".SH", "DESCRIPTION");
        for (String d : description) {
            line(escaped(d));
        }
        parameters();
        options();
        commands();
        footer();
        exitCodes();
        macro(".SH", "SEE ALSO");
        line(seeAlso());
        return out.toString();
    }

    private void parameters() {
        List<PositionalParamSpec> shown = command.positionalParameters().stream().filter(p -> !p.hidden()).toList();
        if (!shown.isEmpty()) {
            macro(".SH", "ARGUMENTS");
        }
        for (PositionalParamSpec p : shown) {
            item(p.paramLabel(),
                    rows(help.createDefaultParameterRenderer().render(p, help.parameterLabelRenderer(), plain)));
        }
    }

    private void options() {
        Map<String, List<OptionSpec>> sections = HelpLayout.sections(command);
        if (!sections.isEmpty()) {
            macro(".SH", "OPTIONS");
        }
        sections.forEach((heading, options) -> {
            if (sections.size() > 1) {
                macro(".SS", heading);
            }
            for (OptionSpec o : options) {
                String label = help.parameterLabelRenderer().renderParameterLabel(o, plain.ansi(), List.of())
                        .toString();
                item(String.join(", ", o.names()) + label,
                        rows(help.createDefaultOptionRenderer().render(o, help.parameterLabelRenderer(), plain)));
            }
        });
    }

    /** The descriptions, which are in the last column of help. */
    private static List<String> rows(Text[][] table) {
        List<String> all = new ArrayList<>();
        for (Text[] row : table) {
            all.add(row[row.length - 1].toString());
        }
        return all;
    }

    private void commands() {
        if (!command.subcommands().isEmpty()) {
            macro(".SH", "COMMANDS");
        }
        command.subcommands().values().forEach(c -> item(c.getCommandName(),
                List.of(c.getCommandSpec().usageMessage().description()[0],
                        "See " + name(c.getCommandSpec()) + "(1).")));
    }

    /** Examples and tables, laid out with blanks. */
    private void footer() {
        List<String> lines = new ArrayList<>(List.of(texts.footerHeading().replace("%n", "\n").strip()));
        lines.addAll(List.of(texts.footer()));
        String all = String.join("\n", lines).strip().replace("%%", "%");
        if (!all.isEmpty()) {
            String[] parts = all.split("\n", 2);
            macro(".SH", parts[0].replaceAll(":$", "").toUpperCase(Locale.ROOT));
            preformatted(parts[1]);
        }
    }

    private void exitCodes() {
        if (!texts.exitCodeList().isEmpty()) {
            macro(".SH", "EXIT STATUS");
        }
        texts.exitCodeList().forEach((code, meaning) -> item(code, List.of(meaning)));
    }

    private String seeAlso() {
        CommandSpec parent = command.parent();
        List<String> pages = new ArrayList<>();
        if (parent != null) {
            pages.add(escaped(name(parent)) + "(1)");
        }
        command.subcommands().values().forEach(c -> pages.add(escaped(name(c.getCommandSpec())) + "(1)"));
        return pages.isEmpty() ? "https://github.com/radedit/radedit" : String.join(", ", pages);
    }

    private void item(String term, List<String> description) {
        line(".TP");
        line("\\fB" + escaped(term) + "\\fR");
        for (String d : description) {
            line(escaped(d));
        }
    }

    private void preformatted(String text) {
        line(".nf");
        text.stripTrailing().lines().forEach(l -> line(escaped(l)));
        line(".fi");
    }

    private void macro(String name, String... arguments) {
        StringBuilder line = new StringBuilder(name);
        for (String a : arguments) {
            line.append(" \"").append(escaped(a).replace("\"", "\\(dq")).append('"');
        }
        line(line.toString());
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /** Text that roff shows as it is: no escapes, no requests, hyphens that can be copied, ASCII alone. */
    private static String escaped(String text) {
        StringBuilder all = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> all.append("\\(rs");
                case '-' -> all.append("\\-");
                case '\'' -> all.append("\\(aq");
                case '`' -> all.append("\\(ga");
                case '^' -> all.append("\\(ha");
                case '~' -> all.append("\\(ti");
                default -> {
                    if (c < 128) {
                        all.append((char) c);
                    } else {
                        all.append("\\[u%04X]".formatted(c));
                    }
                }
            }
        });
        return all.isEmpty() || all.charAt(0) != '.' ? all.toString() : "\\&" + all;
    }
}
