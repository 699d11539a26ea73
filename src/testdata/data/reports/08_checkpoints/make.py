"""Makes the checkpoints made_* of this folder with PyTorch 2.15 and numpy 2: `python make.py`.

Each holds the tensors of expected.safetensors, in a place and among things where a training script could leave them. The
other files came from outside.
"""

import argparse
import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import logging
import os
import pathlib
import random
import re
import time
import types
import uuid
import zipfile

import numpy as np
import torch
from safetensors.torch import load_file

TENSORS = load_file("expected.safetensors")


class Plain:
    def __init__(self):
        self.values = [1, 2]

    def method(self):
        return self.values


class Slots:
    __slots__ = ("x", "y")

    def __init__(self):
        self.x, self.y = 1, torch.ones(2)


class Outer:
    class Inner:
        pass

    class Colour(enum.Enum):
        RED = 1


class Level(enum.IntFlag):
    LOW = 1
    HIGH = 2


class Word(str, enum.Enum):
    YES = "yes"


class State(collections.OrderedDict):
    """A dictionary of a class of its own."""


class Attributes(dict):
    __getattr__ = dict.__getitem__


class NewArguments:
    def __new__(cls, *, size):
        o = super().__new__(cls)
        o.size = size
        return o

    def __getnewargs_ex__(self):
        return (), {"size": self.size}


class Decay:
    """A schedule that is an object and not a lambda, so that its state is saved."""

    def __init__(self):
        self.factor = 0.9

    def __call__(self, epoch):
        return self.factor**epoch


class Reduced:
    def __reduce__(self):
        return rebuild, ("x", 1), {"a": 1}, iter([1, 2]), iter([("k", "v")])


def rebuild(name, number):
    return Attributes(name=name, number=number)


@dataclasses.dataclass
class Settings:
    rate: float = 0.1
    path: pathlib.Path = pathlib.Path("/data/films")
    inner: dict = dataclasses.field(default_factory=lambda: {"a": Outer.Colour.RED})


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    a: int = 1


Point = collections.namedtuple("Point", "x y")


class Marked(torch.Tensor):
    """A class of tensors."""


def state():
    return collections.OrderedDict((k, v.clone()) for k, v in TENSORS.items())


def everything(protocol):
    """What hyper parameters, callbacks and counters have been seen to hold, and more."""
    recursive = [1]
    recursive.append(recursive)
    knot = ([],)
    knot[0].append(knot)
    rng = np.random.RandomState(3)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(module.parameters(), lr=0.1)
    module(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, [Decay()])
    odd = {
        "namespace": argparse.Namespace(lr=0.1, device=torch.device("cuda:0"), path=pathlib.Path("a") / "b"),
        "simple": types.SimpleNamespace(a=1), "settings": Settings(), "frozen": Frozen(), "plain": Plain(), "slots": Slots(),
        "inner": Outer.Inner(), "class": Outer.Inner, "colour": Outer.Colour.RED, "level": Level.LOW | Level.HIGH,
        "word": Word.YES, "method": Plain().method, "function": rebuild, "builtin": len, "type": int,
        "partial": functools.partial(torch.optim.AdamW, lr=1e-3, betas=(0.9, 0.99)), "reduced": Reduced(),
        "new": NewArguments(size=3), "attributes": Attributes(a=Attributes(b=1)), "point": Point(1, 2),
        "counter": collections.Counter("abca"), "default": collections.defaultdict(list, a=[1]),
        "ordered": State(a=1), "deque": collections.deque([1, 2], maxlen=3), "chain": collections.ChainMap({"a": 1}),
        "user": collections.UserDict(a=1), "set": {1, 2}, "frozenset": frozenset([1, (2, 3)]), "bytes": b"\xff\x00abc" * 100,
        "bytearray": bytearray(b"\xff1"), "range": range(3), "slice": slice(1, 2), "ellipsis": ..., "complex": 1 + 2j,
        "not": NotImplemented, "none": None, "big": 10**400, "bigger": -(1 << 5000), "inf": float("inf"),
        "surrogate": os.fsdecode(b"a\xff\xfeb"), "emoji": "\U0001f600", "empty": "", "date": datetime.datetime(2024, 1, 2, 3),
        "zone": datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc), "delta": datetime.timedelta(seconds=1),
        "day": datetime.date(2024, 1, 2), "time": time.gmtime(0), "decimal": decimal.Decimal("1.5"),
        "fraction": fractions.Fraction(1, 3), "uuid": uuid.UUID(int=1), "regex": re.compile("a+"),
        "logger": logging.getLogger("a.b"), "error": ValueError("x"), "array": array.array("f", [1, 2]),
        "buffer": io.BytesIO(b"abc"), "random": random.Random(3), "random_state": random.getstate(), "stat": os.stat("."),
        "uname": os.uname(), "paths": [pathlib.PurePosixPath("x"), pathlib.PureWindowsPath("c:\\x")],
        "np": {"scalar": np.float64(0.1), "int": np.int64(3), "bool": np.bool_(True), "array": np.arange(6.0).reshape(2, 3),
               "fortran": np.asfortranarray(np.ones((2, 2))), "text": np.array(["a", "bc"]), "objects": np.array([1, "a"], object),
               "dtype": np.dtype("float16"), "record": np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), "date": np.datetime64("2024-01-01"),
               "ma": np.ma.masked_array([1, 2], [0, 1]), "state": rng.get_state(), "rng": rng, "generator": np.random.default_rng(3)},
        "torch": {"device": torch.device("cpu"), "dtype": torch.float64, "wide": torch.complex128, "size": torch.Size([1, 2]),
                  "layout": torch.strided, "format": torch.channels_last, "optimizer": optimizer, "scheduler": scheduler,
                  "loss": torch.nn.CrossEntropyLoss(weight=torch.ones(3)), "generator": torch.Generator().manual_seed(1), "module": module, "rng": torch.get_rng_state(),
                  "sparse": torch.ones(2, 2).to_sparse(), "csr": torch.ones(2, 2).to_sparse_csr(), "complex": torch.ones(2, dtype=torch.complex128),
                  "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "lazy": torch.ones(2, dtype=torch.complex64).conj(),
                  "meta": torch.empty(3, device="meta"), "marked": torch.ones(2).as_subclass(Marked), "parameter": torch.nn.Parameter(torch.ones(1))},
        (1, "tuple"): 1, frozenset([1]): 2, None: 3, 1.5: 4, Outer.Colour.RED: 5, b"key": 6, Plain: 7,
        "recursive": recursive, "knot": knot,
    }
    if protocol < 4:
        del odd["torch"]["format"]  # cannot be saved
    return {"epoch": 3, "hyper_parameters": odd, "state_dict": state(), "optimizer_states": [optimizer.state_dict()],
            "lr_schedulers": [scheduler.state_dict()], "callbacks": {Plain: {"best": torch.tensor(0.5)}}, "loops": {"fit": [odd["np"]]}}


