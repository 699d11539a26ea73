"""Trajectories of diffusers' schedulers, which the samplers of radedit.diffusion have to reproduce.

    radedit weights synthesize TINY --size tiny
    python make.py TINY          (torch 2.15, diffusers 0.42.1, transformers, numpy)

cases.json has settings that cases share (`bases`) and the cases: a scheduler's class, the name of its base and its own
settings, the number of steps, the seed, and what set_timesteps gave: timesteps, sigmas (where the scheduler has them),
init_noise_sigma. trajectories.safetensors has the latents [3, 4, 2, 2] after the first step, after half the steps
(rounded up) and at the end, in float64, of a network that is a formula (`network`).
pipeline.safetensors has final latents of StableDiffusionPipeline with the tiny synthetic model, in float32 (torch.*) and
in float64 (exact.*, stored as float32), two pictures where steps may draw noise, else one.

Timesteps, alphas_cumprod and sigmas are float32 in diffusers, because they are part of the model. Everything after
them is float64 here: diffusers computes coefficients, and some latents, in float32 whatever the type of the latents is.
Sigmas are square roots, of which torch gets one in six wrong by one unit in the last place, not the same ones in each of
its builds; here, except in torch.*, they are rounded correctly.
"""
import importlib
import json
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch
from diffusers import AutoencoderKL, StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel, BertTokenizer

torch.set_grad_enabled(False)
HERE = pathlib.Path(__file__).parent
MODULES = {"DDIMScheduler": "ddim", "DPMSolverMultistepScheduler": "dpmsolver_multistep",
           "UniPCMultistepScheduler": "unipc_multistep", "EulerDiscreteScheduler": "euler_discrete",
           "EulerAncestralDiscreteScheduler": "euler_ancestral_discrete", "PNDMScheduler": "pndm", "LCMScheduler": "lcm"}
CARD = dict(beta_start=0.0001, beta_end=0.02, beta_schedule="linear", prediction_type="epsilon",
            timestep_spacing="trailing", steps_offset=1)
SD = dict(CARD, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="leading")
COSINE = dict(CARD, beta_schedule="squaredcos_cap_v2", timestep_spacing="linspace")
BASES = {"card": CARD, "sd": SD, "cosine": COSINE}
SPACINGS = ("leading", "trailing", "linspace")


class Float64:
    """torch, with float64 in place of float32."""
    float32 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


def drawn(shape, generator=None, device=None, dtype=None, layout=None):
    """randn_tensor, which draws in float32 whatever the type of the result is."""
    return torch.randn(shape, generator=generator, dtype=torch.float32).to(dtype)


def root(x, exponent, power=torch.Tensor.__pow__):
    """x ** exponent with a correctly rounded square root."""
    if exponent == 0.5 and x.dtype == torch.float32:
        return torch.from_numpy(np.asarray(np.sqrt(x.numpy())))
    return power(x, exponent)


def levels(set_timesteps, *args, **kwargs):
    """Calls set_timesteps with correctly rounded square roots."""
    usual = torch.Tensor.__pow__
    torch.Tensor.__pow__ = root
    try:
        set_timesteps(*args, **kwargs)
    finally:
        torch.Tensor.__pow__ = usual


def make(name, settings):
    module = importlib.import_module("diffusers.schedulers.scheduling_" + MODULES[name])
    return getattr(module, name)(**settings), module


def exactly(scheduler, module):
    """Makes a scheduler compute its steps in float64."""
    module.torch = Float64()
    if hasattr(module, "randn_tensor"):
        module.randn_tensor = drawn
    for key in ("sigmas", "alphas_cumprod", "final_alpha_cumprod"):
        if hasattr(scheduler, key):
            setattr(scheduler, key, getattr(scheduler, key).double())
    if hasattr(scheduler, "get_scalings_for_boundary_condition_discrete"):
        scalings = type(scheduler).get_scalings_for_boundary_condition_discrete
        scheduler.get_scalings_for_boundary_condition_discrete = lambda t: scalings(scheduler, int(t))


def usual(module):
    from diffusers.utils.torch_utils import randn_tensor
    module.torch = torch
    if hasattr(module, "randn_tensor"):
        module.randn_tensor = randn_tensor


