package radedit.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.digest.Digests;
import radedit.files.Messages;
import radedit.model.CxrBertConfig;
import radedit.model.SchedulerConfig;
import radedit.model.UNetConfig;
import radedit.model.VaeConfig;
import radedit.text.WordPiece;
import radedit.weights.WeightsException;

/** The parts of a model that have no weights: scheduler, tokenizer and index; and whether its parts fit together. */
public final class ModelSettings {
    private static final List<String> VOCABULARY = List.of("vocab.txt", "tokenizer.json", "tokenizer_config.json");
    /** The files without weights that decide what a picture looks like, by part, in the order in which they are hashed. */
    private static final Map<Part, List<String>> SETTINGS = new EnumMap<>(Map.of(Part.UNET, List.of("config.json"),
            Part.VAE, List.of("config.json"), Part.TEXT_ENCODER,
            Stream.concat(Stream.of("config.json"), VOCABULARY.stream()).toList(), Part.TOKENIZER, VOCABULARY,
            Part.SCHEDULER, List.of("scheduler_config.json")));

    private ModelSettings() {
    }

    /**
     * {@return the faults for which {@link RadEdit#open(Path)} would refuse a model, except those of its weights; empty
     * if none}
     *
     * @param model
     *            the model
     */
    public static List<String> faults(ModelFolder model) {
        Set<String> faults = new LinkedHashSet<>();
        Optional<UNetConfig> unet = attempt(() -> UNetConfig.read(model.get(Part.UNET)), faults);
        Optional<VaeConfig> vae = attempt(() -> VaeConfig.read(model.get(Part.VAE)), faults);
        Optional<CxrBertConfig> text = attempt(() -> CxrBertConfig.read(model.get(Part.TEXT_ENCODER)), faults);
        attempt(() -> scheduler(model), faults);
        text.ifPresent(t -> attempt(() -> Tokenizers.read(model, t), faults));
        if (unet.isPresent() && vae.isPresent() && text.isPresent()) {
            attempt(() -> {
                checkFit(model, unet.get(), vae.get(), text.get());
                return model;
            }, faults);
        }
        attempt(model::notice, faults);
        return List.copyOf(faults);
    }

    /**
     * {@return the hash of each part's settings, which are its configuration and its vocabulary, by the part's folder; parts
     * without any are left out}
     */
    static Map<String, String> hashes(ModelFolder model) {
        Map<String, String> all = new LinkedHashMap<>();
        SETTINGS.forEach((part, names) -> {
            List<Path> files = model.find(part).stream().flatMap(f -> names.stream().map(f::resolve))
                    .filter(Files::isRegularFile).toList();
            try {
                if (!files.isEmpty()) {
                    all.put(part.folder(), Digests.hex(files));
                }
            } catch (IOException e) {
                throw new WeightsException(Messages.of(e), e);
            }
        });
        return all;
    }

    private static <T> Optional<T> attempt(Supplier<T> reading, Set<String> faults) {
        try {
            return Optional.of(reading.get());
        } catch (WeightsException e) {
            faults.add(e.getMessage());
            return Optional.empty();
        }
    }

    /** {@return the scheduler of a model; the model card's if it has none} */
    static SchedulerConfig scheduler(ModelFolder model) {
        if (model.hasOverride(Part.SCHEDULER)) {
            model.get(Part.SCHEDULER);
        }
        return model.find(Part.SCHEDULER).map(SchedulerConfig::read).orElseGet(SchedulerConfig::modelCard);
    }

    /**
     * Checks that channels and token counts of the parts match.
     *
     * @throws WeightsException
     *             if not
     */
    static void checkFit(ModelFolder model, UNetConfig unet, VaeConfig vae, CxrBertConfig text) {
        require(unet.inChannels() == vae.latentChannels() && unet.outChannels() == vae.latentChannels(),
                "the UNet works on " + unet.inChannels() + " latent channels, the VAE on " + vae.latentChannels(),
                model);
        require(unet.crossAttentionDim()[0] == text.hiddenSize(), "the UNet expects texts of "
                + unet.crossAttentionDim()[0] + " channels, the text encoder gives " + text.hiddenSize(), model);
        require(vae.inChannels() == 3 && vae.outChannels() == 3, "the VAE does not work on RGB pictures", model);
        require(text.maxPositions() >= WordPiece.LENGTH, "the text encoder takes " + text.maxPositions()
                + " tokens only, " + WordPiece.LENGTH + " are needed", model);
    }

    private static void require(boolean holds, String fault, ModelFolder model) {
        if (!holds) {
            throw new WeightsException(model + ": the parts do not fit together: " + fault);
        }
    }
}
