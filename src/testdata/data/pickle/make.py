"""Makes the files of this folder with PyTorch 2.15 and safetensors 0.8: `python make.py`.

Every *.pt beside expected.safetensors holds the same tensors as it, in one container and protocol of torch.save.
"""

import collections
import io
import os
import pickle
import struct
import tarfile
import zipfile
import zlib

import torch
from safetensors.torch import save

META = {"format": "pt"}
torch.manual_seed(0)


def tensors():
    """Every type that torch.save and safetensors share, and every way a tensor can lie in its storage."""
    base = torch.randn(4, 6)
    d = collections.OrderedDict()
    for name in "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64".split():
        d["type." + name] = (torch.randn(2, 3) * 50).to(getattr(torch, name))
    for name in "uint16 uint32 uint64 float8_e4m3fn float8_e5m2 float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz".split():
        d["type." + name] = (torch.rand(5) * 50).to(getattr(torch, name))
    d["special"] = torch.tensor([float("inf"), -float("inf"), float("nan"), -0.0, 1e-45, 3.4e38])
    d["long"] = torch.tensor([-(2**63), 2**63 - 1, 2**53 + 1, 0])
    d["scalar"] = torch.tensor(2.5)
    d["scalar.long"] = torch.tensor(7)
    d["empty"] = torch.zeros(0, 4)
    d["view.transposed"] = base.t()
    d["view.rows"] = base[1:3]
    d["view.columns"] = base[:, 2:5]
    d["view.steps"] = base.half()[::2, ::3]
    d["view.diagonal"] = torch.arange(25).reshape(5, 5).diagonal()
    d["view.expanded"] = torch.arange(3, dtype=torch.uint8).expand(4, 3)
    d["view.permuted"] = torch.randn(2, 3, 4, 5).double().permute(3, 0, 2, 1)
    d["view.channels_last"] = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    d["tied.a"] = base
    d["tied.b"] = base
    d["parameter"] = torch.nn.Parameter(torch.randn(3))
    d["parameter.frozen"] = torch.nn.Parameter(torch.randn(3), requires_grad=False)
    marked = torch.nn.Parameter(torch.randn(2))
    marked.is_initialized = True
    d["parameter.marked"] = marked
    marked = torch.randn(2)
    marked.note = "text"
    d["tensor.marked"] = marked
    d["größe/\u4e2d\"quoted\""] = torch.ones(1)
    return d


def dense(d):
    return {k: v.detach().contiguous().clone() for k, v in d.items()}


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)


def pack(entries, compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as z:
        for name, data in entries.items():
            z.writestr(name, data)
    return out.getvalue()


def pack64(entries):
    """As archives beyond 4 GB have it: sizes and offsets in zip64 fields, and a zip64 end record."""
    body, directory, most = b"", b"", 0xFFFFFFFF
    for name, data in entries.items():
        n, crc = name.encode(), zlib.crc32(data)
        extra = struct.pack("<HHQQQ", 1, 24, len(data), len(data), len(body))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, 0, 0, 0, crc, most, most, len(n),
                                 len(extra), 0, 0, 0, 0, most) + n + extra
        local = struct.pack("<HHQQ", 1, 16, len(data), len(data))
        body += struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, 0, 0, 0, crc, most, most, len(n), len(local))
        body += n + local + data
    end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(entries), len(entries), len(directory),
                      len(body))
    end += struct.pack("<IIQI", 0x07064B50, 0, len(body) + len(directory), 1)
    end += struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, most, most, 0)
    return body + directory + end


def unpack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {n: z.read(n) for n in z.namelist()}


def saved(obj, **options):
    out = io.BytesIO()
    torch.save(obj, out, **options)
    return out.getvalue()


