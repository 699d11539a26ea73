#!/usr/bin/env python3
"""Times RadEdit and PyTorch side by side on one machine and prints the ratio of their times.

    python bench/compare_pytorch.py MODEL [--what unet vae-decoder ...] [--rounds 5] [--threads N] [--json F]

MODEL is a model folder in the published layout ('radedit weights synthesize --size full MODEL' makes one). Needs a
Python with torch, diffusers and transformers, for the text and image encoder health_multimodal (hi-ml-multimodal), too.

The machine's speed may drift, so the two take turns: in each round RadEdit's networks run, then PyTorch's, each warmed
up, and a round gives one ratio. Printed are the medians of both times and of the ratio. Both use float32 and the same
number of threads; the peak of resident memory is that of a process which does nothing else.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
RADEDIT = HERE.parent / "radedit"
WHAT = {"unet-1": ("unet", 1), "unet": ("unet", 2), "vae-decoder": ("vae-decoder", 1), "vae-encoder": ("vae-encoder", 1),
        "text-encoder": ("text-encoder", 2), "image-encoder": ("image-encoder", 1)}


def ours(model, what, threads, runs):
    part, batch = WHAT[what]
    line = [RADEDIT, "bench", "--model", model, "--what", part, "--batch", batch, "--runs", runs, "--threads", threads,
            "--json"]
    done = subprocess.run(list(map(str, line)), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"radedit bench failed on {what}")
    return json.loads(done.stdout)["results"][0]["median_s"]


def pytorch(model, what, threads):
    """A function that runs the network once."""
    import torch
    torch.set_grad_enabled(False)
    torch.set_num_threads(threads)
    part, batch = WHAT[what]
    if part == "unet":
        from diffusers import UNet2DConditionModel
        net = UNet2DConditionModel.from_pretrained(model / "unet", torch_dtype=torch.float32).eval()
        n, c = net.config.sample_size, net.config.cross_attention_dim
        x, text = torch.randn(batch, 4, n, n), torch.randn(batch, 128, c)
        return lambda: net(x, 401, text)
    if part == "text-encoder":
        from health_multimodal.text.model import CXRBertModel
        net = CXRBertModel.from_pretrained(model / "text_encoder").float().eval()
        ids = torch.randint(500, (batch, 128))
        return lambda: net.bert(ids, attention_mask=None)
    if part == "image-encoder":
        from health_multimodal.image.model.model import MultiImageModel
        from safetensors.torch import load_file
        net = MultiImageModel(img_encoder_type="resnet50_multi_image", joint_feature_size=128).eval()
        net.load_state_dict(load_file(model / "image_encoder" / "model.safetensors"))
        film = torch.rand(batch, 3, 448, 448)
        return lambda: net(film)
    from diffusers import AutoencoderKL, UNet2DConditionModel
    net = AutoencoderKL.from_pretrained(model / "vae", torch_dtype=torch.float32).eval()
    n = UNet2DConditionModel.load_config(model / "unet")["sample_size"]
    latent, image = torch.randn(1, 4, n, n), torch.randn(1, 3, 8 * n, 8 * n)
    return (lambda: net.decode(latent)) if part == "vae-decoder" else (lambda: net.encode(image))


def median_time(run, runs):
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak(line):
    """Peak of resident memory of a process, in MB."""
    pid = os.posix_spawnp(str(line[0]), list(map(str, line)), os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    return os.wait4(pid, 0)[2].ru_maxrss / 1024


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=pathlib.Path)
    p.add_argument("--what", nargs="+", default=list(WHAT), choices=WHAT)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--runs", type=int, default=2, help="counted runs of each in a round")
    p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument("--json", type=pathlib.Path)
    p.add_argument("--pytorch-once", action="store_true", help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.pytorch_once:
        pytorch(a.model, a.what[0], a.threads)()
        return
    # Before PyTorch is loaded here: a child process begins with its parent's peak.
    peaks = {}
    for what in a.what:
        part, batch = WHAT[what]
        mine = peak([RADEDIT, "bench", "--model", a.model, "--what", part, "--batch", batch, "--runs", 1, "--threads",
                     a.threads])
        theirs = peak([sys.executable, __file__, a.model, "--what", what, "--threads", a.threads, "--pytorch-once"])
        peaks[what] = mine, theirs
    rows = []
    print(f"{'':14} {'RadEdit s':>10} {'PyTorch s':>10} {'ratio':>6}   (rounds)            {'MB':>6} {'MB':>6} {'ratio':>6}")
    for what in a.what:
        run = pytorch(a.model, what, a.threads)
        pairs = [(ours(a.model, what, a.threads, a.runs), median_time(run, a.runs)) for _ in range(a.rounds)]
        del run
        mine, theirs = peaks[what]
        ratios = [x / y for x, y in pairs]
        row = dict(what=what, radedit_s=statistics.median(x for x, _ in pairs), pytorch_s=statistics.median(y for _, y in pairs),
                   ratio=statistics.median(ratios), ratios=ratios, radedit_mb=mine, pytorch_mb=theirs)
        rows.append(row)
        print(f"{what:14} {row['radedit_s']:10.3f} {row['pytorch_s']:10.3f} {row['ratio']:6.2f}   "
              f"({' '.join(f'{r:.2f}' for r in ratios)}) {mine:6.0f} {theirs:6.0f} {mine / theirs:6.2f}", flush=True)
    if a.json:
        a.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
