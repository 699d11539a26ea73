package radedit.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

import radedit.files.Messages;
import radedit.safetensors.Json;
import radedit.weights.WeightsException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * The folders of a model's parts: one folder in the published layout, or single parts in other folders, since they are
 * published in three places.
 */
public final class ModelFolder {
    /** The parts, under the names of the published layout. */
    public enum Part {
        /** The network that predicts noise ({@link radedit.model.UNet}). */
        UNET("unet"),
        /** The autoencoder between pictures and latents ({@link radedit.model.Vae}). */
        VAE("vae"),
        /** The text encoder ({@link radedit.model.CxrBert}). */
        TEXT_ENCODER("text_encoder"),
        /** The text encoder's vocabulary. */
        TOKENIZER("tokenizer"),
        /** The noise schedule; may be missing. */
        SCHEDULER("scheduler"),
        /** The image encoder ({@link radedit.model.BioVilImage}), needed for scores only. */
        IMAGE_ENCODER("image_encoder");

        private final String folder;

        Part(String folder) {
            this.folder = folder;
        }

        /** {@return the name of the part's folder in the published layout} */
        public String folder() {
            return folder;
        }

        /** {@return the setting that names another folder for the part} */
        Setting setting() {
            return Setting.valueOf(name());
        }
    }

    private static final int MAX_NOTICE_LENGTH = 200;

    private final @Nullable Path root;
    private final Map<Part, Path> overrides;
    /** Parts that are not used even if they are there. */
    private final Set<Part> absent;

    private ModelFolder(@Nullable Path root, Map<Part, Path> overrides, Set<Part> absent) {
        this.root = root;
        this.overrides = overrides;
        this.absent = absent;
    }

    /**
     * {@return a model in one folder; nothing is read yet}
     *
     * @param root
     *            the folder that holds the parts; may be null if every part is given by {@link #with}
     */
    public static ModelFolder of(@Nullable Path root) {
        return new ModelFolder(root, Map.of(), Set.of());
    }

    /**
     * {@return this model with one part in another folder}
     *
     * @param part
     *            the part
     * @param folder
     *            its folder
     */
    public ModelFolder with(Part part, Path folder) {
        Map<Part, Path> m = new EnumMap<>(Part.class);
        m.putAll(overrides);
        m.put(part, folder);
        return new ModelFolder(root, m, absent);
    }

    /**
     * {@return this model without one of its parts, as if its folder were missing}
     *
     * @param part
     *            the part
     */
    public ModelFolder without(Part part) {
        Map<Part, Path> m = new EnumMap<>(Part.class);
        m.putAll(overrides);
        m.remove(part);
        Set<Part> all = EnumSet.of(part);
        all.addAll(absent);
        return new ModelFolder(root, m, all);
    }

    /**
     * {@return whether a part was given a folder by {@link #with}}
     *
     * @param part
     *            the part
     */
    public boolean hasOverride(Part part) {
        return overrides.containsKey(part);
    }

    /**
     * {@return the folder of a part, if it exists}
     *
     * @param part
     *            the part
     */
    public Optional<Path> find(Part part) {
        Path p = overrides.get(part);
        if (p == null && root != null) {
            p = root.resolve(part.folder);
        }
        return Optional.ofNullable(p).filter(f -> !absent.contains(part) && Files.isDirectory(f));
    }

    /**
     * {@return the folder of a part}
     *
     * @param part
     *            the part
     * @throws WeightsException
     *             if it does not exist; the message says how to name another
     */
    public Path get(Part part) {
        return find(part).orElseThrow(() -> {
            Path given = overrides.get(part);
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
     * {@return what every user of the model's pictures must know: {@code _notice} of model_index.json, on one line of
     * at most 200 characters; empty if there is none}
     *
     * @throws WeightsException
     *             if model_index.json cannot be read
     */
    public Optional<String> notice() {
        String text = index().path("_notice").asText().replaceAll("\\p{Cntrl}+", " ").strip();
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(text.substring(0, Math.min(MAX_NOTICE_LENGTH, text.length())));
    }

    /**
     * {@return all words that the model has learnt: {@code _learnt_words} of model_index.json, in lower case; empty if
     * it lists none, or if tokenizer or text encoder are in another folder, to which the list does not apply}
     *
     * @throws WeightsException
     *             if model_index.json cannot be read
     */
    public Optional<Set<String>> learntWords() {
        JsonNode words = index().path("_learnt_words");
        if (!words.isArray() || hasOverride(Part.TOKENIZER) || hasOverride(Part.TEXT_ENCODER)) {
            return Optional.empty();
        }
        return Optional.of(words.valueStream().map(JsonNode::asText).collect(Collectors.toSet()));
    }

    /** {@return model_index.json; a missing node if there is none} */
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

    /** {@return the name of the model's folder, for metadata, which should not have paths of a machine} */
    public String name() {
        Path p = root != null ? root : overrides.get(Part.UNET);
        return p == null || p.getFileName() == null ? "model" : p.toAbsolutePath().normalize().getFileName().toString();
    }

    @Override
    public String toString() {
        return root == null ? overrides.toString() : root.toString();
    }
}
