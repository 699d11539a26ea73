package radedit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.checkpoint.ModelFolder;
import radedit.pipeline.ModelSettings;
import radedit.tools.Verify;
import radedit.tools.WeightFile;
import radedit.weights.WeightsException;

/** radedit weights verify. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Checks that a checkpoint is complete, fits its configuration and is finite.",
        "Every tensor the configuration demands must be present with its shape, and no other that could mean another"
                + " architecture. In a model folder, the tokenizer, the scheduler and whether the parts fit together are"
                + " checked too.",
        "Prints the SHA-256 of the weights; published files are recognised where their hash is public.",
        "Exits with code 4 if anything is wrong."})
final class WeightsVerifyCommand implements Callable<Integer> {
    private static final int MOST_FAULTS = 20;

    @Parameters(paramLabel = "DIR", description = "a part's folder or a model folder")
    private Path folder;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<Verify.Report> reports = Verify.folder(folder);
        Set<String> faults = new LinkedHashSet<>();
        reports.forEach(r -> faults.addAll(r.faults()));
        List<String> settings = new ArrayList<>();
        if (reports.size() > 1) { // a whole model
            settings.addAll(ModelSettings.faults(ModelFolder.of(folder)));
            // Missing parts and configurations were reported above.
            settings.removeIf(
                    s -> faults.stream().anyMatch(f -> s.equals(f) || f.endsWith(": missing") && s.startsWith(f)));
            faults.addAll(settings);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("parts", reports.stream().map(WeightsVerifyCommand::document).toList());
            document.put("settings_faults", settings);
            document.put("valid", faults.isEmpty());
            out.println(OutputOptions.JSON.writeValueAsString(document));
        } else if (!console.quiet()) {
            reports.forEach(r -> print(r, out));
            if (!settings.isEmpty()) {
                out.println("settings: " + settings.size() + (settings.size() == 1 ? " fault" : " faults"));
                print("  ", settings, out);
            }
        }
        if (!faults.isEmpty()) {
            throw new WeightsException(faults.iterator().next()
                    + (faults.size() == 1 ? "" : "\n(and " + (faults.size() - 1) + " more)"));
        }
        return Exit.OK;
    }

    private static void print(Verify.Report r, PrintWriter out) {
        String verdict = !r.faults().isEmpty()
                ? r.faults().size() + (r.faults().size() == 1 ? " fault" : " faults")
                : r.againstConfig()
                        ? "as the configuration demands, all finite"
                        : "all finite; names and shapes were not compared with a configuration";
        out.printf("%s: %d tensors, %d parameters, %s%n", r.part() == null ? r.folder() : r.part(), r.tensors(),
                r.parameters(), verdict);
        for (WeightFile f : r.files()) {
            out.println("  " + WeightsInspectCommand.line(f));
        }
        print("  ", r.faults(), out);
        print("  warning: ", r.warnings(), out);
    }

    private static void print(String before, List<String> sentences, PrintWriter out) {
        sentences.stream().limit(MOST_FAULTS).forEach(f -> out.println(before + f));
        if (sentences.size() > MOST_FAULTS) {
            out.println("  ... and " + (sentences.size() - MOST_FAULTS) + " more (--json has all)");
        }
    }

    private static Map<String, Object> document(Verify.Report r) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("part", r.part());
        m.put("path", r.folder().toString());
        m.put("files", r.files().stream().map(WeightsInspectCommand::document).toList());
        m.put("tensors", r.tensors());
        m.put("parameters", r.parameters());
        m.put("against_config", r.againstConfig());
        m.put("faults", r.faults());
        m.put("warnings", r.warnings());
        return m;
    }
}
