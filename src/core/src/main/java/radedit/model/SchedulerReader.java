package radedit.model;

import java.util.TreeSet;

import radedit.diffusion.Ddim;
import radedit.diffusion.DpmSolver;
import radedit.diffusion.Euler;
import radedit.diffusion.Lcm;
import radedit.diffusion.NoiseSchedule;
import radedit.diffusion.Pndm;
import radedit.diffusion.Prediction;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerConfig;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.Thresholding;
import radedit.diffusion.TimestepSpacing;
import radedit.diffusion.UniPc;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;

/** Reads the settings of a scheduler from a scheduler_config.json, which may be that of another. */
final class SchedulerReader {
    private static final int MAX_UNIPC_ORDER = 6;

    private final ConfigReader c;
    private final Scheduler of;
    private final SamplerChoice choice;

    /**
     * @param c
     *            the file
     * @param of
     *            the scheduler that the file is of
     * @param choice
     *            what the user chose
     */
    SchedulerReader(ConfigReader c, Scheduler of, SamplerChoice choice) {
        this.c = c;
        this.of = of;
        this.choice = choice;
    }

    /** {@return the settings as a scheduler has them} */
    SamplerConfig read(Scheduler as) {
        c.requireValue("trained_betas", "null");
        if (as.has("rescale_betas_zero_snr")) {
            c.requireValue("rescale_betas_zero_snr", "false");
        }
        return switch (as) {
            case DDIM -> ddim();
            case DPM_SOLVER -> dpmSolver();
            case UNIPC -> uniPc();
            case EULER -> euler();
            case EULER_ANCESTRAL ->
                    Euler.Config.ancestral(schedule(), prediction(false), spacing(TimestepSpacing.Rule.LINSPACE));
            case PNDM -> pndm();
            case LCM -> lcm();
        };
    }

    /** Checks that no field of the file is unknown. */
    void finish() {
        c.ignore(of.foreign().toArray(String[]::new));
        c.ignore("_class_name");
        c.finish();
    }

    private NoiseSchedule schedule() {
        boolean lcm = of == Scheduler.LCM;
        return new NoiseSchedule(c.size("num_train_timesteps", 1000),
                c.number("beta_start", lcm ? 0.00085 : 0.0001, 0, 1), c.number("beta_end", lcm ? 0.012 : 0.02, 0, 1),
                c.constant("beta_schedule", lcm ? NoiseSchedule.Betas.SCALED_LINEAR : NoiseSchedule.Betas.LINEAR,
                        NoiseSchedule.Betas.values()));
    }

    private Prediction prediction(boolean mayBeSample) {
        return mayBeSample
                ? c.constant("prediction_type", Prediction.EPSILON, Prediction.values())
                : c.constant("prediction_type", Prediction.EPSILON,
                        new Prediction[]{Prediction.EPSILON, Prediction.V_PREDICTION});
    }

    private TimestepSpacing spacing(TimestepSpacing.Rule fallback) {
        requireDiscrete();
        return anySpacing(fallback);
    }

    private TimestepSpacing anySpacing(TimestepSpacing.Rule fallback) {
        TimestepSpacing.Rule rule = c.constant("timestep_spacing",
                fallback,
                TimestepSpacing.Rule.values());
        return new TimestepSpacing(choice.spacing() == null ? rule : choice.spacing(),
                (int) c.number("steps_offset", 0, 0, 1 << 16));
    }

    /** Refuses a choice of noise levels for a method that has none to choose. */
    private void requireDiscrete() {
        if (choice.sigmas() != null && choice.sigmas() != SigmaSpacing.DISCRETE) {
            throw new SettingException(Message.of(Setting.SIGMAS, " ", choice.sigmas(), " needs ", Setting.SAMPLER, " ",
                    SamplerMethod.DPM_2M, ", ", SamplerMethod.DPM_2M_SDE, ", ", SamplerMethod.UNIPC, " or ",
                    SamplerMethod.EULER));
        }
    }

