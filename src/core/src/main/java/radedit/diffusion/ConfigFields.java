package radedit.diffusion;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Settings by the names of the fields of diffusers' schedulers. */
final class ConfigFields {
    private ConfigFields() {
    }

    /** {@return what all schedulers have but {@link #of spacings}} */
    static Map<String, Object> of(String scheduler, NoiseSchedule schedule, Prediction prediction) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("_class_name", scheduler);
        m.put("num_train_timesteps", schedule.trainTimesteps());
        m.put("beta_start", schedule.betaStart());
        m.put("beta_end", schedule.betaEnd());
        m.put("beta_schedule", word(schedule.betas()));
        m.put("prediction_type", word(prediction));
        return m;
    }

    static Map<String, Object> of(String scheduler, NoiseSchedule schedule, Prediction prediction,
            TimestepSpacing spacing) {
        Map<String, Object> m = of(scheduler, schedule, prediction);
        m.put("timestep_spacing", word(spacing.rule()));
        m.put("steps_offset", spacing.offset());
        return m;
    }

    static void putSigmas(Map<String, Object> m, SigmaSpacing sigmas, boolean toZero) {
        m.put("use_karras_sigmas", sigmas == SigmaSpacing.KARRAS);
        m.put("use_exponential_sigmas", sigmas == SigmaSpacing.EXPONENTIAL);
        m.put("final_sigmas_type", toZero ? "zero" : "sigma_min");
    }

    /** Puts the smallest and the largest noise level, where they are not the schedule's. */
    static void putRange(Map<String, Object> m, double least, double most) {
        if (!Double.isNaN(least)) {
            m.put("sigma_min", least);
        }
        if (!Double.isNaN(most)) {
            m.put("sigma_max", most);
        }
    }

    /** Puts dynamic thresholding. */
    static void putThreshold(Map<String, Object> m, Thresholding t) {
        m.put("thresholding", t instanceof Thresholding.Dynamic);
        if (t instanceof Thresholding.Dynamic(double ratio, double most)) {
            m.put("dynamic_thresholding_ratio", ratio);
            m.put("sample_max_value", most);
        }
    }

    /** Puts static thresholding. */
    static void putClip(Map<String, Object> m, Thresholding t) {
        m.put("clip_sample", t instanceof Thresholding.Static);
        if (t instanceof Thresholding.Static(double range)) {
            m.put("clip_sample_range", range);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
