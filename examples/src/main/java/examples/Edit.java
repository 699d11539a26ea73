package examples;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.checkpoint.NamedModels;
import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** Edits a film inside a mask: {@code Edit MODEL FILM MASK OUT.png}, where MASK is a file or box:x,y,w,h. */
public final class Edit {
    public static void main(String[] args) throws Exception {
        Path model = NamedModels.resolve(Path.of(args[0]), System.getenv());
        Film film = Films.read(Path.of(args[1]));
        Mask mask = MaskSource.of(args[2]).read(new Extent(film.columns(), film.rows()), System.err::println);
        try (RadEdit radEdit = RadEdit.open(model); OutputStream out = Files.newOutputStream(Path.of(args[3]))) {
            Result edited = radEdit.edit(new EditRequest(film, mask).prompt("No pleural effusion").steps(10));
            Images.writePng(out, edited.grey(0), Metadata.text(edited.settings().getFirst()));
        }
    }
}
