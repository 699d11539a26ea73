package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.files.OutputFile;
import radedit.files.OutputFolder;
import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.SettingsReader;
import radedit.tools.demo.DemoFigures;

/** radedit replay. */
@Command(name = "replay", mixinStandardHelpOptions = true, description = {
        "Makes a picture again from the settings in its file, and compares the two.",
        "Film, masks and noise are looked for where they were, then by their hashes in the folders of --search."}, footer = {
                "", "Examples:", "  radedit replay edited.png",
                "  radedit replay run/images/case.png --search films --model radedit --json"})
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a picture written by radedit (PNG, DICOM, NIfTI or safetensors)")
    private Path file;

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", converter = Outputs.Converter.class, description = "write the replayed picture, in FILE's format; a DICOM object names no patient")
    private @Nullable Path output;

    @Option(names = "--search", paramLabel = "DIR", description = "look for inputs in this folder and those in it, by hash; may be repeated")
    private List<Path> folders = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON document about the comparison, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        List<RecordedSettings> pictures = pictures(Inputs.read(file, SettingsReader::read));
        StoredPicture original = StoredPicture.read(file);
        checkOutput(original);
        InputFinder finder = new InputFinder(file, folders, listener::warning);
        RecordedSettings first = pictures.getFirst();
        Path temporary = Files.createTempDirectory("radedit-replay");
        OutputFolder.removeOnExit(temporary);
        try {
            Path again = original.temporary(temporary);
            ReplayReport report = first.text("command").equals("demo")
                    ? drawn(first, again)
                    : replayed(pictures, original, finder, again, listener);
            report.compared(original.compare(StoredPicture.read(again)));
            if (output != null) {
                StoredPicture.copy(again, output);
                report.written(output);
            }
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(OutputOptions.JSON.writeValueAsString(report.document()));
            } else {
                report.print(out, listener);
            }
            return report.isSame() ? Exit.OK : Exit.CHECK;
        } finally {
            OutputFolder.remove(temporary);
        }
    }

    private List<RecordedSettings> pictures(JsonNode settings) {
        List<RecordedSettings> all = new ArrayList<>();
        for (JsonNode each : settings.isArray() ? settings : List.of(settings)) {
            if (!each.isObject()) {
                throw new InvalidInputException(file + ": its settings are damaged");
            }
            all.add(new RecordedSettings(file, each));
        }
        if (all.isEmpty()) {
            throw new InvalidInputException(file + ": its settings are damaged");
        }
        return all;
    }

    private void checkOutput(StoredPicture original) throws IOException {
        if (output == null) {
            original.ending(); // refuses formats that are not written
            return;
        }
        if (!original.isSameFormat(output)) {
            throw new InvalidRequestException("-o " + output + ": must end in " + original.ending() + ", as "
                    + file.getFileName() + " has this format");
        }
        Outputs.requireDistinct("", output, file);
        OutputFile.check(output);
    }

    /** A phantom or a mask of the demo page. */
    private ReplayReport drawn(RecordedSettings s, Path to) throws IOException {
        Picture p = DemoFigures.draw(s.text("figure")).orElseThrow(() -> s.damaged("figure"));
        OutputFile.write(to, out -> Images.writePng(out, p, Metadata.text(asMap(s))));
        return new ReplayReport(file);
    }

    private static Map<String, Object> asMap(RecordedSettings s) {
        Map<String, Object> all = new LinkedHashMap<>();
        s.values().properties().forEach(e -> all.put(e.getKey(), e.getValue()));
        return all;
    }

    private ReplayReport replayed(List<RecordedSettings> pictures, StoredPicture original, InputFinder finder,
            Path again, Listener listener) throws IOException {
        try {
            ReplayModel chosen = new ReplayModel(model, pictures.getFirst(), listener);
            ReplayRequests requests = new ReplayRequests(finder, !original.isDicom(), listener);
            List<GenerateRequest> generations = new ArrayList<>();
            EditRequest edit = null;
            for (RecordedSettings s : pictures) {
                requireRepeatable(s, pictures.size());
                requireSize(s, original);
                if (s.text("command").equals("edit")) {
                    edit = requests.edit(s, chosen.canScore());
                } else {
                    generations.add(requests.generate(s));
                }
            }
            try (RadEdit radEdit = chosen.open(console)) {
                chosen.requireSame(radEdit);
                List<Result> results = new ArrayList<>();
                for (GenerateRequest r : generations) {
                    results.add(radEdit.generate(r, listener));
                }
                if (edit != null) {
                    results.add(radEdit.edit(edit, listener));
                }
                original.write(again, results, requests.film());
                ReplayReport report = new ReplayReport(file);
                report.made(pictures.getFirst(),
                        OutputOptions.JSON.valueToTree(results.getFirst().settings().getFirst()));
                return report;
            }
        } catch (InvalidRequestException e) {
            throw new InvalidInputException(file + ": its settings cannot be used: " + OptionNames.in(e), e);
        }
    }

    private void requireRepeatable(RecordedSettings s, int pictures) {
        if (s.has("probes")) {
            throw new InvalidInputException(file
                    + ": was made with probes, which may have changed it and are not recorded; it cannot be made again");
        }
        boolean isEdit = s.text("command").equals("edit");
        if (!isEdit && !s.text("command").equals("generate") || isEdit && pictures > 1) {
            throw s.damaged("command");
        }
    }

    private void requireSize(RecordedSettings s, StoredPicture original) throws IOException {
        StoredPicture.Size size = original.size();
        int side = s.integer("size");
        boolean own = s.has("native") && original.film() != null;
        if (!own && (size.width() != side || size.height() != side)) {
            throw new InvalidInputException(file + ": has " + size.width() + " x " + size.height()
                    + " pixels, its settings say " + side + " x " + side);
        }
    }
}
