#!/usr/bin/env python3
"""PyTorch's UNet on the GPU that RadEdit's backend runs on: times in float32, TF32 and float16, and both programs' errors.

    python bench/pytorch_gpu.py MODEL RADEDIT

Errors are relative, in the 2-norm, against PyTorch's network in double precision. Called by bench/gpu. Without CUDA, errors only.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from safetensors.numpy import load_file, save_file

WARM_UP, RUNS = 3, 20


def error(a, exact):
    return float(np.linalg.norm(a.astype(np.float64) - exact) / np.linalg.norm(exact))


def milliseconds(run):
    """Median time of a call, by the device's own events."""
    times = []
    for i in range(WARM_UP + RUNS):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        run()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    return float(np.median(times[WARM_UP:]))


def allow_tf32(yes):
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = yes


def main(model, radedit):
    torch.set_grad_enabled(False)
    allow_tf32(False)
    gpu = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name() if gpu.type == 'cuda' else 'no CUDA'}")
    net = UNet2DConditionModel.from_pretrained(pathlib.Path(model) / "unet", torch_dtype=torch.float32).eval().to(gpu)
    side, width = net.config.sample_size, net.config.cross_attention_dim
    draw = torch.Generator().manual_seed(5)
    latents, texts = torch.randn(2, 4, side, side, generator=draw), torch.randn(2, 128, width, generator=draw)
    times = torch.tensor([401.0, 401.0])

    def run(dtype):
        return net(latents.to(gpu, dtype), times.to(gpu), texts.to(gpu, dtype)).sample

    results = {"PyTorch float32": run(torch.float32).double().cpu().numpy()}
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = f"{folder}/in.safetensors", f"{folder}/out.safetensors"
        save_file({"sample": latents.numpy(), "timestep": times.numpy(), "encoder_hidden_states": texts.numpy()}, inputs)
        subprocess.run([radedit, "audit", "run", "unet", "--model", model, "--inputs", inputs, "--outputs", outputs, "--backend",
                        "tornado", "--quiet"], check=True)
        results["RadEdit float32"] = next(iter(load_file(outputs).values())).astype(np.float64)
    if gpu.type == "cuda":
        print(f"UNet, batch 2, float32: {milliseconds(lambda: run(torch.float32)):.2f} ms")
        allow_tf32(True)
        print(f"UNet, batch 2, TF32: {milliseconds(lambda: run(torch.float32)):.2f} ms")
        results["PyTorch TF32"] = run(torch.float32).double().cpu().numpy()
        allow_tf32(False)
        net.half()
        print(f"UNet, batch 2, float16: {milliseconds(lambda: run(torch.float16)):.2f} ms")
        results["PyTorch float16"] = run(torch.float16).double().cpu().numpy()
        net = UNet2DConditionModel.from_pretrained(pathlib.Path(model) / "unet", torch_dtype=torch.float32).eval().to(gpu)
    net.double()
    exact = run(torch.float64).cpu().numpy()
    base = error(results["PyTorch float32"], exact)
    for name, result in results.items():
        print(f"error of {name}: {error(result, exact):.2e}, {error(result, exact) / base:.2f} of PyTorch float32's")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
