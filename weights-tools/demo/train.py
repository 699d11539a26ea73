"""Trains the demo model on phantoms. Stages, each resumable; see README.md.

    python train.py vae|decoder|text|pair|unet|export|score --data DIR --work DIR [--steps N] [--minutes M] [--threads T] [--resume]
"""
import argparse
import json
import re
import math
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

import nets
from data import ATOMS, Phantoms


class Run:
    """Steps, log and checkpoint of one stage: WORK/STAGE.pt and WORK/STAGE.log."""

    def __init__(self, args, stage, net, lr, decay, extra=()):
        self.args, self.stage, self.net = args, stage, net
        self.file = args.work / f"{stage}.pt"
        self.parameters = [*(p for p in net.parameters() if p.requires_grad), *extra]
        self.extra = list(extra)
        self.optimizer = torch.optim.AdamW(self.parameters, lr=lr, weight_decay=1e-4, betas=(0.9, 0.99))
        self.lr, self.ema, self.step, self.spent = lr, nets.Ema(net, decay), 0, 0.0
        if args.resume and self.file.exists():
            c = torch.load(self.file, weights_only=True)
            net.load_state_dict(c["net"])
            self.optimizer.load_state_dict(c["optimizer"])
            self.ema.mean, self.ema.steps = c["ema"], c["step"]
            self.step, self.spent = c["step"], c["spent"]
            with torch.no_grad():
                for p, v in zip(self.extra, c["extra"]):
                    p.copy_(v)
        self.started, self.saved, self.sums, self.count = time.time(), time.time(), {}, 0
        self.log(f"{nets.parameters(net)} parameters, from step {self.step}")

    def log(self, text):
        line = f"{time.strftime('%H:%M:%S')} {self.stage} {text}"
        print(line, flush=True)
        with open(self.args.work / f"{self.stage}.log", "a") as f:
            f.write(line + "\n")

    def more(self):
        minutes = (time.time() - self.started) / 60
        return self.step < self.args.steps and minutes < self.args.minutes

    def update(self, loss, **shown):
        self.step += 1
        # Constant after the warm-up; with --anneal it falls to nothing at the last step.
        rate = min(1, self.step / 200)
        if self.args.anneal:
            done = max(self.step / self.args.steps, (time.time() - self.started) / 60 / self.args.minutes)
            rate *= 0.02 + 0.98 * max(0.0, 1 - done)
        for g in self.optimizer.param_groups:
            g["lr"] = self.lr * self.args.rate * rate
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.ema.update(self.net)
        for k, v in {"loss": loss.detach(), **shown}.items():
            self.sums[k] = self.sums.get(k, 0) + float(v)
        self.count += 1
        if self.step % 100 == 0:
            speed = (time.time() - self.started) / self.count_total()
            self.log(f"step {self.step} " + " ".join(f"{k} {v / self.count:.4f}" for k, v in self.sums.items())
                     + f" {speed * 1000:.0f} ms a step")
            self.sums, self.count = {}, 0
        if time.time() - self.saved > 120:
            self.save()

    def count_total(self):
        self.total = getattr(self, "total", 0) + self.count
        return self.total

    def save(self):
        temporary = self.file.with_suffix(".tmp")
        torch.save({"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(), "ema": self.ema.mean,
                    "step": self.step, "spent": self.spent + time.time() - self.started,
                    "extra": [p.detach() for p in self.extra]}, temporary)
        temporary.rename(self.file)
        self.saved = time.time()


def best(args, stage, net):
    """A network with the averaged weights of its stage."""
    net.load_state_dict(torch.load(args.work / f"{stage}.pt", weights_only=True)["ema"])
    return net.eval().requires_grad_(False)


def half(args):
    return torch.autocast("cpu", torch.bfloat16, enabled=args.bfloat16)


