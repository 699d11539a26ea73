"""Phantoms with their labels, and the same films after the autoencoder's round trip."""
import csv
import json
import pathlib

import numpy as np
from PIL import Image
from safetensors.numpy import load_file


class Films:
    """pixels: uint8 [n, 128, 128]; pneumothorax, drain: bool [n]."""

    def __init__(self, pixels, pneumothorax, drain):
        self.pixels, self.pneumothorax, self.drain = pixels, pneumothorax, drain

    def __len__(self):
        return len(self.pixels)

    def select(self, index):
        return Films(self.pixels[index], self.pneumothorax[index], self.drain[index])

    def __add__(self, other):
        return Films(*(np.concatenate(pair) for pair in zip(vars(self).values(), vars(other).values())))


def truth(folder):
    lines = [json.loads(line)["truth"] for line in open(pathlib.Path(folder) / "manifest.jsonl")]
    return tuple(np.array([any(t.startswith(f"+{kind}/") for t in line) for line in lines], bool)
                 for kind in ("pneumothorax", "drain"))


def packed(folder):
    """Of `radedit weights phantom FOLDER --packed`."""
    return Films(load_file(pathlib.Path(folder) / "films.safetensors")["films"], *truth(folder))


def read(file):
    return np.asarray(Image.open(file).convert("L"))


def round_trips(folder, run):
    """The films of `radedit weights phantom FOLDER`, as `radedit stress run --images FOLDER/films -o RUN` made them."""
    films = sorted((pathlib.Path(folder) / "films").glob("*.png"))
    rows = {row["case_id"]: row for row in csv.DictReader(open(pathlib.Path(run) / "results.csv"))}
    pixels = np.stack([read(pathlib.Path(run) / rows[f.stem]["image"]) for f in films])
    return Films(pixels, *truth(folder))
