package radedit.model;

import java.nio.file.Path;

/**
 * The settings of a DDIMScheduler, from its scheduler_config.json, with diffusers' defaults for what is absent.
 *
 * @param trainTimesteps
 *            number of training timesteps
 * @param betaStart
 *            beta of the first training timestep, 0 to 1
 * @param betaEnd
 *            beta of the last training timestep, 0 to 1
 * @param betaSchedule
 *            linear, scaled_linear or squaredcos_cap_v2
 * @param spacing
 *            leading, trailing or linspace
 * @param stepsOffset
 *            added to leading timesteps
 * @param predictionType
 *            epsilon, sample or v_prediction
 * @param setAlphaToOne
 *            whether the last step leads to alphas_cumprod 1 rather than to that of timestep 0
 * @param clipRange
 *            the predicted clean latent is clamped to plus or minus this; infinite for no clamp
 */
public record SchedulerConfig(int trainTimesteps, double betaStart, double betaEnd, String betaSchedule, String spacing,
        int stepsOffset, String predictionType, boolean setAlphaToOne, double clipRange) {

    /**
     * {@return the configuration in a folder}
     *
     * @param folder
     *            the scheduler's folder
     * @throws radedit.weights.WeightsException
     *             if scheduler_config.json is missing, damaged, or has an unsupported setting
     */
    public static SchedulerConfig read(Path folder) {
        ConfigReader c = ConfigReader.open(folder, "scheduler_config.json");
        c.expectClass("_class_name", "DDIMScheduler");
        boolean clip = c.flag("clip_sample", true);
        double range = c.number("clip_sample_range", 1, 0, Double.MAX_VALUE);
        SchedulerConfig config = new SchedulerConfig(c.size("num_train_timesteps", 1000),
                c.number("beta_start", 0.0001, 0, 1),
                c.number("beta_end", 0.02, 0, 1),
                c.word("beta_schedule", "linear", "linear", "scaled_linear", "squaredcos_cap_v2"),
                c.word("timestep_spacing", "leading", "leading", "trailing", "linspace"),
                (int) c.number("steps_offset", 0, 0, 1 << 16),
                c.word("prediction_type", "epsilon", "epsilon", "sample", "v_prediction"),
                c.flag("set_alpha_to_one", true), clip ? range : Double.POSITIVE_INFINITY);
        c.requireValue("trained_betas", "null");
        c.requireValue("thresholding", "false");
        c.requireValue("rescale_betas_zero_snr", "false");
        c.ignore("dynamic_thresholding_ratio", "sample_max_value", "skip_prk_steps");
        c.finish();
        return config;
    }
}