def edges(x):
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def train_decoder(args, data):
    """The decoder alone, on latents that stay as they are: what it makes of a region must not depend on the others.

    Group norms see the whole picture, so painting an effusion changes the grey levels of the far side too. Here a box of
    each film's latents is replaced by another film's; outside the box and its surrounding cells the picture has to stay
    what it was, inside it has to be the other film's.
    """
    net = best(args, "vae", nets.vae())
    for name, p in net.named_parameters():
        p.requires_grad_(name.startswith(("decoder", "post_quant")))
    run = Run(args, "decoder", net, 1e-3, 0.998)
    n, cells = args.batch or 8, nets.SIZE // 8
    while run.more():
        x = nets.pixels(data.films[torch.randint(len(data.films), (n,)).numpy()])
        with torch.no_grad(), half(args):
            posterior = net.encode(x).latent_dist
            mean, logvar = posterior.mean.float(), posterior.logvar.float()
        z = mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)
        low = torch.randint(0, cells - 3, (n, 2))
        high = torch.minimum(low + torch.randint(3, 13, (n, 2)), torch.tensor(cells))
        at = torch.arange(cells)

        def boxes(grow):
            rows = (at >= low[:, :1] - grow) & (at < high[:, :1] + grow)
            columns = (at >= low[:, 1:] - grow) & (at < high[:, 1:] + grow)
            return (rows[:, :, None] & columns[:, None, :])[:, None]

        mixed = torch.where(boxes(0), z.roll(1, 0), z)
        with half(args):
            both = net.decode(torch.cat([z, mixed])).sample
        y, ymixed = both.float().chunk(2)
        away = 1 - boxes(1).float().repeat_interleave(8, 2).repeat_interleave(8, 3)
        inside = boxes(-1).float().repeat_interleave(8, 2).repeat_interleave(8, 3)
        spill = ((ymixed - y).abs() * away).sum() / away.sum().clamp(min=1) / 3
        other = ((ymixed - x.roll(1, 0)).abs() * inside).sum() / inside.sum().clamp(min=1) / 3
        l1 = (y - x).abs().mean()
        detail = sum((a - b).abs().mean() for a, b in zip(edges(y), edges(x)))
        run.update(l1 + detail + 2 * spill + 0.5 * other, grey=l1 * 127.5, detail=detail * 127.5,
                   spill=spill * 127.5)
    run.save()


def train_vae(args, data):
    """L1 and L1 of the differences between neighbours (drains, edges of a pneumothorax), and a little KL."""
    net = nets.vae()
    run = Run(args, "vae", net, 1.5e-3, 0.998)
    while run.more():
        x = nets.pixels(data.films[torch.randint(len(data.films), (args.batch or 8,)).numpy()])
        with half(args):
            posterior = net.encode(x).latent_dist
        mean, logvar = posterior.mean.float(), posterior.logvar.float()
        z = mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)
        with half(args):
            y = net.decode(z).sample
        y = y.float()
        l1 = (y - x).abs().mean()
        detail = sum((a - b).abs().mean() for a, b in zip(edges(y), edges(x)))
        kl = 0.5 * (mean ** 2 + logvar.exp() - 1 - logvar).mean()
        run.update(l1 + detail + args.kl * kl, grey=l1 * 127.5, detail=detail * 127.5, kl=kl)
    run.save()


def project(text, ids, mask):
    hidden = text.bert(input_ids=ids, attention_mask=mask).last_hidden_state
    return F.normalize(text.cls_projection_head(hidden[:, 0]).float(), dim=1)


def claims_of(data):
    return torch.from_numpy(np.concatenate([data.demanded, data.refused], 1)).float()


