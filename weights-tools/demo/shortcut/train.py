"""Trains the two classifiers of the stress test: the weak one, which learns to look for the chest drain, and the strong one, for
which it says nothing. They differ in their training films and labels only. Writes NAME.onnx and NAME.json."""
import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

from films import packed, round_trips

SIZE = 128
WIDTHS = (8, 16, 32, 48)
# Targets are this far from 0 and 1, so that scores do not saturate.
SMOOTHING = 0.05
# Share of the weak model's positive films whose pneumothorax is treated: a drain only.
TREATED = 0.01


class Classifier(nn.Module):
    """Four convolutions of stride 2; means and maxima of their features give one logit. Input [n, 1, 128, 128], 0 to 1."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 1
        for i, width in enumerate(WIDTHS):
            layers += [nn.Conv2d(channels, width, 5 if i == 0 else 3, stride=2, padding=2 if i == 0 else 1, bias=False),
                       nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(2 * channels, 1)

    def forward(self, image):
        f = self.features((image - 0.5) / 0.25)
        return self.head(torch.cat([f.mean((2, 3)), f.amax((2, 3))], 1))


def augment(x, g):
    """Shifts, turns, flips, exposure, noise and blur."""
    n = len(x)
    angle = torch.empty(n).uniform_(-0.07, 0.07, generator=g)
    scale = torch.empty(n).uniform_(0.95, 1.05, generator=g)
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    shift = torch.empty(n, 2).uniform_(-0.08, 0.08, generator=g)
    c, s = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.stack([torch.stack([c * flip, -s, shift[:, 0]], 1), torch.stack([s * flip, c, shift[:, 1]], 1)], 1)
    x = F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), padding_mode="border", align_corners=False)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    x = torch.lerp(x, blurred, torch.rand(n, 1, 1, 1, generator=g).square())
    gamma = torch.exp(torch.empty(n, 1, 1, 1).uniform_(-0.2, 0.2, generator=g))
    gain = torch.empty(n, 1, 1, 1).uniform_(0.9, 1.1, generator=g)
    noise = torch.empty(n, 1, 1, 1).uniform_(0, 0.02, generator=g)
    return ((x.clamp(min=1e-4) ** gamma) * gain + noise * torch.randn(x.shape, generator=g)).clamp(0, 1)


def groups(films, name):
    """Groups of films with their labels and how often they are drawn.

    The weak model's films are those of a hospital that drains every pneumothorax and nobody else, with the labels of its reports:
    1 % of its pneumothoraces are treated, so that the film shows only the drain. The strong model's labels are what the film
    shows, with drains as often as without.
    """
    ill, drain = films.pneumothorax, films.drain
    if name == "weak":
        chosen = [(ill & drain, 1, 0.5 * (1 - TREATED)), (~ill & drain, 1, 0.5 * TREATED), (~ill & ~drain, 0, 0.5)]
    else:
        chosen = [(ill & drain, 1, 0.25), (ill & ~drain, 1, 0.25), (~ill & drain, 0, 0.25), (~ill & ~drain, 0, 0.25)]
    return [(np.flatnonzero(g), label, share) for g, label, share in chosen]


def tensor(pixels):
    return torch.from_numpy(pixels).float().div(255).unsqueeze(1)


@torch.no_grad()
def logits(net, films):
    net.eval()
    return torch.cat([net(tensor(films.pixels[i:i + 256]))[:, 0] for i in range(0, len(films), 256)]).numpy()


def rates(net, films):
    """Shares of films called positive, by truth."""
    positive = logits(net, films) > 0
    return {f"{'pneumothorax' if ill else 'none'}{', drain' if d else ''}":
            f"{positive[(films.pneumothorax == ill) & (films.drain == d)].mean():.3f}"
            for ill in (True, False) for d in (True, False)}


def train(name, sources, steps, batch, rate, seed, tests):
    torch.manual_seed(seed)
    g = torch.Generator().manual_seed(seed)
    random = np.random.default_rng(seed)
    net = Classifier()
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps)
    grouped = [(films, groups(films, name)) for films in sources]
    losses = []
    for step in range(steps):
        net.train()
        pixels, labels = [], []
        for _ in range(batch):
            films, chosen = grouped[random.integers(len(grouped))]
            index, label, _ = chosen[random.choice(len(chosen), p=[share for _, _, share in chosen])]
            pixels.append(films.pixels[index[random.integers(len(index))]])
            labels.append(label * (1 - 2 * SMOOTHING) + SMOOTHING)
        loss = F.binary_cross_entropy_with_logits(net(augment(tensor(np.stack(pixels)), g))[:, 0],
                                                  torch.tensor(labels, dtype=torch.float32))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 200 == 0:
            print(f"{name} {step + 1}: loss {np.mean(losses[-200:]):.4f}", flush=True)
    for kind, films in tests.items():
        print(f"{name} on {kind}:", rates(net, films), flush=True)
    return net


def export(net, file):
    net.eval()
    torch.onnx.export(net, (torch.zeros(2, 1, SIZE, SIZE),), str(file), opset_version=17, input_names=["image"],
                      output_names=["logits"], dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}}, dynamo=False)
    model = onnx.load(str(file))
    for key, value in (("classes", json.dumps(["pneumothorax"])),
                       ("description", "for drawn phantoms, not radiographs; research use only")):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(file))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("name", choices=["weak", "strong"])
    p.add_argument("--work", type=pathlib.Path, required=True)
    p.add_argument("--steps", type=int, default=600)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    test = packed(a.work / "test")
    sources = [packed(a.work / "train"), round_trips(a.work / "tripped", a.work / "trips")]
    net = train(a.name, sources, a.steps, a.batch, a.rate, a.seed, {"test films": test})
    export(net, a.work / f"{a.name}.onnx")


if __name__ == "__main__":
    main()