def network(x, t):
    """Of a latent as the network sees it and a timestep; element k has the phase 0.7 k."""
    phase = 0.7 * torch.arange(x.numel(), dtype=torch.float64).reshape(x.shape)
    return 0.8 * torch.sin(1.1 * x + 0.002 * float(t) + phase) + 0.2 * x


def cases():
    for s in SPACINGS:
        for n in (1, 2, 3, 10, 25):
            yield "DPMSolverMultistepScheduler", dict(CARD, timestep_spacing=s), n
            yield "UniPCMultistepScheduler", dict(CARD, timestep_spacing=s), n
            yield "EulerDiscreteScheduler", dict(CARD, timestep_spacing=s), n
            yield "EulerAncestralDiscreteScheduler", dict(CARD, timestep_spacing=s), n
        for n in (1, 2, 3, 10):
            yield "PNDMScheduler", dict(CARD, timestep_spacing=s, skip_prk_steps=True), n
        yield "PNDMScheduler", dict(CARD, timestep_spacing=s), 7
    dpm = "DPMSolverMultistepScheduler"
    for n in (1, 2, 3, 8, 20):
        yield dpm, dict(CARD, algorithm_type="sde-dpmsolver++"), n
        yield dpm, dict(CARD, use_karras_sigmas=True), n
        yield dpm, dict(CARD, solver_order=3), n
    for n in (5, 16):
        yield dpm, dict(SD), n
        yield dpm, dict(COSINE), n
        yield dpm, dict(SD, use_karras_sigmas=True, algorithm_type="sde-dpmsolver++"), n
        yield dpm, dict(SD, use_exponential_sigmas=True), n
        yield dpm, dict(SD, use_karras_sigmas=True, final_sigmas_type="sigma_min"), n
        yield dpm, dict(CARD, solver_order=1), n
        yield dpm, dict(CARD, solver_type="heun"), n
        yield dpm, dict(CARD, solver_type="heun", algorithm_type="sde-dpmsolver++"), n
        yield dpm, dict(CARD, solver_order=3, algorithm_type="sde-dpmsolver++"), n
        yield dpm, dict(CARD, lower_order_final=False), n
        yield dpm, dict(CARD, lower_order_final=False, solver_order=3, final_sigmas_type="sigma_min"), n
        yield dpm, dict(CARD, euler_at_final=True, final_sigmas_type="sigma_min"), n
        for a in ("dpmsolver", "sde-dpmsolver"):
            for t in ("midpoint", "heun"):
                yield dpm, dict(SD, algorithm_type=a, solver_type=t, final_sigmas_type="sigma_min"), n
        yield dpm, dict(SD, algorithm_type="dpmsolver", solver_order=3, final_sigmas_type="sigma_min"), n
        for p in ("v_prediction", "sample"):
            yield dpm, dict(SD, prediction_type=p), n
            yield dpm, dict(SD, prediction_type=p, algorithm_type="dpmsolver", final_sigmas_type="sigma_min"), n
        yield dpm, dict(CARD, thresholding=True, dynamic_thresholding_ratio=0.8, sample_max_value=3.0), n
        yield dpm, dict(SD, thresholding=True, sample_max_value=2.0, algorithm_type="dpmsolver",
                        final_sigmas_type="sigma_min"), n
    unipc = "UniPCMultistepScheduler"
    for n in (5, 16):
        for order in (1, 3, 4):
            yield unipc, dict(CARD, solver_order=order), n
        yield unipc, dict(SD), n
        yield unipc, dict(COSINE), n
        yield unipc, dict(CARD, solver_type="bh1", solver_order=3, final_sigmas_type="sigma_min"), n
        yield unipc, dict(CARD, use_karras_sigmas=True), n
        yield unipc, dict(SD, use_karras_sigmas=True, final_sigmas_type="sigma_min"), n
        yield unipc, dict(SD, use_karras_sigmas=True, sigma_min=0.05, sigma_max=9.5), n
        yield unipc, dict(SD, use_exponential_sigmas=True, solver_order=3), n
        yield unipc, dict(CARD, predict_x0=False, final_sigmas_type="sigma_min", solver_order=3), n
        yield unipc, dict(CARD, lower_order_final=False, final_sigmas_type="sigma_min", solver_order=3), n
        yield unipc, dict(CARD, disable_corrector=[0, 2]), n
        for p in ("v_prediction", "sample"):
            yield unipc, dict(SD, prediction_type=p), n
            yield unipc, dict(SD, prediction_type=p, predict_x0=False, final_sigmas_type="sigma_min"), n
        yield unipc, dict(CARD, thresholding=True, dynamic_thresholding_ratio=0.8, sample_max_value=3.0), n
    euler = "EulerDiscreteScheduler"
    for n in (1, 2, 6, 25):
        yield euler, dict(CARD, use_karras_sigmas=True), n
    for n in (6, 20):
        yield euler, dict(SD, use_karras_sigmas=True), n
        yield euler, dict(COSINE, use_karras_sigmas=True), n
        yield euler, dict(SD, use_karras_sigmas=True, sigma_min=0.1, sigma_max=10.0, timestep_spacing="linspace"), n
        yield euler, dict(SD, use_exponential_sigmas=True), n
        yield euler, dict(SD, final_sigmas_type="sigma_min"), n
        for p in ("v_prediction", "sample"):
            yield euler, dict(SD, prediction_type=p), n
        yield "EulerAncestralDiscreteScheduler", dict(SD), n
        yield "EulerAncestralDiscreteScheduler", dict(SD, prediction_type="v_prediction"), n
    for n in (4, 5, 20):
        yield "PNDMScheduler", dict(SD), n
        yield "PNDMScheduler", dict(SD, skip_prk_steps=True), n
        yield "PNDMScheduler", dict(SD, skip_prk_steps=True, prediction_type="v_prediction", set_alpha_to_one=True), n
        yield "PNDMScheduler", dict(SD, prediction_type="v_prediction", set_alpha_to_one=True), n
    lcm = "LCMScheduler"
    for n in (1, 2, 3, 4, 8):
        yield lcm, dict(SD), n
    yield lcm, dict(CARD, original_inference_steps=100, timestep_scaling=5.0), 7
    yield lcm, dict(SD, clip_sample=True, clip_sample_range=1.5), 4
    yield lcm, dict(SD, thresholding=True, dynamic_thresholding_ratio=0.8, sample_max_value=3.0), 4
    for p in ("v_prediction", "sample"):
        yield lcm, dict(SD, prediction_type=p), 4
    ddim = "DDIMScheduler"
    for n in (1, 2, 3, 10):
        yield ddim, dict(CARD, clip_sample=False), n
    yield ddim, dict(SD, clip_sample=False, set_alpha_to_one=False), 10
    yield ddim, dict(SD, clip_sample=True, clip_sample_range=1.5), 10
    for p in ("epsilon", "v_prediction", "sample"):
        yield ddim, dict(SD, prediction_type=p, thresholding=True, dynamic_thresholding_ratio=0.8,
                         sample_max_value=3.0), 10


