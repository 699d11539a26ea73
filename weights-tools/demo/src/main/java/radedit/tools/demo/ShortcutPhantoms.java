package radedit.tools.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.tools.phantom.Device;
import radedit.tools.phantom.Film;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Phantom;
import radedit.tools.phantom.PhantomRenderer;
import radedit.tools.phantom.Side;

/**
 * The films of the stress test for a shortcut, as in RadEdit's experiment on manifestation shift (Perez-Garcia et al., ECCV
 * 2024): pneumothoraces with a chest drain, each with an edit that removes the pneumothorax and keeps the drain.
 *
 * <ul>
 * <li>films/000.png, masks/000-lung.png (the edit mask: the lung, extended by 4 pixels) and masks/000-drain.png (the keep
 * mask), all of 128 x 128 pixels; manifest.csv has a row for each, for {@code radedit stress run};
 * <li>counterfactuals/000.png, the same patient and exposure drawn without the pneumothorax, with the drain: what a perfect edit
 * would make. With it, the answer to an edit can be told from the answer to the edit's faults;
 * <li>validation/000.png with validation.csv (image, pneumothorax: 0 or 1), other patients, for thresholds. A half has a
 * pneumothorax with a drain; the others have neither, so these films cannot tell whether a model looks for the drain.
 * </ul>
 */
public final class ShortcutPhantoms {
    private static final int SIZE = 128;
    private static final int GROWN = 4;
    /** Films of a series are drawn from seeds from here on; those of the training films are hashes. */
    private static final long SEEDS = 0x5_40c7_0000_0000L;
    private static final long SERIES = 0x10_0000_0000L;
    private static final long VALIDATION = 0x8_0000_0000L;
    private static final long PATIENT = 1000;

    private final Path folder;
    private final long seed;

    /**
     * Prepares a series.
     *
     * @param folder
     *            the folder, which is created
     * @param seed
     *            number of the series, 0 to 65535
     * @throws IllegalArgumentException
     *             if there is no such series
     */
    public ShortcutPhantoms(Path folder, long seed) {
        if (seed < 0 || seed > 0xFFFF) {
            throw new IllegalArgumentException("series " + seed);
        }
        this.folder = folder;
        this.seed = seed;
    }

    /**
     * Writes the films to edit, their masks, their counterfactuals and manifest.csv.
     *
     * @param count
     *            number of films, sides alternating
     * @param progress
     *            receives the number of films done
     * @return the manifest
     * @throws IOException
     *             if a file cannot be written
     */
    public Path writeFilms(int count, IntConsumer progress) throws IOException {
        Files.createDirectories(folder.resolve("films"));
        Files.createDirectories(folder.resolve("masks"));
        Files.createDirectories(folder.resolve("counterfactuals"));
        List<String> rows = new ArrayList<>();
        rows.add("case_id,patient_id,image,edit_mask,keep_mask,prompt,original_text,sham_prompt,role,target,direction,"
                + "counterfactual,pneumothorax,drain");
        for (int i = 0; i < count; i++) {
            Side side = i % 2 == 0 ? Side.LEFT : Side.RIGHT;
            Phantom phantom = drained(SEEDS + seed * SERIES + PATIENT * i, side);
            Film film = PhantomRenderer.render(phantom, SIZE);
            String id = name(i);
            String image = "films/" + id + ".png";
            String edit = "masks/" + id + "-lung.png";
            String keep = "masks/" + id + "-drain.png";
            String counterfactual = "counterfactuals/" + id + ".png";
            write(image, film.picture(), true);
            write(counterfactual, PhantomRenderer.render(phantom.without(Finding.Kind.PNEUMOTHORAX), SIZE).picture(),
                    true);
            write(edit, DemoTasks.grown(film.lung(side), GROWN).toPicture(), false);
            write(keep, drain(film, side).toPicture(), false);
            // A sham that asked for no finding would remove it: it asks for what is there.
            String text = caption(phantom);
            rows.add(String.join(",", id, id, image, edit, keep, "No pneumothorax", text, text, "remove",
                    "pneumothorax", "down", counterfactual, "1", "1"));
            progress.accept(i + 1);
        }
        return table("manifest.csv", rows);
    }

    /**
     * Writes the films for thresholds and validation.csv.
     *
     * @param count
     *            number of films, those with a pneumothorax and those without alternating
     * @param progress
     *            receives the number of films done
     * @return the table
     * @throws IOException
     *             if a file cannot be written
     */
    public Path writeValidation(int count, IntConsumer progress) throws IOException {
        Files.createDirectories(folder.resolve("validation"));
        List<String> rows = new ArrayList<>();
        rows.add("case_id,image,pneumothorax");
        for (int i = 0; i < count; i++) {
            long from = SEEDS + seed * SERIES + VALIDATION + PATIENT * i;
            boolean ill = i % 2 == 0;
            Phantom phantom = ill ? drained(from, i % 4 == 0 ? Side.LEFT : Side.RIGHT) : control(from);
            String image = "validation/" + name(i) + ".png";
            write(image, PhantomRenderer.render(phantom, SIZE).picture(), true);
            rows.add(String.join(",", name(i), image, ill ? "1" : "0"));
            progress.accept(i + 1);
        }
        return table("validation.csv", rows);
    }

    private static String name(int i) {
        return String.format(Locale.ROOT, "%03d", i);
    }

    /** The first patient from a seed on who has a pneumothorax with a drain. */
    private static Phantom drained(long from, Side side) {
        for (long s = from;; s++) {
            Phantom p = Phantom.draw(s, List.of(Finding.Kind.PNEUMOTHORAX), side);
            if (p.has(Device.Kind.DRAIN, side)) {
                return p;
            }
        }
    }

    /** The first patient from a seed on, healthy or with any other finding, who has neither pneumothorax nor drain. */
    private static Phantom control(long from) {
        for (long s = from;; s++) {
            Phantom p = Phantom.draw(s);
            if (!p.has(Finding.Kind.PNEUMOTHORAX, null) && !p.has(Device.Kind.DRAIN, null)) {
                return p;
            }
        }
    }

    private static Mask drain(Film film, Side side) {
        Mask drain = film.masks().get("drain-" + side.word());
        if (drain == null) {
            throw new IllegalStateException("no drain");
        }
        return drain;
    }

    private static String caption(Phantom phantom) {
        Finding f = phantom.findings().getFirst();
        String extent = f.extent() == Finding.Extent.LARGE ? "Large" : "Small";
        boolean left = f.side() == Side.LEFT;
        return extent + (left ? " left pneumothorax. Left" : " right pneumothorax. Right") + " chest drain";
    }

    private void write(String name, Picture picture, boolean film) throws IOException {
        OutputFile.write(folder.resolve(name), out -> Images.writePng(out, picture,
                film ? Map.of("Comment", "synthetic phantom, not a radiograph") : Map.of()));
    }

    private Path table(String name, List<String> rows) throws IOException {
        Path file = folder.resolve(name);
        OutputFile.write(file,
                out -> out.write((String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8)));
        return file;
    }
}
