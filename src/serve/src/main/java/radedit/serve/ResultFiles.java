package radedit.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.files.OutputFile;
import radedit.files.OutputFolder;
import radedit.imaging.Comparison;
import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.Films;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.imaging.dicom.DicomSource;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.imaging.dicom.SecondaryCapture.Identity;
import radedit.message.Message;
import radedit.picture.DicomObjects;
import radedit.picture.PictureFile;
import radedit.pipeline.EditDetails;
import radedit.pipeline.Result;
import radedit.pipeline.Scorer;
import radedit.pipeline.SimilarityMap;

/** Writes the files of a job's results, each result's folder whole or not at all. */
final class ResultFiles {
    private static final String PNG = "result.png";
    private static final String DICOM = "result.dcm";
    private static final String NIFTI = "result.nii.gz";
    /** Not among the files that clients are told of. */
    static final String SAMPLES = "samples";
    /** Most columns and rows of the similarity as numbers. */
    private static final int GRID = 64;
    /** Order in which clients are told of files. */
    private static final List<String> ORDER = List.of(PNG, DICOM, NIFTI, "metadata.json", "view.png", "before.png",
            "difference.png", "edit-mask.png", "keep-mask.png", "similarity.png", "similarity.json",
            "comparison.png");

    private final Job job;
    private final JobInputs inputs;
    private final @Nullable Film film;
    private final @Nullable Mask edit;
    private final @Nullable Mask keep;
    private final @Nullable Scorer scorer;
    private final SecondaryCapture.Series series = SecondaryCapture.Series.begin();

    /**
     * @param film
     *            the film that is edited; null for generated pictures
     * @param edit
     *            the edit mask, in the film's pixels; null likewise
     * @param keep
     *            the keep mask; null for none
     * @param scorer
     *            null if the model has no image encoder
     */
    ResultFiles(Job job, JobInputs inputs, @Nullable Film film, @Nullable Mask edit, @Nullable Mask keep,
            @Nullable Scorer scorer) {
        this.job = job;
        this.inputs = inputs;
        this.film = film;
        this.edit = edit;
        this.keep = keep;
        this.scorer = scorer;
    }

