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
import radedit.weights.OlderNames;
import radedit.weights.WeightsException;

/**
 * A model folder put together from files in the cache: links to them, and what had to be converted. It is built beside
 * its place and then takes the place of an earlier one. {@code fetched.json} in it says where everything is from.
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
     *            where the folder shall be
     * @param converter
     *            absent if there is none; the user is then told what to do
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
     * Refuses to replace a folder that somebody else has made.
     *
     * @throws WeightsException
     *             if that is what is at the place
     */
    static void check(Path target) throws IOException {
        if (Files.exists(target) && !Files.exists(target.resolve(ORIGIN))) {
            throw new WeightsException(target + ": exists, but was not made by 'radedit weights fetch'; move it away");
        }
    }

    /** Puts a file of a snapshot at a place in the folder. */
    void add(Snapshot snapshot, String file, String place) throws IOException {
        Path at = building.resolve(place);
        Files.createDirectories(at.getParent());
        Links.place(snapshot.path(file), at, links);
        origin.put(place, source(snapshot, file));
    }

    /**
     * Puts a network's weights into a part's folder, converted if that is needed.
     *
     * @param stem
     *            what the file shall be called, without its ending
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
            return s.tensors().keySet().stream().anyMatch(n -> !OlderNames.today(n).equals(n));
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

    /** Leaves a part out after all. */
    void drop(String part) throws IOException {
        OutputFolder.remove(building.resolve(part));
        origin.keySet().removeIf(p -> p.startsWith(part + "/"));
        converted.keySet().removeIf(p -> p.startsWith(part + "/"));
    }

    /** What a converted file in the folder that is there was made from. */
    private String earlier(String place) throws IOException {
        try {
            JsonNode json = Json.read(target.resolve(ORIGIN));
            return json.path("converted").path(place).asText("");
        } catch (FormatException e) {
            return ""; // a damaged note is none
        }
    }

    /** A name for a content that stays the same as long as the content does. */
    private static String source(Snapshot snapshot, String file) {
        return snapshot.repo() + "@" + snapshot.commit() + ":" + file;
    }

    /** Puts the folder at its place; returns whether nothing is left to be converted. */
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
