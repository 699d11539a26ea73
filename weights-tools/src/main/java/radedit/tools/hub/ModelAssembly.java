package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.files.Messages;
import radedit.files.OutputFolder;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;
import radedit.safetensors.Safetensors;
import radedit.weights.LegacyNames;
import radedit.weights.WeightsException;

/**
 * Assembles a model folder from files in the cache: links to them, and converted weights. It is built next to its
 * target and then replaces an earlier one. Its {@code fetched.json} records where everything comes from.
 */
final class ModelAssembly implements AutoCloseable {
    static final String ORIGIN = "fetched.json";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path target;
    private final Path building;
    private final Links.Kind links;
    private final Optional<Converter> converter;
    private final FetchListener listener;
    private final CacheLock lock;
    private final Map<String, Object> origin = new LinkedHashMap<>();
    private final Map<String, String> converted = new LinkedHashMap<>();
    private boolean ready = true;

    /**
     * @param target
     *            the folder
     * @param converter
     *            if absent, the listener is told what to convert
     */
    ModelAssembly(Path target, boolean links, Optional<Converter> converter, FetchListener listener)
            throws IOException {
        check(target);
        this.target = target.toAbsolutePath();
        this.building = this.target.resolveSibling("." + target.getFileName() + ".part");
        this.links = links ? Links.Kind.ABSOLUTE : Links.Kind.NONE;
        this.converter = converter;
        this.listener = listener;
        this.lock = CacheLock.acquire(this.target.resolveSibling("." + target.getFileName() + ".lock"),
                "the model " + target.getFileName(), listener);
        OutputFolder.remove(building);
    }

    /**
     * Refuses to replace a folder that this program did not make.
     *
     * @throws WeightsException
     *            if the target is such a folder
     */
    static void check(Path target) throws IOException {
        if (Files.exists(target) && !Files.exists(target.resolve(ORIGIN))) {
            throw new WeightsException(target + ": exists, but was not made by 'radedit weights fetch'; move it away");
        }
    }

    /** Adds a file of a snapshot to the folder. */
    void add(Snapshot snapshot, String file, String place) throws IOException {
        Path at = building.resolve(place);
        Files.createDirectories(at.getParent());
        Links.place(snapshot.path(file), at, links);
        origin.put(place, source(snapshot, file));
    }

    /**
     * Adds a network's weights to a part's folder, converted if necessary.
     *
     * @param stem
     *            file name without its ending
     */
    void addWeights(Snapshot snapshot, WeightFiles weights, String part, String stem) throws IOException {
        String first = weights.files().getFirst();
        String place = part + "/" + stem + ".safetensors";
        if (weights.files().size() > 1) {
            for (String f : weights.files()) {
                add(snapshot, f, part + "/" + f.substring(f.lastIndexOf('/') + 1));
            }
        } else if (weights.pickle() || hasOldNames(snapshot.path(first))) {
            convert(snapshot, first, part, place);
        } else {
            add(snapshot, first, place);
        }
    }

    private static boolean hasOldNames(Path file) {
        try (Safetensors s = Safetensors.open(file)) {
            return s.tensors().keySet().stream().anyMatch(n -> !LegacyNames.current(n).equals(n));
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    private void convert(Snapshot snapshot, String file, String part, String place) throws IOException {
        String source = source(snapshot, file);
        converted.put(place, source);
        Path out = building.resolve(place);
        Files.createDirectories(out.getParent());
        if (Files.isRegularFile(target.resolve(place)) && source.equals(earlier(place))) {
            Links.place(target.resolve(place), out, Links.Kind.NONE);
        } else if (converter.isPresent()) {
            converter.get().convert(snapshot.path(file), out);
        } else {
            ready = false;
            String beside = part + "/" + file.substring(file.lastIndexOf('/') + 1);
            if (beside.equals(place)) {
                beside = part + "/original.safetensors";
            }
            add(snapshot, file, beside);
            listener.warning(target.resolve(beside) + ": has to be converted:\n    radedit weights convert '"
                    + target.resolve(beside) + "' '" + target.resolve(place) + "'");
        }
    }

    /** Removes a part. */
    void drop(String part) throws IOException {
        OutputFolder.remove(building.resolve(part));
        origin.keySet().removeIf(p -> p.startsWith(part + "/"));
        converted.keySet().removeIf(p -> p.startsWith(part + "/"));
    }

    /** The source of a converted file in the existing folder. */
    private String earlier(String place) throws IOException {
        try {
            JsonNode json = Json.read(target.resolve(ORIGIN));
            return json.path("converted").path(place).asText("");
        } catch (FormatException e) {
            return ""; // ignore a damaged record
        }
    }

    /** An identifier that changes only with the content. */
    private static String source(Snapshot snapshot, String file) {
        return snapshot.repo() + "@" + snapshot.commit() + ":" + file;
    }

    /** Moves the folder to its target; returns whether the model is complete, without anything left to convert. */
    boolean finish() throws IOException {
        JSON.writeValue(building.resolve(ORIGIN).toFile(), Map.of("files", origin, "converted", converted));
        Path old = target.resolveSibling("." + target.getFileName() + ".old");
        OutputFolder.remove(old);
        if (Files.exists(target)) {
            Files.move(target, old);
        }
        Files.move(building, target);
        OutputFolder.remove(old);
        return ready;
    }

    @Override
    public void close() throws IOException {
        try {
            OutputFolder.remove(building);
        } finally {
            lock.close();
        }
    }
}