def good():
    d = tensors()
    write("expected.safetensors", save(dense(d), metadata=META))
    for protocol in (2, 3, 4, 5):
        write(f"zip{protocol}.pt", saved(d, pickle_protocol=protocol))
        write(f"stream{protocol}.pt", saved(dict(d), pickle_protocol=protocol, _use_new_zipfile_serialization=False))

    # As a machine of the other byte order would write it. PyTorch does not swap types that have no storage class.
    known = {k: v for k, v in d.items() if v.dtype not in torch.storage._new_dtypes()}
    entries = unpack(saved(known))
    order = {}
    for t in known.values():
        order[t.untyped_storage()._cdata] = t
    swapped = {}
    for key, t in enumerate(order.values()):
        name = f"archive/data/{key}"
        width = t.element_size() // (2 if t.dtype.is_complex else 1)
        raw = entries[name]
        swapped[name] = b"".join(raw[i : i + width][::-1] for i in range(0, len(raw), width))
    data = pack({**entries, **swapped, "archive/byteorder": b"big"})
    loaded = torch.load(io.BytesIO(data))
    for k, v in known.items():
        assert torch.equal(torch.nan_to_num(loaded[k]), torch.nan_to_num(v)), k
    write("bigendian.pt", data)
    write("bigendian.safetensors", save(dense(known), metadata=META))

    data = pack64(unpack(saved(d)))
    assert torch.equal(torch.load(io.BytesIO(data), weights_only=False)["parameter"], d["parameter"])
    write("zip64.pt", data)

    # A real module (its _metadata hangs on the dictionary), and what a training script keeps beside it.
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.Adam(module.parameters())
    module(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    write("module.safetensors", save(dense(module.state_dict()), metadata=META))
    write("module.pt", saved(module.state_dict()))
    write("training.ckpt", saved({
        "epoch": 3, "global_step": 12345678901, "pytorch-lightning_version": "2.1.0", "best": torch.tensor(0.5),
        "state_dict": module.state_dict(), "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [],
        "hparams_name": None, "hyper_parameters": {"lr": 1e-3, "sizes": (1, 2, [3]), "flag": True}}))
    write("two.pt", saved({"model": module.state_dict(), "ema": {k: v + 1 for k, v in module.state_dict().items()}}))

    # Rounding: ordinary values, those near the middle between two, those below the smallest.
    x = torch.cat([torch.randn(500) * 10 ** torch.randint(-9, 4, (500,)).float(),
                   torch.tensor([0.0, -0.0, 1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-8, 1 + 3 * 2**-8, 2**-25, 3 * 2**-25,
                                 65504.0, 65519.0, float("inf")])])
    d = {"x": x, "double": x[:40].double() / 3, "long": torch.arange(3), "half": x.half(), "brain": x[:400].bfloat16()}
    write("rounding.pt", saved(d))
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        d16 = {k: v.to(dtype) if v.is_floating_point() else v for k, v in d.items()}
        write(f"rounding.{str(dtype)[6:]}.safetensors", save(d16, metadata=META))


class Call:
    """Pickles as a call of something."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Plain:
    pass


def hostile():
    command = "touch executed"
    for protocol in (2, 4):
        bad = {"weight": torch.ones(2), "x": Call(os.system, command)}
        write(f"system.zip{protocol}.pt", saved(bad, pickle_protocol=protocol))
        write(f"system.stream{protocol}.pt",
              saved(bad, pickle_protocol=protocol, _use_new_zipfile_serialization=False))
    write("eval.pt", saved({"x": Call(eval, "open('executed', 'w')")}))
    write("plain.pt", pickle.dumps(Call(os.system, command), 2))
    write("object.pt", saved({"x": Plain()}, pickle_protocol=2))
    write("sparse.pt", saved({"x": torch.ones(2, 2).to_sparse()}))
    write("quantized.pt", saved({"x": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}))
    write("negated.pt", saved({"x": torch.ones(2, dtype=torch.complex64).conj().imag}))
    write("module_object.pt", saved(torch.nn.Linear(2, 2)))
    write("list.pt", saved([torch.ones(2)]))

    entries = unpack(saved({"weight": torch.zeros(1 << 20)}))
    write("bomb.pt", pack(entries, zipfile.ZIP_DEFLATED))
    small = unpack(saved({"weight": torch.zeros(4)}))
    write("traversal.pt", pack({**small, "archive/data/../../../executed": b"x"}))
    write("absolute.pt", pack({**small, "/executed": b"x"}))
    write("missing.pt", pack({k: v for k, v in small.items() if k != "archive/data/0"}))
    write("lying.pt", pack({**small, "archive/data.pkl": small["archive/data.pkl"].replace(b"K\x04", b"M\xff\xff")}))
    write("elsewhere.zip", pack({"readme.txt": b"no checkpoint"}))

    traced = io.BytesIO()
    torch.jit.save(torch.jit.trace(torch.nn.Linear(1, 1), torch.ones(1)), traced)
    write("torchscript.pt", traced.getvalue())
    old = io.BytesIO()
    with tarfile.open(fileobj=old, mode="w:", format=tarfile.PAX_FORMAT) as tar:
        for name in ("storages", "tensors", "pickle"):
            info = tarfile.TarInfo(name)
            info.size = 2
            tar.addfile(info, io.BytesIO(b"N."))
    write("tar.pt", old.getvalue()[:2048])


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    good()
    hostile()
