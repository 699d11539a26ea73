package radedit.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import radedit.diffusion.SamplerMethod;

/** The schedulers of diffusers that a scheduler_config.json may name, with the fields that each has. */
enum Scheduler {
    DDIM("DDIMScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset", "set_alpha_to_one",
            "clip_sample",
            "clip_sample_range", "thresholding", "dynamic_thresholding_ratio", "sample_max_value"),
    DPM_SOLVER("DPMSolverMultistepScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset",
            "thresholding",
            "dynamic_thresholding_ratio", "sample_max_value", "solver_order", "algorithm_type", "solver_type",
            "lower_order_final", "euler_at_final", "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas",
            "use_lu_lambdas", "use_flow_sigmas", "flow_shift", "final_sigmas_type", "lambda_min_clipped",
            "variance_type", "use_dynamic_shifting", "time_shift_type"),
    UNIPC("UniPCMultistepScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset", "thresholding",
            "dynamic_thresholding_ratio", "sample_max_value", "solver_order", "predict_x0", "solver_type",
            "lower_order_final", "disable_corrector", "solver_p", "use_karras_sigmas", "use_exponential_sigmas",
            "use_beta_sigmas", "use_flow_sigmas", "flow_shift", "final_sigmas_type", "use_dynamic_shifting",
            "time_shift_type", "sigma_min", "sigma_max", "shift_terminal"),
    EULER("EulerDiscreteScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset", "interpolation_type",
            "use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "sigma_min", "sigma_max", "timestep_type",
            "final_sigmas_type"),
    EULER_ANCESTRAL("EulerAncestralDiscreteScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset"),
    PNDM("PNDMScheduler", "timestep_spacing", "steps_offset", "skip_prk_steps", "set_alpha_to_one"),
    LCM("LCMScheduler", "rescale_betas_zero_snr", "timestep_spacing", "steps_offset", "set_alpha_to_one", "clip_sample",
            "clip_sample_range", "thresholding", "dynamic_thresholding_ratio", "sample_max_value",
            "original_inference_steps", "timestep_scaling");

    /** Fields of all schedulers. */
    static final List<String> COMMON = List.of("num_train_timesteps", "beta_start", "beta_end", "beta_schedule",
            "trained_betas", "prediction_type");

    private final String className;
    /** Names of the fields that not all schedulers have, in one text: an enum is immutable. */
    private final String own;

    Scheduler(String className, String... own) {
        this.className = className;
        this.own = String.join(" ", own);
    }

    /** {@return the name of the class in diffusers} */
    String className() {
        return className;
    }

    static String[] classNames() {
        return Arrays.stream(values()).map(Scheduler::className).toArray(String[]::new);
    }

    static Scheduler of(String className) {
        return Arrays.stream(values()).filter(s -> s.className.equals(className)).findFirst().orElseThrow();
    }

    static Scheduler of(SamplerMethod method) {
        return switch (method) {
            case DDIM -> DDIM;
            case DPM_2M, DPM_2M_SDE -> DPM_SOLVER;
            case UNIPC -> UNIPC;
            case EULER -> EULER;
            case EULER_A -> EULER_ANCESTRAL;
            case PNDM, PLMS -> PNDM;
            case LCM -> LCM;
        };
    }

    private Set<String> own() {
        return Set.of(own.split(" "));
    }

    boolean has(String field) {
        return own().contains(field) || COMMON.contains(field);
    }

    /** {@return fields that other schedulers have and this one does not: it ignores them} */
    Set<String> foreign() {
        Set<String> all = new HashSet<>();
        for (Scheduler s : values()) {
            all.addAll(s.own());
        }
        all.removeAll(own());
        return all;
    }
}
