#!/usr/bin/env python3
"""What RadEdit's commands do, in PyTorch and diffusers: the counterpart of compare-pytorch --whole.

    python bench/pytorch_whole.py generate|edit MODEL OUT.png --steps N --threads N [--image F --edit-mask F --keep-mask F]

generate is diffusers' StableDiffusionPipeline. edit follows the published pipeline, which evaluates every inversion step
with the UNet, also those that are left out afterwards.
"""
import argparse
import pathlib

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.image_processor import VaeImageProcessor
from health_multimodal.text.model import CXRBertModel
from PIL import Image
from transformers import BertTokenizer

PROMPT = "Large left-sided pleural effusion"


def moments(scheduler, step, steps, x, eps):
    """Mean and standard deviation of the next latent (DDIM with eta 1)."""
    t = int(scheduler.timesteps[step])
    before = t - scheduler.config.num_train_timesteps // steps
    a = scheduler.alphas_cumprod[t]
    b = scheduler.alphas_cumprod[before] if before >= 0 else torch.tensor(1.0)
    sigma = ((1 - b) / (1 - a) * (1 - a / b)).sqrt()
    clean = (x - (1 - a).sqrt() * eps) / a.sqrt()
    return b.sqrt() * clean + (1 - b - sigma**2).sqrt() * eps, sigma


def mask(path):
    grey = torch.tensor(list(Image.open(path).convert("L").getdata())).reshape(1, 1, 512, 512)
    return (grey > 127).float()[:, :, ::8, ::8]


def edit(unet, vae, encode, scheduler, a):
    n, skip = a.steps, int(a.steps * 0.3)
    scheduler.set_timesteps(n)
    film = VaeImageProcessor(vae_scale_factor=8).preprocess(Image.open(a.image).convert("RGB"))
    clean = vae.encode(film).latent_dist.sample() * vae.config.scaling_factor
    levels = [scheduler.alphas_cumprod[int(t)] for t in scheduler.timesteps]
    noisy = [v.sqrt() * clean + (1 - v).sqrt() * torch.randn_like(clean) for v in levels] + [clean]
    empty, wanted = encode(""), encode(PROMPT)
    z = []
    for i, t in enumerate(scheduler.timesteps):
        mean, sigma = moments(scheduler, i, n, noisy[i], unet(noisy[i], t, empty).sample)
        z.append((noisy[i + 1] - mean) / sigma if i < n - 1 else torch.zeros_like(clean))
    inside, keep = mask(a.edit_mask), mask(a.keep_mask)
    x, both = noisy[skip], torch.cat([empty, wanted])
    for i in range(skip, n):
        base, other = unet(torch.cat([x, x]), scheduler.timesteps[i], both).sample.chunk(2)
        mean, sigma = moments(scheduler, i, n, x, base + 7.5 * inside * (other - base))
        x = keep * noisy[i + 1] + (1 - keep) * (mean + sigma * z[i])
    return VaeImageProcessor(vae_scale_factor=8).postprocess(vae.decode(x / vae.config.scaling_factor).sample)[0]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("command", choices=("generate", "edit"))
    p.add_argument("model", type=pathlib.Path)
    p.add_argument("out", type=pathlib.Path)
    p.add_argument("--steps", type=int, default=4)
    p.add_argument("--threads", type=int, required=True)
    for f in ("--image", "--edit-mask", "--keep-mask"):
        p.add_argument(f, type=pathlib.Path)
    a = p.parse_args()
    torch.set_grad_enabled(False)
    torch.set_num_threads(a.threads)
    unet = UNet2DConditionModel.from_pretrained(a.model / "unet", torch_dtype=torch.float32)
    vae = AutoencoderKL.from_pretrained(a.model / "vae", torch_dtype=torch.float32)
    text = CXRBertModel.from_pretrained(a.model / "text_encoder").float().eval()
    scheduler = DDIMScheduler.from_pretrained(a.model / "scheduler")
    tokenizer = BertTokenizer(str(a.model / "tokenizer" / "vocab.txt"), model_max_length=128)

    def encode(prompt):
        ids = tokenizer(prompt, padding="max_length", max_length=128, truncation=True, return_tensors="pt").input_ids
        return text(ids, attention_mask=None, return_dict=True).last_hidden_state

    if a.command == "edit":
        image = edit(unet, vae, encode, scheduler, a)
    else:
        pipe = StableDiffusionPipeline(vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, scheduler=scheduler,
                                       safety_checker=None, feature_extractor=None, requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
        image = pipe(PROMPT, num_inference_steps=a.steps, guidance_scale=7.5).images[0]
    image.convert("L").save(a.out)


if __name__ == "__main__":
    main()
