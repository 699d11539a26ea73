package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import radedit.stress.FinishedRun;
import radedit.stress.evaluate.EvaluatedCase;
import radedit.stress.evaluate.RunFilms;

/** Writes the accepted cases of a run in a format that other programs read. */
public final class RunExport {
    private RunExport() {
    }

    /**
     * Writes a folder, which appears complete or not at all. Pictures are hard links where the file system has them.
     *
     * @param run
     *            the run
     * @param format
     *            the format
     * @param target
     *            the folder; must not exist, or be empty
     * @param warning
     *            receives what is left out, and why
     * @return number of pictures written
     * @throws radedit.stress.RunException
     *             if there is nothing to export, a column cannot be exported, or the folder is not empty
     * @throws IOException
     *             if a file cannot be read or written
     */
    public static int write(FinishedRun run, ExportFormat format, Path target, Consumer<String> warning)
            throws IOException {
        ExportedRun exported = ExportedRun.of(run, warning);
        try (ExportFolder out = ExportFolder.begin(target)) {
            switch (format) {
                case IMAGEFOLDER -> ImageFolderExport.write(exported, out);
                case MEDGROUND -> MedGroundExport.write(exported, out);
                case RADCF -> RadCfExport.write(exported, out);
                case CHEXGENBENCH -> cheXGenBench(exported, out);
                case IMAGES -> images(run, exported, out);
            }
            out.commit();
            return out.pictures();
        }
    }

    /** The names are those of {@link RunFilms}, so that scores computed elsewhere can be read again. */
    private static void images(FinishedRun run, ExportedRun exported, ExportFolder out) throws IOException {
        RunFilms films = RunFilms.of(run);
        for (String name : exported.originals().keySet()) {
            out.picture(films.file(name), name + ".png");
        }
        for (EvaluatedCase c : exported.cases()) {
            out.picture(films.file(c.id()), c.id() + ".png");
        }
    }

    /**
     * CheXGenBench (github.com/Raman1121/CheXGenBench, README and metrics/fid.py): {@code prompt_INFO.csv} with a prompt and the
     * name of its picture, relative to the folder {@code synthetic_images}.
     */
    private static void cheXGenBench(ExportedRun run, ExportFolder out) throws IOException {
        List<EvaluatedCase> edits = run.edits();
        run.require(edits, "controls have no prompt of their own");
        for (EvaluatedCase c : edits) {
            out.picture(ExportedRun.files(c).image(), "synthetic_images/" + c.id() + ".png");
        }
        out.csv("prompt_INFO.csv", List.of("prompt", "img_savename"),
                edits.stream().map(c -> List.of(ExportedRun.joined(c, "prompt"), c.id() + ".png")).toList());
    }
}