def saved(obj, **options):
    out = io.BytesIO()
    torch.save(obj, out, **options)
    return out.getvalue()


def write(name, data):
    with open("made_" + name, "wb") as f:
        f.write(data)


def pack(entries, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        for name, data in entries.items():
            z.writestr(name, data)
    return out.getvalue()


def unpack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {n: z.read(n) for n in z.namelist()}


def module(weights):
    m = torch.nn.Module()
    m.a = torch.nn.Linear(4, 3)
    m.a.weight, m.a.bias = (torch.nn.Parameter(weights["a.weight"].clone()), torch.nn.Parameter(weights["a.bias"].clone()))
    m.a.register_buffer("scratch", torch.ones(1), persistent=False)
    m.dropout = torch.nn.Dropout()
    m.loss = torch.nn.MSELoss()
    return m


def main():
    for protocol in (2, 3, 4, 5):
        write(f"everything.zip{protocol}.ckpt", saved(everything(protocol), pickle_protocol=protocol))
    for protocol in (2, 4):
        c = everything(protocol)
        del c["hyper_parameters"]["torch"]["quantized"]
        write(f"everything.stream{protocol}.ckpt", saved(c, pickle_protocol=protocol, _use_new_zipfile_serialization=False))

    write("dotted.pt", saved({"runs": {"a.b": {"c": state(), "d": {k: v + 1 for k, v in TENSORS.items()}}}}))  # --key runs.a.b.c
    write("several.pt", saved({"model": state(), "ema": {"net": {k: v + 1 for k, v in TENSORS.items()}}, "epoch": 1}))
    write("rng.pt", saved({"model": state(), "rng_state": torch.get_rng_state(), "epoch": torch.tensor(3),
                           "optimizer": torch.optim.Adam([torch.nn.Parameter(torch.ones(2))]).state_dict()}))
    write("tuple.pt", saved((state(), {"epoch": 3})))
    write("list.pt", saved([{"x": 1}, state()]))
    write("subclass.pt", saved({"net": State(state())}))
    write("attributes.pt", saved({"ema": types.SimpleNamespace(shadow=state(), decay=0.9)}))  # --key ema.shadow
    write("marked.pt", saved({k: v.as_subclass(Marked) for k, v in TENSORS.items()}))
    write("module.pt", saved({"net": module(TENSORS), "epoch": 1}))  # --key net
    write("metabeside.pt", saved({"state_dict": state(), "draft": {"m": torch.empty(2, device="meta")}}))

    whole = unpack(saved(state()))
    moved = {n.replace("archive/", "renamed folder/"): d for n, d in whole.items()}
    write("folders.pt", pack({"renamed folder/": b"", "renamed folder/data/": b"", **moved, "__MACOSX/renamed folder/._data.pkl": b"x",
                              "renamed folder/.DS_Store": b"x"}))
    write("flat.pt", pack({n.split("/", 1)[1]: d for n, d in whole.items()}, zipfile.ZIP_STORED))
    write("bzip2.pt", pack(whole, zipfile.ZIP_BZIP2))
    write("inner.zip", pack({"model.pt": saved(state())}))


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    main()