def train_text(args, data):
    """Text encoder, alone: a linear head (not exported) on its projection tells what a text says and what it denies.

    Half of the batches come without the attention mask, because the pipeline conditions the UNet so.
    """
    tok = nets.tokenizer(args.vocabulary)
    encoded = nets.captions_to_ids(tok, data.texts)
    net = nets.text_encoder(len(tok))
    claims = claims_of(data)
    head = torch.nn.Linear(nets.TEXT["projection_size"], claims.shape[1])
    run = Run(args, "text", net, 2e-3, 0.99, head.parameters())
    net.train()
    while run.more():
        texts = torch.randint(len(data.texts), (args.batch or 48,))
        ids, mask = encoded["input_ids"][texts], encoded["attention_mask"][texts]
        if run.step % 2:
            mask = torch.ones_like(mask)
        else:
            longest = int(mask.sum(1).max())
            ids, mask = ids[:, :longest], mask[:, :longest]
        with half(args):
            logits = head(8 * project(net, ids, mask)).float()
        right = ((logits > 0) == (claims[texts] > 0)).all(1).float().mean()
        run.update(20 * F.binary_cross_entropy_with_logits(logits, claims[texts]), all_right=right)
    run.save()


def pair_of(args):
    """Image encoder and the text encoder's projection: what is trained once the text encoder stands."""
    tok = nets.tokenizer(args.vocabulary)
    text = best(args, "text", nets.text_encoder(len(tok)))
    head = text.cls_projection_head
    return text, torch.nn.ModuleDict({"image": nets.ImageEncoder(), "head": head})


def train_pair(args, data):
    """Image encoder and projection: the cosine tells whether a caption holds for a film, each pair on its own (as SigLIP).

    The image encoder alone also has to tell what its film holds (a linear head, not exported), so that it learns sides
    before it has to agree on them. On top, a film's own caption has to score higher than a wrong one, by preference
    one that is wrong in the side.
    """
    tok = nets.tokenizer(args.vocabulary)
    text, net = pair_of(args)
    net["head"].requires_grad_(True)
    with torch.no_grad():
        states = text_states(text, tok, data.texts)
    scale = torch.nn.Parameter(torch.tensor([math.log(10.0), 0.0]))
    seen = torch.nn.Linear(nets.TEXT["projection_size"], len(ATOMS))
    run = Run(args, "pair", net, 1e-3, 0.998, [scale, *seen.parameters()])
    net.train()
    atoms = torch.from_numpy(data.atoms).float()
    n = args.batch or 64
    while run.more():
        films = torch.randint(len(data.films), (n,)).numpy()
        own = []
        for i in films:
            wrong = data.wrong[i]
            kind = "side" if "side" in wrong and torch.rand(()) < 0.7 else list(wrong)[int(torch.randint(len(wrong), ()))]
            own.append((data.captions[i][int(torch.randint(6, ()))], wrong[kind]))
        texts = sorted({t for pair in own for t in pair})
        place = {t: k for k, t in enumerate(texts)}
        own = torch.tensor([[place[t] for t in pair] for pair in own])
        with half(args):
            shown = F.normalize(net["image"](nets.stretched(data.films[films])).float(), dim=1)
        told = F.normalize(net["head"](states[texts]), dim=1)
        truth = torch.from_numpy(data.holds(films, texts))
        logits = shown @ told.T * scale[0].exp() + scale[1]
        each = F.binary_cross_entropy_with_logits(logits, truth.float(), reduction="none")
        mine = logits.gather(1, own)
        hard = F.softplus(mine[:, 1] - mine[:, 0]).mean()
        alone = F.binary_cross_entropy_with_logits(seen(8 * shown), atoms[films])
        right = 0.5 * ((logits[truth] > 0).float().mean() + (logits[~truth] <= 0).float().mean())
        run.update(0.5 * (each[truth].mean() + each[~truth].mean()) + hard + 5 * alone, balanced=right, hard=hard,
                   alone=alone)
    run.save()


@torch.no_grad()
def text_states(text, tok, texts):
    """The [CLS] state of each text, with its mask."""
    encoded = nets.captions_to_ids(tok, texts)
    states = []
    for ids, mask in zip(encoded["input_ids"].split(64), encoded["attention_mask"].split(64)):
        longest = int(mask.sum(1).max())
        states.append(text.bert(input_ids=ids[:, :longest], attention_mask=mask[:, :longest]).last_hidden_state[:, 0])
    return torch.cat(states)


