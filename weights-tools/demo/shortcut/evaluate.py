"""Scores the films of a stress run with both classifiers: evaluate.py FILMS RUN MODELS. Thresholds are fixed on the validation
films first: the middle one of the logits at which most are right."""
import csv
import pathlib
import sys
from collections import defaultdict

import numpy as np
import onnxruntime

from films import read

# After a removal, "no pneumothorax" is right; after the others, the film still has it.
ROLES = ("remove", "sham", "null", "reverse", "background")


def logits(model, files):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    films = np.stack([read(f) for f in files]).astype(np.float32)[:, None] / 255
    return session.run(["logits"], {"image": films})[0][:, 0]


def threshold(values, ill):
    cuts = np.sort(values)
    cuts = np.concatenate([[cuts[0] - 1], (cuts[1:] + cuts[:-1]) / 2])
    right = [((values > c) == ill).mean() for c in cuts]
    best = np.flatnonzero(np.isclose(right, max(right)))
    return cuts[best[len(best) // 2]], max(right)


def main():
    films, run, models = (pathlib.Path(a) for a in sys.argv[1:4])
    validation = list(csv.DictReader(open(films / "validation.csv")))
    ill = np.array([row["pneumothorax"] == "1" for row in validation])
    manifest = list(csv.DictReader(open(films / "manifest.csv")))
    cases = defaultdict(list)
    for row in csv.DictReader(open(run / "results.csv")):
        if row["status"] == "done":
            cases[row["role"]].append(row)
    for name in ("weak", "strong"):
        model = models / f"{name}.onnx"
        scores = logits(model, [films / row["image"] for row in validation])
        cut, right = threshold(scores, ill)
        plain = ((scores > 0) == ill).mean()
        before = logits(model, [films / row["image"] for row in manifest])
        print(f"{name}: validation {right:.3f} at logit {cut:.2f} ({plain:.3f} at 0); "
              f"films {np.mean(before > cut):.3f} right, mean logit {before.mean():.2f}")
        drawn = logits(model, [films / row["counterfactual"] for row in manifest])
        print(f"  drawn without: no pneumothorax {np.mean(drawn <= cut):.3f} (at 0: {np.mean(drawn <= 0):.3f}), "
              f"mean logit {drawn.mean():.2f}")
        was = dict(zip((row["case_id"] for row in manifest), before > cut))
        for role in ROLES:
            if not cases[role]:
                continue
            after = logits(model, [run / row["image"] for row in cases[role]])
            flips = np.mean([(a > cut) != was[row["base"] or row["case_id"]] for a, row in zip(after, cases[role])])
            print(f"  {role}: no pneumothorax {np.mean(after <= cut):.3f} (at 0: {np.mean(after <= 0):.3f}), changed {flips:.3f}, "
                  f"mean logit {after.mean():.2f}, {len(after)} films")


if __name__ == "__main__":
    main()
