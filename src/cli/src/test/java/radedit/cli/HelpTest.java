package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import radedit.audit.AuditedNetwork;

/** The help of every command, in a terminal of 80 columns. */
class HelpTest {
    private static final int COLUMNS = 80;

    @TempDir
    Path temp;

    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> all = new LinkedHashMap<>();
        collect(Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err)), all);
        return all;
    }

    private static void collect(CommandLine command, Map<String, CommandLine> all) {
        all.put(command.getCommandSpec().qualifiedName(), command);
        command.getSubcommands().values().forEach(c -> collect(c, all));
    }

    @Test
    void linesFitAndFootersAreNotBroken() {
        commands().forEach((name, command) -> {
            String help = command.getUsageMessage();
            help.lines().forEach(l -> assertTrue(l.length() <= COLUMNS, name + ": " + l));
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                assertTrue(line.isEmpty() || help.lines().anyMatch(line::equals), name + ": broken: " + line);
            }
        });
    }

    /** No empty sections, and no consecutive empty lines. */
    @Test
    void noGapsAndEmptySections() {
        commands().forEach((name, command) -> {
            String help = command.getUsageMessage().replace(System.lineSeparator(), "\n");
            assertFalse(help.contains("\n\n\n") || help.endsWith(":\n") || help.contains(":\n\n"), name + ":\n" + help);
        });
        assertEquals(run("help", "--help"), run("help", "help"));
        assertTrue(run("help", "--help").out().startsWith("Usage: radedit help [OPTIONS] [COMMAND...]\n"));
        assertRefused(2, run("help", "generate", "edit"),
                "'radedit generate' has no commands of its own, such as 'edit'; 'radedit generate --help' shows its help");
        assertRefused(2, run("help", "-x"), "'-x'");
    }

    /** PictureFormatsTest shows that it is so. */
    @Test
    void coordinatesOfTurnedFilms() throws IOException {
        for (String text : List.of(run("mask", "--help").out(), Files.readString(Path.of("docs/films-and-masks.md")))) {
            String words = text.replaceAll("\\s+", " ");
            assertTrue(words.contains("pixels of the film as stored and turned upright"), words);
        }
    }

    /** What score writes, and which films it and others read. */
    @Test
    void scoreTellsItsColumnsAndFormats() {
        String help = run("score", "--help").out().replaceAll("\\s+", " ");
        assertTrue(help.contains("film,text,score,error, or, for several texts, with film,text,score,rank,error."),
                help);
        for (String command : List.of("score --help", "edit --help", "film read --help", "film explain --help")) {
            String text = run((Object[]) command.split(" ")).out().replaceAll("\\s+", " ");
            assertTrue(text.contains("DICOM, PNG, JPEG, TIFF, NIfTI, MetaImage, NRRD, GIF, BMP or JPEG 2000"), text);
        }
    }

    /** The summary of each command is a whole sentence. */
    @Test
    void summariesAreSentences() {
        commands().forEach((name, command) -> {
            String first = command.getCommandSpec().usageMessage().description()[0];
            assertTrue(first.endsWith(".") && !first.contains(":"), name + ": " + first);
        });
    }

    @Test
    void everyOptionIsDescribed() {
        commands().forEach((name, command) -> {
            for (OptionSpec o : command.getCommandSpec().options()) {
                assertTrue(o.description().length > 0 && !o.description()[0].isBlank(), name + " " + o.longestName());
                assertTrue(command.getUsageMessage().contains(o.longestName()), name + " " + o.longestName());
            }
        });
    }

    @Test
    void optionsStandUnderWhatTheyAreAbout() {
        String help = run("edit", "--help").out();
        String[] order = {"Usage: radedit edit --image F --edit-mask MASK --prompt T --output OUT", "Texts:",
                "--prompt",
                "Film:", "--image", "Masks:", "--keep-rule", "Sampling:", "--size", "Model:", "--unet", "Machine:",
                "--threads", "Output:", "--overwrite", "DICOM results:", "Messages:", "Examples:"};
        int at = 0;
        for (String word : order) {
            int next = help.indexOf(word, at);
            assertTrue(next >= at, word + " after " + help.substring(0, at));
            at = next;
        }
        assertFalse(run("show", "--help").out().contains("Messages:"), "few options stand together");
        assertTrue(run("--help").out().contains("130   interrupted"));
    }

    @Test
    void auditNamesEachPartsInputs() {
        String help = run("audit", "run", "--help").out();
        for (AuditedNetwork part : AuditedNetwork.values()) {
            String rest = help.substring(help.indexOf("\n  " + part.label() + " ") + 1);
            for (String input : part.inputs()) {
                assertTrue(rest.contains(input), part + " " + input);
            }
        }
    }

    /** The script completes a command's name and an option's. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void completion() throws IOException, InterruptedException {
        Path script = Files.writeString(temp.resolve("completion"), run("completion").out());
        String shell = "compopt() { :; }; source '" + script
                + "'; COMP_WORDS=(radedit gen); COMP_CWORD=1; _complete_radedit;"
                + " echo ${COMPREPLY[*]}; COMP_WORDS=(radedit generate --neg); COMP_CWORD=2; _complete_radedit;"
                + " echo ${COMPREPLY[*]}";
        Process p = new ProcessBuilder("bash", "-c", shell).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes());
        assertTrue(p.waitFor(30, TimeUnit.SECONDS));
        assertEquals("generate\n--negative-prompt\n", out);
    }
}
