package radedit.stress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.digest.Digests;
import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Placement;
import radedit.pipeline.EditDetails;
import radedit.pipeline.Judgement;
import radedit.pipeline.Metadata;
import radedit.pipeline.Result;

/** Writes the files of a finished case, and says what the journal shall know of them. */
final class CaseWriter {
    private final RunFolder folder;

    CaseWriter(RunFolder folder) {
        this.folder = folder;
    }

    /**
     * Writes the picture, the masks and the film before the edit.
     *
     * @param truth
     *            reference masks of the film's size, by column
     * @return what the journal shall know of them, by name
     */
    Map<String, Object> write(StressCase c, Result result, Map<String, Mask> truth) throws IOException {
        EditDetails details = result.editDetails();
        if (details == null) {
            throw new IllegalArgumentException("not the result of an edit");
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        Judgement j = result.judgement();
        entry.put("status", (j == null || j.passed() ? CaseStatus.DONE : CaseStatus.REJECTED).word());
        entry.put("reason", j == null || j.passed() ? null : "the score is below " + j.minScore());
        entry.put("seed", j == null ? result.settings().getFirst().get("seed") : j.best().seed());
        entry.put("image_text_score", j == null ? null : defined(j.best().imageText()));
        entry.put("edit_score", j == null ? null : defined(j.best().edit()));
        if (j != null && j.tries().size() > 1) {
            entry.put("tries", tries(j));
        }
        Picture film = details.film();
        String filmHash = Digests.hex(film.samples());
        entry.put("original", RunFolder.original(filmHash));
        entry.put("film_sha256", filmHash);
        writeOnce(RunFolder.original(filmHash), film);
        Mask edit = details.masks().edit();
        Mask keep = details.masks().keep();
        write(RunFolder.editMask(c.id()), edit.toPicture(), Metadata.text());
        if (keep != null) {
            write(RunFolder.keepMask(c.id()), keep.toPicture(), Metadata.text());
        }
        if (!truth.isEmpty()) {
            entry.put("truth_masks", truth(c, truth, details.placement()));
        }
        entry.put("image_sha256", write(RunFolder.image(c.id()), result.grey(0),
                Metadata.text(result.settings().getFirst())));
        return entry;
    }

    private List<Map<String, Object>> truth(StressCase c, Map<String, Mask> truth, Placement placement)
            throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map.Entry<String, Mask> e : truth.entrySet()) {
            String name = RunFolder.truthMask(c.id(), all.size() + 1);
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("column", e.getKey());
            m.put("file", name);
            m.put("sha256", write(name, placement.apply(e.getValue()).toPicture(), Metadata.text()));
            all.add(m);
        }
        return all;
    }

    private static List<Map<String, Object>> tries(Judgement j) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Judgement.Try t : j.tries()) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("seed", t.seed());
            m.put("image_text_score", defined(t.imageText()));
            m.put("edit_score", defined(t.edit()));
            all.add(m);
        }
        return all;
    }

    private static @Nullable Double defined(@Nullable Double score) {
        return score == null || score.isNaN() ? null : score;
    }

    private void writeOnce(String name, Picture p) throws IOException {
        if (!Files.exists(folder.file(name))) {
            write(name, p, Metadata.text());
        }
    }

    /** {@return the file's SHA-256} */
    private String write(String name, Picture p, Map<String, String> about) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Images.writePng(bytes, p, about);
        Path file = folder.file(name);
        OutputFile.write(file, out -> out.write(bytes.toByteArray()));
        return Digests.hex(bytes.toByteArray());
    }
}
