package radedit.pipeline;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.Ddim;
import radedit.model.CxrBertConfig;
import radedit.model.SchedulerConfig;
import radedit.model.UNetConfig;
import radedit.model.VaeConfig;
import radedit.text.WordPiece;
import radedit.weights.WeightsException;

/** The parts of a model that have no weights: scheduler, tokenizer and index; and whether its parts fit together. */
public final class ModelSettings {
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

    private static <T> Optional<T> attempt(Supplier<T> reading, Set<String> faults) {
        try {
            return Optional.of(reading.get());
        } catch (WeightsException e) {
            faults.add(e.getMessage());
            return Optional.empty();
        }
    }

    /** {@return the noise schedule of a model; the model card's if it has no scheduler} */
    static Ddim.Config scheduler(ModelFolder model) {
        if (model.hasOverride(Part.SCHEDULER)) {
            model.get(Part.SCHEDULER);
        }
        return model.find(Part.SCHEDULER).map(ModelSettings::scheduler).orElse(Ddim.Config.MODEL_CARD);
    }

    private static Ddim.Config scheduler(Path folder) {
        SchedulerConfig c = SchedulerConfig.read(folder);
        return new Ddim.Config(c.trainTimesteps(), c.betaStart(), c.betaEnd(),
                Ddim.BetaSchedule.valueOf(c.betaSchedule().toUpperCase(Locale.ROOT)),
                Ddim.Spacing.valueOf(c.spacing().toUpperCase(Locale.ROOT)), c.stepsOffset(),
                Ddim.Prediction.valueOf(c.predictionType().toUpperCase(Locale.ROOT)), c.setAlphaToOne(),
                c.clipRange());
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