    private SigmaSpacing sigmas() {
        boolean karras = c.flag("use_karras_sigmas", false);
        boolean exponential = c.flag("use_exponential_sigmas", false);
        c.requireValue("use_beta_sigmas", "false");
        if (karras && exponential) {
            throw c.invalid("use_exponential_sigmas", "excludes use_karras_sigmas");
        }
        SigmaSpacing ofFile = karras
                ? SigmaSpacing.KARRAS
                : exponential ? SigmaSpacing.EXPONENTIAL : SigmaSpacing.DISCRETE;
        return choice.sigmas() == null ? ofFile : choice.sigmas();
    }

    /** The spacing of a solver whose timesteps, where levels are not theirs, follow from the levels. */
    private TimestepSpacing solverSpacing(SigmaSpacing sigmas) {
        if (choice.spacing() != null && sigmas != SigmaSpacing.DISCRETE) {
            throw new SettingException(Message.of(Setting.SPACING, " has no effect with ", Setting.SIGMAS, " ", sigmas,
                    ", from which timesteps follow"));
        }
        return anySpacing(TimestepSpacing.Rule.LINSPACE);
    }

    private boolean toZero() {
        return c.word("final_sigmas_type", "zero", "zero", "sigma_min").equals("zero");
    }

    private Thresholding dynamic() {
        double ratio = c.number("dynamic_thresholding_ratio", 0.995, 0, 1);
        double most = c.number("sample_max_value", 1, Double.MIN_NORMAL, Double.MAX_VALUE);
        return c.flag("thresholding", false) ? new Thresholding.Dynamic(ratio, most) : Thresholding.NONE;
    }

    private Thresholding dynamicOrStatic(boolean clips) {
        Thresholding dynamic = dynamic();
        double range = c.number("clip_sample_range", 1, Double.MIN_NORMAL, Double.MAX_VALUE);
        boolean clip = c.flag("clip_sample", clips);
        return dynamic instanceof Thresholding.None && clip ? new Thresholding.Static(range) : dynamic;
    }

    private Ddim.Config ddim() {
        return new Ddim.Config(schedule(), prediction(true), spacing(TimestepSpacing.Rule.LEADING),
                c.flag("set_alpha_to_one", true),
                dynamicOrStatic(of == Scheduler.DDIM));
    }

    private DpmSolver.Config dpmSolver() {
        SigmaSpacing sigmas = sigmas();
        for (String field : new String[]{"use_lu_lambdas", "use_flow_sigmas", "use_dynamic_shifting"}) {
            c.requireValue(field, "false");
        }
        c.requireValue("variance_type", "null");
        c.requireMinusInfinity("lambda_min_clipped");
        c.ignore("flow_shift", "time_shift_type");
        boolean chosen = choice.method() != null;
        DpmSolver.Algorithm algorithm = c.constant("algorithm_type", DpmSolver.Algorithm.DPM_SOLVER_PP,
                DpmSolver.Algorithm.values());
        int order = c.size("solver_order", 2);
        if (chosen) {
            algorithm = choice.method() == SamplerMethod.DPM_2M
                    ? DpmSolver.Algorithm.DPM_SOLVER_PP
                    : DpmSolver.Algorithm.SDE_DPM_SOLVER_PP;
            order = 2;
        }
        boolean toZero = toZero();
        if (toZero && (algorithm == DpmSolver.Algorithm.DPM_SOLVER
                || algorithm == DpmSolver.Algorithm.SDE_DPM_SOLVER)) {
            throw c.invalid("final_sigmas_type", "algorithm_type " + algorithm + " needs sigma_min");
        }
        if (order > (algorithm == DpmSolver.Algorithm.SDE_DPM_SOLVER ? 2 : 3)) {
            throw c.invalid("solver_order", "too large for algorithm_type " + algorithm);
        }
        String type = c.word("solver_type", "midpoint", "midpoint", "heun", "logrho", "bh1", "bh2");
        return new DpmSolver.Config(schedule(), prediction(true), solverSpacing(sigmas), sigmas, toZero, dynamic(),
                algorithm, order, !type.equals("heun"), c.flag("lower_order_final", true),
                c.flag("euler_at_final", false));
    }

