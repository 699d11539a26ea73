package radedit.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import radedit.digest.Digests;
import radedit.imaging.Films;
import radedit.imaging.mask.MaskSource;

/** Records a result's input files in its settings: names, lengths and SHA-256. */
public final class Provenance {
    /** Stands for the name of a file that is not recorded. */
    public static final Path WITHHELD = Path.of("(withheld)");

    private final boolean named;
    private final Map<String, Object> inputs = new LinkedHashMap<>();

    /**
     * Records nothing yet.
     *
     * @param named
     *            whether to record names, or hashes only
     */
    public Provenance(boolean named) {
        this.named = named;
    }

    /**
     * Adds a file.
     *
     * @param what
     *            what the file is, such as {@code noise}
     * @param file
     *            the file; null adds nothing
     * @return this
     * @throws IOException
     *             if it cannot be read
     */
    public Provenance file(String what, @Nullable Path file) throws IOException {
        return file(what, String.valueOf(file), file);
    }

    /**
     * Adds a file by the name that the user gave it.
     *
     * @param what
     *            what the file is, such as that of a film
     * @param name
     *            its name
     * @param file
     *            the file; null adds nothing
     * @return this
     * @throws IOException
     *             if it cannot be read
     */
    public Provenance file(String what, String name, @Nullable Path file) throws IOException {
        if (file != null) {
            inputs.put(what, described("file", name, Optional.of(file)));
        }
        return this;
    }

    /**
     * Adds masks whose union is used.
     *
     * @param what
     *            what the union is, such as {@code edit_mask}
     * @param sources
     *            the masks; an empty list adds nothing
     * @return this
     * @throws IOException
     *             if a file cannot be read
     */
    public Provenance masks(String what, List<MaskSource> sources) throws IOException {
        List<Object> all = new ArrayList<>();
        for (MaskSource s : sources) {
            Map<String, Object> d = described("source", s.text(), s.file());
            if (!named && s.file().isPresent() && !s.isTable()) { // a row of a table may be the name of a patient
                d.put("source", s.at(WITHHELD).text());
            }
            all.add(d);
        }
        if (!all.isEmpty()) {
            inputs.put(what, all);
        }
        return this;
    }

    /** {@return what was added, for the settings of a result: JSON values by name} */
    public Map<String, Object> inputs() {
        return inputs;
    }

    private Map<String, Object> described(String key, String name, Optional<Path> file) throws IOException {
        Map<String, Object> d = new LinkedHashMap<>();
        if (named || file.isEmpty()) {
            d.put(key, name);
        }
        if (file.isPresent()) {
            d.put("sha256", Digests.hex("SHA-256", file.get()));
            d.put("bytes", Files.size(file.get()));
            Optional<Path> data = Films.dataFile(file.get());
            if (data.isPresent()) {
                d.put("data_sha256", Digests.hex("SHA-256", data.get()));
            }
        }
        return d;
    }
}
