package radedit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.checkpoint.NamedModels;
import radedit.exec.BackendException;
import radedit.exec.Backends;
import radedit.files.Messages;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.tensor.Precision;
import radedit.weights.WeightsException;

/** The model that made a picture, and the backend to run it on. */
final class ReplayModel {
    private final ModelOptions options;
    private final RecordedSettings picture;
    private final Listener listener;
    private final ModelFolder folder;

    /**
     * @throws WeightsException
     *             if no option names a model and the recorded name is not that of one
     */
    ReplayModel(ModelOptions options, RecordedSettings picture, Listener listener) {
        this.options = options;
        this.picture = picture;
        this.listener = listener;
        this.folder = choose();
    }

    private ModelFolder choose() {
        String name = picture.within("model").text("name");
        String variable = System.getenv("RADEDIT_MODEL");
        boolean isDemo = name.equals(DemoModel.NAME);
        if (options.isGiven() || variable != null && !variable.isEmpty() && !isDemo) {
            return options.folder();
        }
        if (isDemo) {
            return ModelFolder.of(DemoModel.folder());
        }
        if (name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            Path named = NamedModels.folder(name, System.getenv());
            if (Files.isDirectory(named)) {
                return ModelFolder.of(named);
            }
        }
        throw new WeightsException(picture.file() + ": was made with the model " + Messages.printable(name)
                + " (SHA-256 of its unet " + hash(picture.within("model").within("sha256").values().path("unet"))
                + ")\n--model DIR says where it is");
    }

    /** Whether the model can compute an edit's score again; without one the pixels are the same. */
    boolean canScore() {
        if (!picture.has("original_text") || folder.find(Part.IMAGE_ENCODER).isEmpty()) {
            return false;
        }
        try (var _ = Scorer.open(folder, RunOptions.DEFAULT)) {
            return true;
        } catch (InvalidRequestException | InvalidInputException | WeightsException e) {
            listener.note("no edit score: " + OptionNames.in(e));
            return false;
        }
    }

    /** Opens the model on the backend that was asked for, else on the picture's if it runs here. */
    RadEdit open(Listener console) {
        int tile = picture.has("vae_tile") ? picture.integer("vae_tile") : 0;
        boolean fast = picture.isSet("fast_math");
        Precision precision = picture.precision();
        String recorded = picture.text("backend").replaceFirst(" .*", "");
        if (options.backend().equals(Backends.AUTO)
                && Backends.providers().stream().anyMatch(p -> p.name().equals(recorded))) {
            try {
                return RadEdit.open(folder, options.repeating(recorded, fast, tile, precision), console);
            } catch (BackendException e) {
                listener.note("the backend " + recorded + " does not run here: " + OptionNames.in(e));
            }
        }
        boolean able = Backends.withFastMath().contains(options.backend());
        return RadEdit.open(folder, options.repeating(options.backend(), fast && able, tile, precision), console);
    }

    /**
     * Compares the weights.
     *
     * @throws WeightsException
     *             if they are not those that made the picture
     */
    void requireSame(RadEdit radEdit) {
        JsonNode recorded = picture.within("model").within("sha256").values();
        JsonNode now = OutputOptions.JSON.valueToTree(radEdit.describe()).path("model").path("sha256");
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : now.properties()) {
            if (!e.getValue().equals(recorded.path(e.getKey()))) {
                others.add(e.getKey());
            }
        }
        if (!others.isEmpty()) {
            String part = others.getFirst();
            throw new WeightsException(picture.file() + ": was made with other weights than those of " + folder + ": "
                    + String.join(", ", others) + " (" + part + " had SHA-256 " + hash(recorded.path(part)) + ", here "
                    + hash(now.path(part)) + ")\n--model DIR names the model that made it, "
                    + Messages.printable(picture.within("model").text("name")));
        }
    }

    private static String hash(JsonNode recorded) {
        String text = recorded.isArray() ? recorded.path(0).asText() + " and others" : recorded.asText();
        return text.isEmpty() ? "not recorded" : Messages.printable(text.substring(0, Math.min(90, text.length())));
    }
}