    private UniPc.Config uniPc() {
        SigmaSpacing sigmas = sigmas();
        c.requireValue("use_flow_sigmas", "false");
        c.requireValue("use_dynamic_shifting", "false");
        c.requireValue("solver_p", "null");
        c.requireValue("shift_terminal", "null");
        c.ignore("flow_shift", "time_shift_type");
        boolean ofClean = c.flag("predict_x0", true);
        boolean lowerOrderFinal = c.flag("lower_order_final", true);
        boolean toZero = toZero();
        int order = c.size("solver_order", 2);
        Thresholding thresholding = dynamic();
        if (order > MAX_UNIPC_ORDER) {
            throw c.invalid("solver_order", "at most " + MAX_UNIPC_ORDER + " is supported");
        }
        if (toZero && !ofClean) {
            throw c.invalid("predict_x0", "false needs final_sigmas_type = sigma_min");
        }
        if (toZero && !lowerOrderFinal && order > 1) {
            throw c.invalid("lower_order_final", "false needs final_sigmas_type = sigma_min");
        }
        if (!ofClean && !(thresholding instanceof Thresholding.None)) {
            throw c.invalid("thresholding", "has no effect with predict_x0 = false");
        }
        boolean bh1 = c.word("solver_type", "bh2", "bh1", "bh2", "midpoint", "heun", "logrho").equals("bh1");
        return new UniPc.Config(schedule(), prediction(true), solverSpacing(sigmas), sigmas, toZero, least(), most(),
                thresholding, ofClean, order, !bh1, lowerOrderFinal, new TreeSet<>(c.indices("disable_corrector")));
    }

    private double least() {
        return c.number("sigma_min", Double.NaN, Double.MIN_NORMAL, Double.MAX_VALUE);
    }

    private double most() {
        double most = c.number("sigma_max", Double.NaN, Double.MIN_NORMAL, Double.MAX_VALUE);
        if (most < least()) {
            throw c.invalid("sigma_max", "below sigma_min");
        }
        return most;
    }

    private Euler.Config euler() {
        SigmaSpacing sigmas = sigmas();
        c.requireValue("interpolation_type", "\"linear\"");
        c.requireValue("timestep_type", "\"discrete\"");
        return new Euler.Config(schedule(), prediction(true), anySpacing(TimestepSpacing.Rule.LINSPACE), false, sigmas,
                toZero(), least(),
                most());
    }

    private Pndm.Config pndm() {
        boolean skips = c.flag("skip_prk_steps", false);
        return new Pndm.Config(schedule(), prediction(false), spacing(TimestepSpacing.Rule.LEADING),
                choice.method() == null ? skips : choice.method() == SamplerMethod.PLMS,
                c.flag("set_alpha_to_one", false));
    }

    private Lcm.Config lcm() {
        requireDiscrete();
        if (choice.spacing() != null) {
            throw new SettingException(Message.of(Setting.SPACING, " has no effect with ", Setting.SAMPLER, " ",
                    SamplerMethod.LCM, ", whose timesteps are those that the model was distilled on"));
        }
        c.ignore("timestep_spacing", "steps_offset", "set_alpha_to_one");
        NoiseSchedule schedule = schedule();
        int original = c.size("original_inference_steps", 50);
        if (original > schedule.trainTimesteps()) {
            throw c.invalid("original_inference_steps", "more than num_train_timesteps");
        }
        return new Lcm.Config(schedule, prediction(true), dynamicOrStatic(false), original,
                c.number("timestep_scaling", 10, Double.MIN_NORMAL, Double.MAX_VALUE));
    }
}
