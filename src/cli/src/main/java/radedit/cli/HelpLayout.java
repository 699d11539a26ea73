package radedit.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Layout of help: required options first, then the others by topic. */
final class HelpLayout {
    /** Topics of options, in the order of help. */
    private enum Section {
        OWN("Options"), TEXTS("Texts"), FILM("Film"), MASKS("Masks"), SAMPLING("Sampling"), MODEL("Model"),
        MACHINE("Machine"), OUTPUT(
                "Output"),
        SCORE("Score"), PATIENT("DICOM results"), MESSAGES("Messages");

        private final String heading;

        Section(String heading) {
            this.heading = heading;
        }
    }

    /** Up to this number, options are not divided into sections. */
    private static final int FEW = 8;
    private static final Map<String, Section> SECTIONS = new HashMap<>();

    static {
        put(Section.TEXTS, "--prompt", "--weight", "--negative-prompt", "--invert-prompt", "--original-text", "--text",
                "--texts");
        put(Section.SCORE, "--min-score", "--tries", "--min");
        put(Section.FILM, "--image", "--loader", "--frame", "--window", "--fit", "--resample", "--native", "--feather");
        put(Section.MASKS, "--edit-mask", "--invert-edit-mask", "--grow-edit-mask", "--keep-mask", "--free-band",
                "--mask-rule", "--keep-rule");
        put(Section.SAMPLING, "--seed", "--rng", "--steps", "--sampler", "--sigmas", "--spacing", "--skip-ratio",
                "--eta", "--guidance", "--guidance-interval", "--unguided-after", "--mode", "--noise", "--deep-cache",
                "--seed-per-image");
        put(Section.MODEL, "--model", "--unet", "--vae", "--text-encoder", "--tokenizer", "--scheduler",
                "--image-encoder");
        put(Section.MACHINE, "--backend", "--threads", "--fast-math", "--emulate-precision", "--vae-tile", "--no-reuse",
                "--batch");
        put(Section.OUTPUT, "--output", "--overwrite", "--rgb", "--bits", "--latents", "--json", "--csv", "--preview");
        put(Section.PATIENT, "--deidentify", "--keep-patient");
        put(Section.MESSAGES, "--quiet", "--progress", "--verbose", "--help", "--version");
    }

    private HelpLayout() {
    }

    private static void put(Section section, String... options) {
        for (String o : options) {
            SECTIONS.put(o, section);
        }
    }

    /** Sets the layout of a command and its subcommands. */
    static void apply(CommandLine command) {
        Map<String, CommandLine.IHelpSectionRenderer> sections = new HashMap<>(command.getHelpSectionMap());
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpLayout::synopsis);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
        apart(sections, UsageMessageSpec.SECTION_KEY_PARAMETER_LIST);
        apart(sections, UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING);
        command.setHelpSectionMap(sections); // and of its subcommands
    }

    /** Separates a section that is not empty by an empty line. */
    private static void apart(Map<String, CommandLine.IHelpSectionRenderer> sections, String key) {
        sections.computeIfPresent(key, (k, bare) -> help -> {
            String text = bare.render(help);
            return text.isEmpty() ? text : System.lineSeparator() + text;
        });
    }

    /** The command's name, its required arguments, and placeholders for the others. */
    static String synopsis(Help help) {
        CommandSpec command = help.commandSpec();
        List<String> words = new ArrayList<>(List.of(command.qualifiedName()));
        for (OptionSpec o : command.options()) {
            if (o.required()) {
                words.add(o.longestName() + (o.arity().max() == 0 ? "" : " " + o.paramLabel()));
            }
        }
        if (!command.options().isEmpty()) {
            words.add("[OPTIONS]");
        }
        for (PositionalParamSpec p : command.positionalParameters()) {
            String label = p.paramLabel() + (p.arity().max() > 1 ? "..." : "");
            words.add(p.required() ? label : "[" + label + "]");
        }
        if (!command.subcommands().isEmpty()) {
            words.add("[COMMAND]");
        }
        return wrapped(words, command.usageMessage().width()) + System.lineSeparator();
    }

    private static String wrapped(List<String> words, int width) {
        StringBuilder out = new StringBuilder();
        int column = "Usage: ".length();
        int indent = column + words.getFirst().length() + 1;
        for (String w : words) {
            if (column + 1 + w.length() > width) {
                out.append(System.lineSeparator()).append(" ".repeat(indent - 1));
                column = indent - 1;
            }
            if (!out.isEmpty()) {
                out.append(' ');
                column++;
            }
            out.append(w);
            column += w.length();
        }
        return out.toString();
    }

    private static String options(Help help) {
        StringBuilder out = new StringBuilder();
        sections(help.commandSpec()).forEach((heading, options) -> {
            Layout layout = help.createDefaultLayout();
            layout.addOptions(options, help.createDefaultParamLabelRenderer());
            out.append(System.lineSeparator()).append(heading).append(':').append(System.lineSeparator())
                    .append(layout);
        });
        return out.toString();
    }

    /** A command's options by the headings that they are shown under, in the order of help. */
    static Map<String, List<OptionSpec>> sections(CommandSpec command) {
        Map<Section, List<OptionSpec>> all = new EnumMap<>(Section.class);
        for (OptionSpec o : command.options()) {
            if (!o.hidden()) {
                all.computeIfAbsent(section(o), s -> new ArrayList<>()).add(o);
            }
        }
        Map<String, List<OptionSpec>> named = new LinkedHashMap<>();
        boolean plain = command.options().size() <= FEW;
        all.forEach((section, options) -> named
                .computeIfAbsent(plain ? Section.OWN.heading : section.heading, h -> new ArrayList<>())
                .addAll(options));
        return named;
    }

    private static Section section(OptionSpec o) {
        boolean sampling = o.userObject() instanceof Field f && f.getDeclaringClass() == SamplingOptions.class;
        return SECTIONS.getOrDefault(o.longestName(), sampling ? Section.SAMPLING : Section.OWN);
    }
}
