package radedit.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.Ddim;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerConfig;
import radedit.diffusion.SamplerMethod;

/**
 * A scheduler_config.json of diffusers, with diffusers' defaults for what is absent. The model's own sampler is that of the
 * file's class. Another can be made from it, as by {@code from_config} in diffusers: fields that both classes have carry over,
 * others have the defaults of the new class. Unlike there, what a file leaves out of the noise schedule is that of the file's
 * class, because it belongs to the model.
 */
public final class SchedulerConfig {
    /** Fields that change results where they are true. */
    private static final List<String> SWITCHES = List.of("clip_sample", "thresholding", "use_karras_sigmas",
            "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "rescale_betas_zero_snr",
            "euler_at_final");

    private final ConfigReader json;
    private final Scheduler scheduler;
    private final SamplerConfig own;

    private SchedulerConfig(ConfigReader json) {
        this.json = json;
        this.scheduler = Scheduler.of(json.word("_class_name", Scheduler.DDIM.className(), Scheduler.classNames()));
        SchedulerReader reader = new SchedulerReader(json.again(), scheduler, SamplerChoice.OF_MODEL);
        this.own = reader.read(scheduler);
        reader.finish();
    }

    /**
     * {@return the configuration in a folder}
     *
     * @param folder
     *            the scheduler's folder
     * @throws radedit.weights.WeightsException
     *             if scheduler_config.json is missing, damaged, or has an unsupported setting
     */
    public static SchedulerConfig read(Path folder) {
        return new SchedulerConfig(ConfigReader.open(folder, "scheduler_config.json"));
    }

    /** {@return the scheduler of the model card, for models that have none} */
    public static SchedulerConfig modelCard() {
        JsonNode card = new ObjectMapper().valueToTree(Map.of("_class_name", "DDIMScheduler", "beta_start", 0.0001,
                "beta_end", 0.02, "beta_schedule", "linear", "clip_sample", false, "prediction_type", "epsilon",
                "timestep_spacing", "trailing", "steps_offset", 1));
        return new SchedulerConfig(ConfigReader.of(Path.of("scheduler of the model card"), card));
    }

    /** {@return the model's own sampler} */
    public SamplerConfig own() {
        return own;
    }

    /** {@return the sampler of edits} */
    public Ddim.Config ddim() {
        return own instanceof Ddim.Config d ? d : (Ddim.Config) chosen(SamplerChoice.of(SamplerMethod.DDIM));
    }

    /**
     * {@return a sampler for this model}
     *
     * @param choice
     *            what the user chose
     * @throws radedit.weights.WeightsException
     *             if it does not support a setting of this configuration
     * @throws IllegalArgumentException
     *             if parts of the choice exclude each other
     */
    public SamplerConfig chosen(SamplerChoice choice) {
        if (choice.equals(SamplerChoice.OF_MODEL)) {
            return own;
        }
        return new SchedulerReader(json.again(), scheduler, choice).read(target(choice.method()));
    }

    private Scheduler target(@Nullable SamplerMethod method) {
        return method == null ? scheduler : Scheduler.of(method);
    }

    /**
     * {@return warnings of fields that are set but have no effect with a method, though they have with others}
     *
     * @param method
     *            the method
     */
    public List<String> warnings(SamplerMethod method) {
        Scheduler target = Scheduler.of(method);
        List<String> all = new ArrayList<>();
        ConfigReader c = json.again();
        for (String field : SWITCHES) {
            boolean usual = field.equals("clip_sample") && scheduler == Scheduler.DDIM;
            if (!target.has(field) && c.flag(field, usual)) {
                all.add(c.file() + ": " + field + " = true has no effect with " + target.className()
                        + ", as in diffusers");
            }
        }
        return all;
    }
}
