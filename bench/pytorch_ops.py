#!/usr/bin/env python3
"""Where the time of a UNet goes, RadEdit beside PyTorch: time, GFLOP/s and percent of the peak for each kind of operation.

    python bench/pytorch_ops.py MODEL [--batch 2] [--rounds 3] [--threads N] [--peak GFLOPS] [--bfloat16]

The two take turns; each figure is the median over the rounds. RadEdit's are those of 'radedit bench --ops'; PyTorch's come
from timing torch.nn.functional, so what stands between these calls counts as 'other'. --peak is the micro-kernel's
peak as bench/jmh measures it. --bfloat16 times PyTorch's UNet in that type too, as a whole.
"""
import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
KINDS = {"convolution 3 x 3": "convolution 3 x 3", "convolution 3 x 3, stride 2": "convolution 3 x 3",
         "convolution 1 x 1": "convolution 1 x 1", "linear": "linear", "self-attention": "self-attention",
         "cross-attention": "cross-attention", "group norm": "group norm", "layer norm": "layer norm"}
ORDER = ["convolution 3 x 3", "convolution 1 x 1", "linear", "self-attention", "cross-attention", "group norm", "layer norm",
         "other"]


def ours(a):
    line = [HERE.parent / "radedit", "bench", "--what", "unet", "--batch", a.batch, "--runs", 3, "--threads", a.threads,
            "--model", a.model, "--ops", "--json"]
    result = json.loads(subprocess.run(list(map(str, line)), stdout=subprocess.PIPE, text=True, check=True).stdout)
    kinds = collections.defaultdict(lambda: [0, 0.0, 0.0])
    for op in result["results"][0]["ops"]:
        row = kinds[KINDS.get(op["kind"], "other")]
        row[0] += op["operations"]
        row[1] += op["seconds"]
        row[2] += op["gflops"] * op["seconds"]
    return kinds


class Calls:
    """Replaces functions of torch.nn.functional by timed ones."""

    def __init__(self):
        self.kinds = collections.defaultdict(lambda: [0, 0.0, 0.0])

    def time(self, name, kind, gflop):
        import torch.nn.functional as F
        inner = getattr(F, name)

        def timed(*args, **more):
            start = time.perf_counter()
            out = inner(*args, **more)
            row = self.kinds[kind(*args)]
            row[0] += 1
            row[1] += time.perf_counter() - start
            row[2] += gflop(out, *args) / 1e9
            return out

        setattr(F, name, timed)

    def install(self):
        self.time("conv2d", lambda x, w, *_: f"convolution {w.shape[2]} x {w.shape[3]}",
                  lambda y, x, w, *_: 2 * y.numel() * w[0].numel())
        self.time("linear", lambda *_: "linear", lambda y, x, w, *_: 2 * y.numel() * w.shape[1])
        self.time("scaled_dot_product_attention", lambda q, k, *_: "self-attention" if q.shape == k.shape else "cross-attention",
                  lambda y, q, k, v, *_: 4 * q.numel() * k.shape[-2])
        self.time("group_norm", lambda *_: "group norm", lambda *_: 0)
        self.time("layer_norm", lambda *_: "layer norm", lambda *_: 0)


def unet(a, dtype):
    import torch
    from diffusers import UNet2DConditionModel
    torch.set_grad_enabled(False)
    torch.set_num_threads(a.threads)
    net = UNet2DConditionModel.from_pretrained(a.model / "unet", torch_dtype=dtype).eval()
    n, c = net.config.sample_size, net.config.cross_attention_dim
    x, text = torch.randn(a.batch, 4, n, n, dtype=dtype), torch.randn(a.batch, 128, c, dtype=dtype)
    return lambda: net(x, 401, text)


def theirs(run, calls):
    run()
    calls.kinds.clear()
    start = time.perf_counter()
    run()
    whole = time.perf_counter() - start
    rows = {kind: list(row) for kind, row in calls.kinds.items()}
    rows["other"] = [0, whole - sum(row[1] for row in rows.values()), 0]
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=pathlib.Path)
    p.add_argument("--batch", type=int, default=2)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    p.add_argument("--peak", type=float, default=0)
    p.add_argument("--bfloat16", action="store_true")
    a = p.parse_args()
    import torch
    calls = Calls()
    calls.install()
    run = unet(a, torch.float32)
    rounds = [(ours(a), theirs(run, calls)) for _ in range(a.rounds)]

    def cell(side, kind):
        seconds = statistics.median(r[side][kind][1] if kind in r[side] else 0 for r in rounds)
        gflop = rounds[0][side][kind][2] if kind in rounds[0][side] else 0
        rate = gflop / seconds if seconds else 0
        share = f" {100 * rate / a.peak:.0f} %" if a.peak and rate else ""
        return f"{1000 * seconds:.0f} | {rate:.0f} |{share}" if rate else f"{1000 * seconds:.0f} | |"

    print("| kind | operations | RadEdit ms | GFLOP/s | of peak | PyTorch ms | GFLOP/s | of peak |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in ORDER:
        print(f"| {kind} | {rounds[0][0][kind][0]} | {cell(0, kind)} | {cell(1, kind)} |")
    whole = [statistics.median(sum(row[1] for row in r[side].values()) for r in rounds) for side in (0, 1)]
    print(f"| all | | {1000 * whole[0]:.0f} | | | {1000 * whole[1]:.0f} | | |")
    if a.bfloat16:
        half = unet(a, torch.bfloat16)
        half()
        times = []
        for _ in range(a.rounds):
            start = time.perf_counter()
            half()
            times.append(time.perf_counter() - start)
        print(f"PyTorch in bfloat16: {statistics.median(times):.2f} s")


if __name__ == "__main__":
    main()
