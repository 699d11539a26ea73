"""The packed phantoms that `radedit weights phantom --packed` writes, and which captions hold for which film."""
import json
import pathlib

import numpy as np
from safetensors.numpy import load_file

KINDS = ("effusion", "pneumothorax", "consolidation", "cardiomegaly", "nodule", "drain", "pacemaker", "tube")
FINDINGS = KINDS[:5]
SIDES = ("any", "right", "left")
EXTENTS = ("any", "small", "large")
ATOMS = [f"{k}/{s}/{e}" for k in KINDS for s in SIDES for e in EXTENTS] + ["finding/any/any"]
INDEX = {a: i for i, a in enumerate(ATOMS)}


def atoms_of(truth):
    """What holds for a film, as a vector over ATOMS."""
    v = np.zeros(len(ATOMS), bool)
    for t in truth:
        kind, side, extent = t[1:].split("/")
        for s in {"any", side}:
            for e in {"any", extent}:
                v[INDEX[f"{kind}/{s}/{e}"]] = True
        v[INDEX["finding/any/any"]] |= kind in FINDINGS
    return v


class Phantoms:
    """films: uint8 [n, size, size]; texts: all different captions; captions[i], wrong[i]: indices into texts."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.films = load_file(folder / "films.safetensors")["films"]
        self.texts, self.captions, self.wrong, atoms = [], [], [], []
        known, demanded, refused = {}, [], []

        def index(caption):
            if caption["text"] not in known:
                known[caption["text"]] = len(self.texts)
                self.texts.append(caption["text"])
                yes, no = np.zeros(len(ATOMS), bool), np.zeros(len(ATOMS), bool)
                for c in caption["claims"]:
                    (yes if c[0] == "+" else no)[INDEX[c[1:]]] = True
                demanded.append(yes)
                refused.append(no)
            return known[caption["text"]]

        with open(folder / "manifest.jsonl") as lines:
            for line in lines:
                m = json.loads(line)
                atoms.append(atoms_of(m["truth"]))
                self.captions.append([index(c) for c in m["captions"]])
                self.wrong.append({k: index(c) for k, c in m["wrong"].items()})
        self.atoms = np.array(atoms)
        self.demanded, self.refused = np.array(demanded), np.array(refused)

    def holds(self, films, texts):
        """Truth of each text for each film: bool [films, texts]."""
        a = self.atoms[films].astype(np.int32)
        missing = (1 - a) @ self.demanded[texts].T.astype(np.int32)
        contradicted = a @ self.refused[texts].T.astype(np.int32)
        return (missing + contradicted) == 0
