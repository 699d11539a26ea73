package radedit.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import radedit.files.Messages;
import radedit.safetensors.Json;
import radedit.weights.WeightsException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Where the parts of a model lie: one folder in the published layout, or single parts from different folders, since
 * they are published in three places.
 */
public final class ModelFolder {
    /** The parts, under the names of the published layout. */
    public enum Part {
        UNET("unet"), VAE("vae"), TEXT_ENCODER("text_encoder"), TOKENIZER("tokenizer"), SCHEDULER("scheduler"),
        IMAGE_ENCODER("image_encoder");

        private final String folder;

        Part(String folder) {
            this.folder = folder;
        }

        public String folder() {
            return folder;
        }

        /** The setting that takes the part from a folder of its own. */
        Setting setting() {
            return Setting.valueOf(name());
        }
    }

    private static final int LONGEST_NOTICE = 200;

    private final Path root;
    private final Map<Part, Path> single;

    private ModelFolder(Path root, Map<Part, Path> single) {
        this.root = root;
        this.single = single;
    }

    /**
     * @param root
     *            the folder that holds the parts; may be null if every part is given by {@link #with}
     */
    public static ModelFolder of(Path root) {
        return new ModelFolder(root, Map.of());
    }

    /** This model with one part taken from another folder. */
    public ModelFolder with(Part part, Path folder) {
        Map<Part, Path> m = new EnumMap<>(Part.class);
        m.putAll(single);
        m.put(part, folder);
        return new ModelFolder(root, m);
    }

    /** Whether this part was asked for by its own folder. */
    public boolean names(Part part) {
        return single.containsKey(part);
    }

    /** The folder of a part, if it exists. */
    public Optional<Path> find(Part part) {
        Path p = single.get(part);
        if (p == null && root != null) {
            p = root.resolve(part.folder);
        }
        return Optional.ofNullable(p).filter(Files::isDirectory);
    }

    /**
     * The folder of a part.
     *
     * @throws WeightsException
     *             if there is none, with the way to give it
     */
    public Path get(Part part) {
        return find(part).orElseThrow(() -> {
            Path given = single.get(part);
            if (given != null) {
                return new WeightsException(given + ": no such folder");
            }
            if (root == null) {
                return new WeightsException(Message.of("no ", part.folder, " given (", Setting.MODEL, " or ",
                        part.setting(), ")"));
            }
            if (!Files.isDirectory(root)) {
                return new WeightsException(root + ": no such model folder");
            }
            return new WeightsException(Message.of(root.resolve(part.folder), ": missing (the model folder has no ",
                    part.folder, "; ", part.setting(), " names another folder)"));
        });
    }

    /**
     * What the model says of itself that every user of its pictures has to know: {@code _notice} in model_index.json, on one
     * line.
     */
    public Optional<String> notice() {
        String text = index().path("_notice").asText().replaceAll("\\p{Cntrl}+", " ").strip();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(text.substring(0, Math.min(LONGEST_NOTICE, text.length())));
    }

    /**
     * All words that the model has learnt: {@code _learnt_words} in model_index.json, in lower case. A model that lists them
     * knows no others, whatever its vocabulary holds. Its index says nothing about a tokenizer or text encoder from elsewhere.
     *
     * @return empty where the model lists none
     */
    public Optional<Set<String>> learntWords() {
        JsonNode words = index().path("_learnt_words");
        if (!words.isArray() || names(Part.TOKENIZER) || names(Part.TEXT_ENCODER)) {
            return Optional.empty();
        }
        return Optional.of(words.valueStream().map(JsonNode::asText).collect(Collectors.toSet()));
    }

    /** model_index.json; nothing where there is none. */
    private JsonNode index() {
        Path index = root == null ? null : root.resolve("model_index.json");
        if (index == null || !Files.isRegularFile(index)) {
            return MissingNode.getInstance();
        }
        try {
            return Json.read(index);
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    /** What to call this model where its place on this machine does not matter. */
    public String name() {
        Path p = root != null ? root : single.get(Part.UNET);
        return p == null || p.getFileName() == null ? "model" : p.toAbsolutePath().normalize().getFileName().toString();
    }

    @Override
    public String toString() {
        return root == null ? single.toString() : root.toString();
    }
}
