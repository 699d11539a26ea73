package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.pipeline.SettingsReader;

/** radedit show. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the settings inside a picture written by radedit (PNG, DICOM, NIfTI or safetensors).")
final class ShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "F", description = "the picture")
    private Path file;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // brings --quiet and its like
    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        JsonNode settings = Inputs.read(file, SettingsReader::read);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(OutputOptions.JSON.writeValueAsString(settings));
        } else if (settings.isArray() && settings.size() != 1) {
            int number = 1;
            for (JsonNode picture : settings) {
                out.println("picture " + number++ + ":");
                SettingsText.print(out, "  ", picture);
            }
        } else {
            SettingsText.print(out, "", settings.isArray() ? settings.get(0) : settings);
        }
        return Exit.OK;
    }
}
