package radedit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.diffusion.Ddim;
import radedit.diffusion.DpmSolver;
import radedit.diffusion.Euler;
import radedit.diffusion.NoiseSchedule;
import radedit.diffusion.Pndm;
import radedit.diffusion.Prediction;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerConfig;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.Thresholding;
import radedit.diffusion.TimestepSpacing.Rule;
import radedit.weights.WeightsException;

/** Schedulers of diffusers, as their files say, and as from_config makes them of another's file. */
class SchedulerConfigTest {
    @TempDir
    Path folder;

    private SchedulerConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("scheduler_config.json"), json);
        return SchedulerConfig.read(folder);
    }

    /** Fields that change the result and are not supported are refused by name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DDIMScheduler | "rescale_betas_zero_snr": true
            DDIMScheduler | "trained_betas": [0.1]
            DDIMScheduler | "clip_sample_range": 0
            DDIMScheduler | "prediction_type": "flow_prediction"
            DDIMScheduler | "dynamic_thresholding_ratio": 1.5
            DPMSolverMultistepScheduler | "use_lu_lambdas": true
            DPMSolverMultistepScheduler | "use_beta_sigmas": true
            DPMSolverMultistepScheduler | "use_flow_sigmas": true
            DPMSolverMultistepScheduler | "use_dynamic_shifting": true
            DPMSolverMultistepScheduler | "rescale_betas_zero_snr": true
            DPMSolverMultistepScheduler | "lambda_min_clipped": -5.1
            DPMSolverMultistepScheduler | "variance_type": "learned_range"
            DPMSolverMultistepScheduler | "prediction_type": "flow_prediction"
            DPMSolverMultistepScheduler | "solver_order": 4
            DPMSolverMultistepScheduler | "solver_type": "other"
            DPMSolverMultistepScheduler | "algorithm_type": "deis"
            DPMSolverMultistepScheduler | "final_sigmas_type": "zero", "algorithm_type": "dpmsolver"
            DPMSolverMultistepScheduler | "use_exponential_sigmas": true, "use_karras_sigmas": true
            UniPCMultistepScheduler | "use_flow_sigmas": true
            UniPCMultistepScheduler | "solver_p": {"_class_name": "DDIMScheduler"}
            UniPCMultistepScheduler | "predict_x0": false
            UniPCMultistepScheduler | "lower_order_final": false
            UniPCMultistepScheduler | "disable_corrector": [-1]
            UniPCMultistepScheduler | "disable_corrector": 3
            UniPCMultistepScheduler | "solver_order": 7
            UniPCMultistepScheduler | "sigma_max": 0.1, "sigma_min": 0.2
            UniPCMultistepScheduler | "shift_terminal": 0.1
            EulerDiscreteScheduler | "interpolation_type": "log_linear"
            EulerDiscreteScheduler | "timestep_type": "continuous"
            EulerDiscreteScheduler | "use_beta_sigmas": true
            EulerDiscreteScheduler | "final_sigmas_type": "none"
            EulerDiscreteScheduler | "rescale_betas_zero_snr": true
            EulerAncestralDiscreteScheduler | "prediction_type": "sample"
            EulerAncestralDiscreteScheduler | "rescale_betas_zero_snr": true
            PNDMScheduler | "prediction_type": "sample"
            PNDMScheduler | "skip_prk_steps": 1
            LCMScheduler | "original_inference_steps": 2000
            LCMScheduler | "timestep_scaling": 0
            LCMScheduler | "rescale_betas_zero_snr": true
            LCMScheduler | "a_new_trick": true
            """)
    void refused(String scheduler, String field) {
        String key = field.substring(1, field.indexOf('"', 1));
        WeightsException e = assertThrows(WeightsException.class,
                () -> read("{\"_class_name\": \"" + scheduler + "\", " + field + "}"));
        assertTrue(e.getMessage().startsWith(folder.resolve("scheduler_config.json") + ": ")
                && e.getMessage().contains(key), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void otherSchedulers() {
        WeightsException e = assertThrows(WeightsException.class,
                () -> read("{\"_class_name\": \"DEISMultistepScheduler\"}"));
        assertTrue(e.getMessage().contains("_class_name = \"DEISMultistepScheduler\": supported: DDIMScheduler, "));
    }

    /** Python writes infinity, which JSON does not have, into every file of a DPM-Solver. */
    @Test
    void asDiffusersWritesThem() throws IOException {
        SamplerConfig c = read("""
                {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.42.1",
                 "algorithm_type": "sde-dpmsolver++", "beta_end": 0.012, "beta_schedule": "scaled_linear",
                 "beta_start": 0.00085, "dynamic_thresholding_ratio": 0.995, "euler_at_final": false,
                 "final_sigmas_type": "zero", "flow_shift": 1.0, "lambda_min_clipped": -Infinity,
                 "lower_order_final": true, "num_train_timesteps": 1000, "prediction_type": "v_prediction",
                 "rescale_betas_zero_snr": false, "sample_max_value": 1.0, "solver_order": 2, "solver_type": "bh2",
                 "steps_offset": 1, "thresholding": false, "time_shift_type": "exponential",
                 "timestep_spacing": "leading", "trained_betas": null, "use_beta_sigmas": false,
                 "use_dynamic_shifting": false, "use_exponential_sigmas": false, "use_flow_sigmas": false,
                 "use_karras_sigmas": true, "use_lu_lambdas": false, "variance_type": null}""").own();
        DpmSolver.Config d = assertInstanceOf(DpmSolver.Config.class, c);
        assertEquals(SamplerMethod.DPM_2M_SDE, d.method());
        assertEquals(SigmaSpacing.KARRAS, d.sigmas());
        assertTrue(d.midpoint(), "as diffusers takes bh2");
        assertEquals(Prediction.V_PREDICTION, d.prediction());
        assertEquals("sde-dpmsolver++", d.fields().get("algorithm_type"));
    }

    /** What a scheduler says of itself makes an equal one. */
    @ParameterizedTest
    @EnumSource
    void fieldsMakeTheSame(SamplerMethod method) throws IOException {
        SamplerConfig made = SchedulerConfig.modelCard().chosen(SamplerChoice.of(method));
        assertEquals(method, made.method());
        SamplerConfig again = read(new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(made.fields()))
                .own();
        assertEquals(made, again);
        assertEquals(made.sampler(method.defaultSteps()).networkTimesteps().length,
                again.sampler(method.defaultSteps()).networkTimesteps().length);
    }

    /** The noise schedule is the model's; what both classes know carries over, the rest is the new class's default. */
    @Test
    void ofAnothersFile() throws IOException {
        SchedulerConfig sd = read("""
                {"_class_name": "PNDMScheduler", "beta_end": 0.012, "beta_schedule": "scaled_linear",
                 "beta_start": 0.00085, "clip_sample": false, "num_train_timesteps": 1000, "set_alpha_to_one": false,
                 "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null}""");
        assertEquals(SamplerMethod.PLMS, sd.own().method());
        NoiseSchedule schedule = new NoiseSchedule(1000, 0.00085, 0.012, NoiseSchedule.Betas.SCALED_LINEAR);
        Ddim.Config ddim = sd.ddim();
        assertEquals(schedule, ddim.schedule());
        assertEquals(Thresholding.NONE, ddim.thresholding());
        assertEquals(Rule.LEADING, ddim.spacing().rule());
        assertEquals(1, ddim.spacing().offset());
        assertTrue(!ddim.alphaOne());
        DpmSolver.Config dpm = (DpmSolver.Config) sd.chosen(SamplerChoice.of(SamplerMethod.DPM_2M));
        assertEquals(schedule, dpm.schedule());
        assertEquals(Rule.LINSPACE, dpm.spacing().rule(), "the default of the new class");
        Euler.Config euler = (Euler.Config) sd
                .chosen(SamplerChoice.of(SamplerMethod.EULER).sigmas(SigmaSpacing.KARRAS).spacing(Rule.TRAILING));
        assertEquals(SigmaSpacing.KARRAS, euler.sigmas());
        assertEquals(Rule.TRAILING, euler.spacing().rule());
        assertEquals(Map.of("a", true, "b", false), Map.of("a",
                ((Pndm.Config) sd.chosen(SamplerChoice.of(SamplerMethod.PLMS))).skipsRungeKutta(), "b",
                ((Pndm.Config) sd.chosen(SamplerChoice.of(SamplerMethod.PNDM))).skipsRungeKutta()));
        SchedulerConfig bare = read("{\"_class_name\": \"DDIMScheduler\", \"clip_sample\": false}");
        assertEquals(NoiseSchedule.MODEL_CARD, ((radedit.diffusion.Lcm.Config) bare
                .chosen(SamplerChoice.of(SamplerMethod.LCM))).schedule(), "the model's, not LCMScheduler's default");
    }

    @Test
    void fieldsWithoutEffectAreWarnedOf() throws IOException {
        SchedulerConfig c = read("{\"_class_name\": \"DDIMScheduler\", \"thresholding\": true}");
        assertEquals(List.of(), c.warnings(SamplerMethod.DDIM));
        List<String> warnings = c.warnings(SamplerMethod.EULER);
        assertEquals(2, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).contains("clip_sample = true has no effect with EulerDiscreteScheduler"));
        assertTrue(warnings.get(1).contains("thresholding = true"));
        assertEquals(1, c.warnings(SamplerMethod.UNIPC).size(), "which has thresholding");
        assertEquals(1, read("{\"_class_name\": \"EulerAncestralDiscreteScheduler\", \"use_karras_sigmas\": true}")
                .warnings(SamplerMethod.EULER_A).size());
    }

    @Test
    void choicesThatExcludeEachOther() {
        SchedulerConfig c = SchedulerConfig.modelCard();
        for (SamplerMethod m : List.of(SamplerMethod.DDIM, SamplerMethod.EULER_A, SamplerMethod.PNDM,
                SamplerMethod.PLMS,
                SamplerMethod.LCM)) {
            assertThrows(IllegalArgumentException.class,
                    () -> c.chosen(SamplerChoice.of(m).sigmas(SigmaSpacing.KARRAS)), m.toString());
        }
        assertThrows(IllegalArgumentException.class,
                () -> c.chosen(SamplerChoice.of(SamplerMethod.LCM).spacing(Rule.LEADING)));
        assertThrows(IllegalArgumentException.class, () -> c
                .chosen(SamplerChoice.of(SamplerMethod.UNIPC).sigmas(SigmaSpacing.KARRAS).spacing(Rule.LEADING)));
        assertThrows(IllegalArgumentException.class,
                () -> c.chosen(SamplerChoice.of(SamplerMethod.PNDM)).sampler(3));
        assertThrows(IllegalArgumentException.class,
                () -> c.chosen(SamplerChoice.of(SamplerMethod.LCM)).sampler(51));
        for (SamplerMethod m : SamplerMethod.values()) {
            assertThrows(IllegalArgumentException.class, () -> c.chosen(SamplerChoice.of(m)).sampler(0));
            assertThrows(IllegalArgumentException.class, () -> c.chosen(SamplerChoice.of(m)).sampler(1001));
        }
    }
}
