package radedit.tools.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tools.phantom.Caption;
import radedit.tools.phantom.Captions;
import radedit.tools.phantom.Claim;
import radedit.tools.phantom.Film;
import radedit.tools.phantom.Phantom;
import radedit.tools.phantom.PhantomRenderer;

/**
 * Writes phantoms to a folder: films/000000.png, masks/000000-NAME.png and manifest.jsonl, with one line per film: its
 * truth, its captions, and wrong captions. The packed form, for training, has all films in one tensor in
 * films.safetensors (U8 [count, size, size]) and no masks.
 */
public final class PhantomDataset {
    private static final int CAPTIONS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int count;
    private final long seed;
    private final int size;

    /**
     * Prepares a dataset.
     *
     * @param folder
     *            the folder, which is created
     * @param count
     *            number of films
     * @param seed
     *            seed of the series
     * @param size
     *            height and width of the films in pixels, at least 128
     */
    public PhantomDataset(Path folder, int count, long seed, int size) {
        this.folder = folder;
        this.count = count;
        this.seed = seed;
        this.size = size;
    }

    /**
     * Writes films and masks as pictures.
     *
     * @param progress
     *            receives the number of films done
     * @throws IOException
     *            if a file cannot be written
     */
    public void write(IntConsumer progress) throws IOException {
        Files.createDirectories(folder.resolve("films"));
        Files.createDirectories(folder.resolve("masks"));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Phantom phantom = Phantom.inSeries(seed, i);
            Film film = PhantomRenderer.render(phantom, size);
            String name = String.format("%06d", i);
            Picture picture = film.picture();
            OutputFile.write(folder.resolve("films").resolve(name + ".png"),
                    out -> Images.writePng(out, picture, Map.of("Comment", "synthetic phantom, not a radiograph")));
            for (Map.Entry<String, Mask> m : film.masks().entrySet()) {
                Picture mask = m.getValue().toPicture();
                OutputFile.write(folder.resolve("masks").resolve(name + "-" + m.getKey() + ".png"),
                        out -> Images.writePng(out, mask, Map.of()));
            }
            lines.add(line(phantom, "films/" + name + ".png", film));
            progress.accept(i + 1);
        }
        writeManifest(lines);
    }

    /**
     * Writes all films into one tensor.
     *
     * @param progress
     *            receives the number of films done
     * @throws IOException
     *            if a file cannot be written
     */
    public void writePacked(IntConsumer progress) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt").add("films", DType.U8,
                Shape.of(count, size, size), sink -> {
                    for (int i = 0; i < count; i++) {
                        Phantom phantom = Phantom.inSeries(seed, i);
                        Film film = PhantomRenderer.render(phantom, size);
                        for (byte b : film.picture().samples()) {
                            sink.put(b);
                        }
                        lines.add(line(phantom, null, film));
                        progress.accept(i + 1);
                    }
                });
        OutputFile.write(folder.resolve("films.safetensors"), writer::writeTo);
        writeManifest(lines);
    }

    private void writeManifest(List<String> lines) throws IOException {
        OutputFile.write(folder.resolve("manifest.jsonl"),
                out -> out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static String line(Phantom phantom, @Nullable String file, Film film) throws IOException {
        SplittableRandom random = new SplittableRandom(phantom.seed() ^ 0xca9L);
        Map<String, Object> m = new LinkedHashMap<>();
        if (file != null) {
            m.put("film", file);
            m.put("masks", film.masks().keySet());
        }
        m.put("seed", phantom.seed());
        List<String> truth = new ArrayList<>();
        phantom.findings().forEach(f -> truth.add(new Claim(f.kind().word(), f.side(), f.extent(), true).toString()));
        phantom.devices().forEach(d -> truth.add(new Claim(d.kind().word(), d.side(), null, true).toString()));
        m.put("truth", truth);
        List<Object> captions = new ArrayList<>();
        for (int i = 0; i < CAPTIONS; i++) {
            captions.add(json(Captions.draw(phantom, random)));
        }
        m.put("captions", captions);
        Map<String, Object> wrong = new LinkedHashMap<>();
        Captions.wrongSide(phantom, random).ifPresent(c -> wrong.put("side", json(c)));
        Captions.wrongFinding(phantom, random).ifPresent(c -> wrong.put("finding", json(c)));
        if (!phantom.findings().isEmpty()) {
            Caption normal = Captions.normal(random);
            if (!normal.holds(phantom)) {
                wrong.put("normal", json(normal));
            }
        }
        m.put("wrong", wrong);
        return JSON.writeValueAsString(m);
    }

    private static Map<String, Object> json(Caption c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("text", c.text());
        m.put("claims", c.claims().stream().map(Claim::toString).toList());
        return m;
    }
}
