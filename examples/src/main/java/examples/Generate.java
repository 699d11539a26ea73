package examples;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.checkpoint.NamedModels;
import radedit.imaging.Images;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** Generates a film from text: {@code Generate MODEL OUT.png}, where MODEL is a folder or "demo". */
public final class Generate {
    public static void main(String[] args) throws Exception {
        Path model = NamedModels.resolve(Path.of(args[0]), System.getenv());
        try (RadEdit radEdit = RadEdit.open(model); OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
            Result film = radEdit.generate(new GenerateRequest("Small right-sided pleural effusion").steps(10).seed(7));
            Images.writePng(out, film.grey(0), Metadata.text(film.settings().getFirst()));
        }
    }
}
