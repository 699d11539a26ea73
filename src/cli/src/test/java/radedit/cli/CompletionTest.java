package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions that bash offers with the script of radedit completion. */
@DisabledOnOs(OS.WINDOWS)
class CompletionTest {
    private static final String PARTS = "unet vae-decoder vae-encoder text-encoder image-encoder";
    /** The words of every option that has some. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("--mode", "paper released"),
            Map.entry("--mask-rule", "nearest any majority"),
            Map.entry("--keep-rule", "nearest any majority"),
            Map.entry("--fit", "resize-crop pad stretch"),
            Map.entry("--resample", "bilinear bicubic lanczos"),
            Map.entry("--rng", "torch torch-cuda"),
            Map.entry("--sampler", "ddim dpm++2m dpm++2m_sde unipc euler euler_a pndm plms lcm"),
            Map.entry("--sigmas", "discrete karras exponential"),
            Map.entry("--spacing", "leading trailing linspace"),
            Map.entry("--backend", "auto cpu tornado reference"),
            Map.entry("--emulate-precision", "none tf32 fp16 bf16"),
            Map.entry("--overwrite", "no yes"),
            Map.entry("--bits", "8 16"),
            Map.entry("--loader", "standard himl pydicom-voi torchxrayvision"),
            Map.entry("--map-interpolation", "nearest bilinear"),
            Map.entry("--what", PARTS + " generate edit"),
            Map.entry("weights synthesize --size", "tiny variant full"),
            Map.entry("--trace-level", "hash stats slice full"),
            Map.entry("--dtype", "float32 float16 bfloat16"),
            Map.entry("stress export --format", "imagefolder medground radcf chexgenbench images"),
            Map.entry("stress import --format", "radcf chexgenbench imagefolder medground"),
            Map.entry("--rename", "auto none"));

    @TempDir
    Path temp;

    private static Set<String> set(String words) {
        return new TreeSet<>(List.of(words.split(" ")));
    }

    /** Completions of the last word of each line. */
    private List<Set<String>> offered(List<String> lines) throws IOException, InterruptedException {
        Path script = Files.writeString(temp.resolve("completion"), run("completion").out());
        StringBuilder shell = new StringBuilder("compopt() { :; }; source '" + script + "'\n");
        for (String line : lines) {
            int words = line.split(" ", -1).length;
            shell.append("COMP_WORDS=(").append(line.endsWith(" ") ? line + "''" : line).append("); COMP_CWORD=")
                    .append(words - 1).append("; COMPREPLY=(); _complete_radedit; echo ${COMPREPLY[*]}\n");
        }
        Path asked = Files.writeString(temp.resolve("asked"), shell);
        Process p = new ProcessBuilder("bash", asked.toString()).redirectErrorStream(true).start();
        List<String> out = new String(p.getInputStream().readAllBytes()).lines().toList();
        assertTrue(p.waitFor(30, TimeUnit.SECONDS));
        assertEquals(lines.size(), out.size(), out.toString());
        return out.stream().map(CompletionTest::set).toList();
    }

    private static void collect(CommandLine command, String path, Map<String, OptionSpec> all) {
        for (OptionSpec o : command.getCommandSpec().options()) {
            all.put(path + o.longestName(), o);
        }
        command.getSubcommands().forEach((name, sub) -> collect(sub, path + name + " ", all));
    }

    private static boolean isClosed(ArgSpec a) {
        Class<?> type = a.auxiliaryTypes().length == 0 ? a.type() : a.auxiliaryTypes()[0];
        return type.isEnum() || a.completionCandidates() != null;
    }

    @Test
    void everyOptionWithWords() throws IOException, InterruptedException {
        Map<String, OptionSpec> all = new LinkedHashMap<>();
        collect(Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err)), "", all);
        List<String> lines = new ArrayList<>();
        List<Set<String>> expected = new ArrayList<>();
        all.forEach((path, o) -> {
            String words = WORDS.getOrDefault(path, o.longestName().equals("--size")
                    ? null
                    : WORDS.get(o.longestName()));
            assertEquals(words != null, isClosed(o), path);
            if (words != null) {
                lines.add("radedit " + path + " ");
                expected.add(set(words));
                String help = o.longestName().equals("--keep-rule") ? words : String.join(" ", o.description());
                for (String word : words.split(" ")) { // --keep-rule says: the same as --mask-rule
                    assertTrue(help.contains(word), path + " " + word);
                }
            }
        });
        List<Set<String>> offered = offered(lines);
        assertTrue(lines.size() > 25, lines.toString());
        for (int i = 0; i < lines.size(); i++) {
            assertEquals(expected.get(i), offered.get(i), lines.get(i));
        }
    }

    @Test
    void commandsAndParts() throws IOException, InterruptedException {
        List<Set<String>> offered = offered(List.of("radedit help we", "radedit help weights con",
                "radedit help weights ", "radedit audit run ", "radedit gen", "radedit generate --backend t",
                "radedit edit --mask-rule ma"));
        assertEquals(List.of(set("weights"), set("convert"),
                set("inspect verify convert fetch synthesize phantom sign verify-signature"), set(PARTS),
                set("generate"), set("tornado"),
                set("majority")), offered);
    }
}