def trajectories():
    rows, tensors = [], {}
    for number, (name, settings, steps) in enumerate(cases()):
        scheduler, module = make(name, settings)
        levels(scheduler.set_timesteps, steps)
        base = next(b for b, v in BASES.items() if all(settings[k] == v[k] for k in ("beta_schedule", "beta_start")))
        row = {"class": name, "base": base,
               "settings": {k: v for k, v in settings.items() if k not in BASES[base] or v != BASES[base][k]},
               "steps": steps, "seed": number,
               "timesteps": [float(t) for t in scheduler.timesteps]}
        if "Euler" in name or "Multistep" in name:
            row["sigmas"] = [float(s) for s in scheduler.sigmas]
        exactly(scheduler, module)
        row["init_noise_sigma"] = float(scheduler.init_noise_sigma)
        torch.set_default_dtype(torch.float64)
        g = torch.Generator().manual_seed(number)
        x = torch.randn(1, 4, 2, 2, generator=g, dtype=torch.float32).double() * scheduler.init_noise_sigma
        path = [x]
        for t in scheduler.timesteps:
            out = network(scheduler.scale_model_input(x, t), t)
            extra = {}
            if name == "DPMSolverMultistepScheduler" and "sde" in scheduler.config.algorithm_type:
                extra["variance_noise"] = torch.randn(1, 4, 2, 2, generator=g, dtype=torch.float32)
            elif name in ("EulerAncestralDiscreteScheduler", "LCMScheduler"):
                extra["generator"] = g
            x = scheduler.step(out, t, x, **extra).prev_sample
            assert x.dtype == torch.float64 and torch.isfinite(x).all(), row
            path.append(x)
        n = len(path) - 1
        torch.set_default_dtype(torch.float32)
        usual(module)
        rows.append(row)
        tensors[str(number)] = torch.cat([path[1], path[(n + 1) // 2], path[n]])
    (HERE / "cases.json").write_text('{"bases":' + json.dumps(BASES) + ',\n"cases":[\n'
                                     + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]}\n")
    save_file(tensors, HERE / "trajectories.safetensors")
    print(len(rows), "cases")


PIPELINES = {  # name: class, settings, steps, guidance is 7.5
    "dpm++2m": ("DPMSolverMultistepScheduler", {}, 10), "dpm++2m_karras": ("DPMSolverMultistepScheduler",
        dict(use_karras_sigmas=True), 8), "dpm++2m_sde": ("DPMSolverMultistepScheduler",
        dict(algorithm_type="sde-dpmsolver++"), 10), "unipc": ("UniPCMultistepScheduler", {}, 8),
    "euler": ("EulerDiscreteScheduler", {}, 10), "euler_karras": ("EulerDiscreteScheduler",
        dict(use_karras_sigmas=True), 10), "euler_a": ("EulerAncestralDiscreteScheduler", {}, 10),
    "pndm": ("PNDMScheduler", dict(set_alpha_to_one=True), 8),  # as the model's own scheduler has it
    "plms": ("PNDMScheduler", dict(set_alpha_to_one=True, skip_prk_steps=True), 10),
    "lcm": ("LCMScheduler", {}, 4)}
PROMPTS = ["Small right-sided pleural effusion", "No acute cardiopulmonary process", ""]


def pipeline(model):
    folder = pathlib.Path(model)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet")
    vae = AutoencoderKL.from_pretrained(folder / "vae")
    config = json.loads((folder / "text_encoder/config.json").read_text())
    bert = BertModel(BertConfig(**{k: v for k, v in config.items() if not k.startswith("_")}), add_pooling_layer=False)
    weights = load_file(next((folder / "text_encoder").glob("*.safetensors")))
    missing, _ = bert.load_state_dict({k[5:]: v for k, v in weights.items() if k.startswith("bert.")}, strict=False)
    assert not missing, missing
    bert.eval()
    ids = BertTokenizer(str(folder / "tokenizer/vocab.txt"), do_lower_case=True)(
        PROMPTS, padding="max_length", max_length=128, truncation=True, return_tensors="pt").input_ids
    found = {}
    for name, (kind, settings, steps) in PIPELINES.items():
        for dtype in (torch.float32, torch.float64):
            scheduler, module = make(kind, {**CARD, **settings})
            text = bert.to(dtype)(ids, attention_mask=torch.ones_like(ids)).last_hidden_state
            if dtype == torch.float64:
                given = scheduler.set_timesteps

                def set_timesteps(n, given=given, scheduler=scheduler, module=module, **k):
                    levels(given, n, **k)
                    exactly(scheduler, module)
                scheduler.set_timesteps = set_timesteps
            pipe = StableDiffusionPipeline(unet=unet.to(dtype), vae=vae, text_encoder=None, tokenizer=None,
                                           scheduler=scheduler, safety_checker=None, feature_extractor=None,
                                           requires_safety_checker=False)
            pipe.set_progress_bar_config(disable=True)
            g = torch.Generator().manual_seed(1)
            n = 2 if name in ("dpm++2m_sde", "euler_a", "lcm") else 1  # one suffices without draws
            noise = torch.randn(n, 4, 16, 16, generator=g).to(dtype)
            latent = pipe(prompt_embeds=text[:n], negative_prompt_embeds=text[2:].expand(n, -1, -1), latents=noise,
                          generator=g, num_inference_steps=steps, guidance_scale=7.5, height=128, width=128,
                          output_type="latent").images
            assert latent.dtype == dtype, name
            usual(module)
            found[("torch." if dtype == torch.float32 else "exact.") + name] = latent.float()
        a, b = found["torch." + name].double(), found["exact." + name].double()
        print(name, "error of float32:", float((a - b).norm() / b.norm()))
    save_file(found, HERE / "pipeline.safetensors", {k: str(v[2]) for k, v in PIPELINES.items()})


if __name__ == "__main__":
    trajectories()
    if len(sys.argv) > 1:
        pipeline(sys.argv[1])
