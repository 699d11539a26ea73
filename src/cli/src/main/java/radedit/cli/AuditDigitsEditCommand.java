package radedit.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import radedit.imaging.Film;
import radedit.pipeline.EditRequest;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;

/** radedit audit digits-edit. */
@Command(name = "digits-edit", mixinStandardHelpOptions = true, description = {
        "Estimates how many digits of each pixel of an edited film the arithmetic supports.",
        "As audit digits, for an edit: the picture is the model's, before it is put back into the film."}, footer = {"",
                "Example:", "  radedit audit digits-edit --image film.png --edit-mask box:120,80,200,160 \\",
                "      --prompt \"No pneumothorax\" --steps 20 --map digits.png"})
final class AuditDigitsEditCommand implements Callable<Integer> {
    @Mixin
    private EditSettings edit;

    @Mixin
    private PictureDigits digits;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        edit.check();
        if (edit.isJudged()) {
            throw new InvalidRequestException("--original-text and --min-score judge edits, and may choose another in"
                    + " each sample; leave them out");
        }
        Film film = edit.film(listener);
        // The metadata has hashes instead of the names of files, which may be patients' names.
        EditRequest request = edit.request(film, false, listener);
        digits.run(edit.sampling().batch(), listener, console.quiet(), spec.commandLine().getOut(), edit.files(),
                (radEdit, heard) -> radEdit.edit(request, heard));
        return Exit.OK;
    }
}