    /**
     * Writes a result and adds it to the job.
     *
     * @param number
     *            from 1
     */
    void write(int number, Result result) {
        try {
            Path folder = job.resultFolder(number);
            ObjectNode json;
            try (OutputFolder making = OutputFolder.begin(folder)) {
                json = fill(making.path(), number, result);
                making.commit();
            }
            job.add(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode fill(Path to, int number, Result result) throws IOException {
        Map<String, Object> settings = result.settings().getFirst();
        pictures(to, number, result);
        FilmStore.write(to.resolve("metadata.json"), Json.pretty(settings));
        Picture view = view(to, result);
        FilmStore.write(to.resolve("view.png"), Pngs.of(view));
        ObjectNode json = ResultJson.of(number, result, view);
        EditDetails details = result.editDetails();
        samples(to, details, view, json);
        if (details != null) {
            Picture before = details.nativeEdit() == null ? details.film() : details.nativeEdit().film().picture(0);
            json.put("largest_difference", compare(to, before, view));
            masks(to, details);
            Picture after = details.film().channels() == 1 ? result.grey(0) : result.rgb(0);
            FilmStore.write(to.resolve("comparison.png"), Pngs.of(Comparison.draw(details.film(), after,
                    details.blendWeight(), details.filmArea(), details.masks())));
        }
        similarity(to, settings, view);
        ArrayNode files = json.putArray("files");
        try (Stream<Path> all = Files.list(to)) {
            List<String> names = all.map(p -> p.getFileName().toString()).toList();
            ORDER.stream().filter(names::contains).forEach(files::add);
        }
        return json;
    }

    /** Samples for window and level: of a film at its native size, with the film's meaning. */
    private void samples(Path to, @Nullable EditDetails details, Picture view, ObjectNode json) throws IOException {
        NativeEdit.Outcome own = details == null ? null : details.nativeEdit();
        FilmSamples samples = own == null || own.film().isColour()
                ? FilmSamples.of(view)
                : FilmSamples.of(own.film(), own.stored());
        json.put("native", own != null).set("pixels", samples.json());
        FilmStore.write(to.resolve(SAMPLES), samples.bytes());
    }

    /** The result as the command line writes it, in every format that holds it. */
    private void pictures(Path to, int number, Result result) throws IOException {
        int bits = job.request().path("bits").asInt(8);
        PictureFile file = PictureFile.of(result, bits, false);
        if (may(result, PictureFile.Form.PNG)) {
            OutputFile.write(to.resolve(PNG), out -> file.writeTo(out, false, false));
        }
        if (may(result, PictureFile.Form.NIFTI)) {
            OutputFile.write(to.resolve(NIFTI), out -> file.writeTo(out, true, true));
        }
        if (may(result, PictureFile.Form.DICOM)) {
            OutputFile.write(to.resolve(DICOM), dicom().of(series, number, result, bits, false)::writeTo);
        }
    }

    /** Whether a format holds a result; says why if not. */
    private boolean may(Result result, PictureFile.Form form) {
        EditDetails details = result.editDetails();
        Message obstacle = details == null || details.nativeEdit() == null
                ? null
                : PictureFile.obstacle(details.nativeEdit().film(), form);
        if (obstacle != null) {
            job.warn("no " + (form == PictureFile.Form.NIFTI ? "NIfTI" : form) + " file of the result: the film "
                    + Words.of(obstacle).replaceAll(" \\(output x\\.[a-z.]+\\)", ""));
        }
        return obstacle == null;
    }

    private DicomObjects dicom() throws IOException {
        if (film == null || !film.format().equals("DICOM")) {
            return DicomObjects.WITHOUT_SOURCE;
        }
        DicomSource source = DicomSource.of(inputs.film(job));
        return new DicomObjects(source,
                job.request().path("patient").asText().equals("keep") ? Identity.KEPT : Identity.REMOVED);
    }

    /** What people are shown: of a film at its native size, the file that was just written, as the film is shown. */
    private Picture view(Path to, Result result) throws IOException {
        EditDetails details = result.editDetails();
        if (film == null || details == null || details.nativeEdit() == null) {
            return result.grey(0);
        }
        FilmOptions how = new FilmOptions(film.options().loader(), radedit.imaging.FilmReader.ALL_FRAMES,
                film.options().window());
        for (String name : film.format().equals("DICOM") ? List.of(DICOM, NIFTI, PNG) : List.of(NIFTI, PNG, DICOM)) {
            boolean other = name.equals(NIFTI) && List.of("PNG", "JPEG", "TIFF", "GIF", "BMP").contains(film.format());
            if (Files.exists(to.resolve(name)) && !other) {
                return Films.read(to.resolve(name), how).picture(0);
            }
        }
        return result.grey(0);
    }

    /** Draws the difference of two pictures of one size; returns the largest one. */
    private static int compare(Path to, Picture before, Picture after) throws IOException {
        FilmStore.write(to.resolve("before.png"), Pngs.of(before));
        Picture a = before.toGrey();
        Picture b = after.toGrey();
        double[] values = new double[a.samples().length];
        int largest = 0;
        for (int i = 0; i < values.length; i++) {
            int d = (b.samples()[i] & 0xFF) - (a.samples()[i] & 0xFF);
            largest = Math.max(largest, Math.abs(d));
            values[i] = d;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= Math.max(1, largest);
        }
        FilmStore.write(to.resolve("difference.png"), Pngs.of(ScoreWork.over(a, values)));
        return largest;
    }

    private void masks(Path to, EditDetails details) throws IOException {
        boolean own = details.nativeEdit() != null;
        Mask editShown = own && edit != null ? edit : details.masks().edit();
        FilmStore.write(to.resolve("edit-mask.png"), Pngs.of(editShown));
        Mask keepShown = own ? keep : details.masks().keep();
        if (keepShown != null) {
            FilmStore.write(to.resolve("keep-mask.png"), Pngs.of(keepShown));
        }
    }

    /** Draws where the picture is like its prompts, if the model can tell. */
    private void similarity(Path to, Map<String, Object> settings, Picture view) throws IOException {
        if (scorer == null) {
            return;
        }
        List<String> texts = settings.get("prompts") instanceof List<?> all
                ? all.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(settings.get("prompt")));
        try {
            Scorer.FilmEmbedding embedded = scorer.film(Film.of(view.toGrey(), "result"));
            double[] values = scorer.map(embedded, scorer.text(texts), SimilarityMap.Interpolation.BILINEAR).values();
            FilmStore.write(to.resolve("similarity.png"), Pngs.of(ScoreWork.over(view, values)));
            FilmStore.write(to.resolve("similarity.json"), Json.bytes(grid(values, view.width(), view.height())));
        } catch (radedit.pipeline.InvalidInputException | radedit.pipeline.InvalidRequestException e) {
            job.warn("no similarity map: " + Words.of(e));
        }
    }

    /** Values of a picture on a coarse grid, at the middle of each cell. */
    static ObjectNode grid(double[] values, int width, int height) {
        int columns = Math.min(GRID, width);
        int rows = Math.min(GRID, height);
        ObjectNode o = Json.object().put("columns", columns).put("rows", rows).put("left", 0).put("top", 0)
                .put("cell_width", (double) width / columns).put("cell_height", (double) height / rows);
        ArrayNode all = o.putArray("values");
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double v = values[(2 * r + 1) * height / (2 * rows) * width + (2 * c + 1) * width / (2 * columns)];
                if (Double.isNaN(v)) {
                    all.addNull();
                } else {
                    all.add(Math.rint(v * 1e4) / 1e4);
                }
            }
        }
        return o;
    }
}