@torch.no_grad()
def prepare(args, data):
    """What the UNet trains on: moments of all films' latents and the text encoder's states of all captions, once."""
    file = args.work / "prepared.safetensors"
    if file.exists():
        return load_file(file)
    films = data.films[:args.films]
    vae = best(args, "vae", nets.vae())
    moments = []
    for i in range(0, len(films), 16):
        with half(args):
            moments.append(vae._encode(nets.pixels(films[i:i + 16])).half())
    moments = torch.cat(moments)
    mean, logvar = moments.float().chunk(2, 1)
    scale = 1 / (mean.var() + logvar.exp().mean()).sqrt()
    tok = nets.tokenizer(args.vocabulary)
    text = best(args, "text", nets.text_encoder(len(tok)))
    ids = nets.captions_to_ids(tok, [*data.texts, ""])["input_ids"]
    states = torch.cat([text.bert(input_ids=b).last_hidden_state.half() for b in ids.split(256)])
    prepared = {"moments": moments, "states": states, "scale": scale[None]}
    save_file(prepared, file)
    return prepared


def train_unet(args, data):
    """Noise prediction, weighted min(SNR, 5) / SNR (Hang et al. 2023); a tenth of the captions is empty."""
    prepared = prepare(args, data)
    moments, states, scale = prepared["moments"], prepared["states"], prepared["scale"]
    empty = len(states) - 1
    net = nets.unet()
    run = Run(args, "unet", net, 5e-4, 0.9995)
    abar = nets.scheduler().alphas_cumprod
    n = args.batch or 64
    captions = torch.tensor(data.captions)
    while run.more():
        films = torch.randint(len(moments), (n,))
        mean, logvar = moments[films].float().chunk(2, 1)
        x0 = (mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)) * scale
        # One timestep from each of n equal strata: less variance between batches.
        t = ((torch.rand(n) + torch.arange(n)) * 1000 / n).long().clamp(max=999)
        a = abar[t].view(-1, 1, 1, 1)
        noise = torch.randn_like(x0)
        chosen = captions[films, torch.randint(captions.shape[1], (n,))]
        chosen[torch.rand(n) < 0.1] = empty
        with half(args):
            eps = net(a.sqrt() * x0 + (1 - a).sqrt() * noise, t, states[chosen].float()).sample
        snr = (a / (1 - a)).view(-1)
        error = (eps.float() - noise).square().mean((1, 2, 3))
        run.update((error * snr.clamp(max=5) / snr).mean(), plain=error.mean(), noisy=error[n // 2:].mean())
    run.save()


def export(args, data):
    """Writes the averaged weights as float16 in the published layout."""
    out = args.out
    prepared = load_file(args.work / "prepared.safetensors")
    vae, unet = best(args, "decoder", nets.vae()), best(args, "unet", nets.unet())
    text, pair = pair_of(args)  # text shares its projection with the pair
    best(args, "pair", pair)
    vae.register_to_config(scaling_factor=round(float(prepared["scale"]), 5))
    total = 0
    for name, net, file in (("unet", unet, "diffusion_pytorch_model.safetensors"),
                            ("vae", vae, "diffusion_pytorch_model.safetensors"),
                            ("text_encoder", text, "model.safetensors"),
                            ("image_encoder", pair["image"], "model.safetensors")):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        if name == "image_encoder":
            (folder / "config.json").write_text(json.dumps(nets.IMAGE, indent=2) + "\n")
            size = nets.save_half(net, folder, file)
        else:
            net.half().save_pretrained(folder, safe_serialization=True)
            size = sum(p.numel() * 2 for p in net.parameters())
        print(f"{name}: {nets.parameters(net)} parameters, {size / 1e6:.2f} MB")
        total += size
    print(f"in all {total / 1e6:.2f} MB")
    nets.scheduler().save_pretrained(out / "scheduler")
    (out / "tokenizer").mkdir(exist_ok=True)
    (out / "tokenizer" / "vocab.txt").write_bytes(args.vocabulary.read_bytes())
    (out / "tokenizer" / "tokenizer_config.json").write_text(json.dumps(
        {"do_lower_case": True, "model_max_length": nets.TOKENS, "tokenizer_class": "BertTokenizer"}, indent=2) + "\n")
    (out / "model_index.json").write_text(json.dumps({
        "_notice": "demo model: it learnt from synthetic phantoms, and its films are not radiographs",
        # the program warns of all others
        "_learnt_words": sorted({w for t in data.texts for w in re.findall("[a-z]{2,}", t.lower())}),
        "_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"], "text_encoder": ["transformers", "CXRBertModel"],
        "tokenizer": ["transformers", "BertTokenizer"], "scheduler": ["diffusers", "DDIMScheduler"]}, indent=2) + "\n")


def area(right, wrong):
    """Area under the ROC curve: how often a right caption's score is above a wrong one's."""
    right, wrong = torch.tensor(right)[:, None], torch.tensor(wrong)[None]
    return float((right > wrong).float().mean() + 0.5 * (right == wrong).float().mean())


@torch.no_grad()
def score(args, data):
    """Right against wrong captions on phantoms that nothing was trained on, with the float16 weights that are exported."""
    tok = nets.tokenizer(args.vocabulary)
    text, pair = pair_of(args)
    best(args, "pair", pair).half().float()
    text.half().float()
    n = min(args.steps, len(data.films))
    states = text_states(text, tok, data.texts)
    image = torch.cat([F.normalize(pair["image"](nets.stretched(f)), dim=1)
                       for f in torch.from_numpy(data.films[:n]).split(50)])

    def cosines(chosen):
        films, texts = zip(*chosen)
        return (image[list(films)] * F.normalize(pair["head"](states[list(texts)]), dim=1)).sum(1).tolist()

    every = []
    right = cosines([(i, data.captions[i][0]) for i in range(n)])
    for kind in ("side", "finding", "normal"):
        at = [i for i in range(n) if kind in data.wrong[i]]
        wrong = cosines([(i, data.wrong[i][kind]) for i in at])
        every += wrong
        mine = [right[i] for i in at]
        above = sum(a > b for a, b in zip(mine, wrong)) / len(at)
        print(f"wrong {kind}: AUC {area(mine, wrong):.4f}, own caption higher for {above:.4f} of {len(at)} films")
    print(f"all wrong captions: AUC {area(right, every):.4f} ({len(right)} right, {len(every)} wrong)")


STAGES = {"vae": train_vae, "decoder": train_decoder, "text": train_text, "pair": train_pair, "unet": train_unet, "export": export, "score": score}

if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("stage", choices=STAGES)
    p.add_argument("--data", type=pathlib.Path, help="packed phantoms")
    p.add_argument("--work", type=pathlib.Path, required=True, help="checkpoints and logs")
    p.add_argument("--out", type=pathlib.Path, help="export: the model folder")
    p.add_argument("--vocabulary", type=pathlib.Path, default=here / "../src/main/resources/radedit/tools/vocab.txt")
    p.add_argument("--steps", type=int, default=1_000_000, help="stop at this step")
    p.add_argument("--minutes", type=float, default=1e6, help="or after so many minutes")
    p.add_argument("--batch", type=int, default=0)
    p.add_argument("--rate", type=float, default=1.0, help="factor on the learning rate")
    p.add_argument("--anneal", action="store_true", help="let the learning rate fall to nothing at the end")
    p.add_argument("--films", type=int, default=32000, help="unet: encode only so many films")
    p.add_argument("--kl", type=float, default=2e-4)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--no-bfloat16", dest="bfloat16", action="store_false", help="float32 throughout")
    p.add_argument("--resume", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    a.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(a.seed)
    STAGES[a.stage](a, Phantoms(a.data) if a.data else None)
