"""Writes cases.json: tensors that Pillow, NumPy and scikit-image make of small films, as torchvision's transforms and
torchxrayvision's XRayCenterCrop and XRayResizer compute them.

    pip install numpy==2.4.6 pillow==13.0.0 scikit-image==0.26.0 scipy==1.17.1
    python make.py
"""
import json
import warnings

import numpy as np
import skimage.transform
from PIL import Image, ImageOps

warnings.simplefilter("ignore")


def film(width, height, seed):
    """As PreprocessingReferenceTest.film: smooth shapes and noise from a linear congruential generator."""
    out = np.zeros((height, width), np.uint8)
    state = seed
    for y in range(height):
        for x in range(width):
            state = (state * 1103515245 + 12345) % 2**31
            out[y, x] = ((x * 5 + y * 3) % 200 + (state >> 16) % 56) % 256
    return out


def torchvision(pixels, resize, crop, filter, mean, std):
    """Resize(resize), CenterCrop(crop), ToTensor, Normalize of a PIL picture with three equal channels."""
    im = Image.fromarray(pixels).convert("RGB")
    w, h = im.size
    if isinstance(resize, int):
        size = (resize, int(resize * h / w)) if w <= h else (int(resize * w / h), resize)
    else:
        size = resize
    im = im.resize(size, filter)
    if crop:
        left, top = int(round((im.width - crop) / 2)), int(round((im.height - crop) / 2))
        im = im.crop((left, top, left + crop, top + crop))
    x = np.asarray(im).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    return (x - np.float32(mean)[:, None, None]) / np.float32(std)[:, None, None]


def torchvision_float(pixels, size, filter):
    """Resize with antialias of a float tensor: the same filter without rounding."""
    return np.asarray(Image.fromarray(pixels.astype(np.float32)).resize(size, filter))


def xrv(pixels, maxval, size):
    """xrv.utils.normalize, XRayCenterCrop, XRayResizer(size) with its default engine."""
    x = ((2 * (pixels.astype(np.float32) / maxval) - 1.0) * 1024)[None]
    _, h, w = x.shape
    side = np.min([h, w])
    sx, sy = w // 2 - side // 2, h // 2 - side // 2
    x = x[:, sy:sy + side, sx:sx + side]
    return skimage.transform.resize(x, (1, size, size), mode="constant", preserve_range=True).astype(np.float32)


def padded(pixels, size):
    """ImageOps.pad and division by 255."""
    return np.asarray(ImageOps.pad(Image.fromarray(pixels), size, Image.BILINEAR)).astype(np.float32) / np.float32(255)


MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
cases = []


def add(name, width, height, seed, preprocessing, tensor, bits=8):
    tensor = np.asarray(tensor, np.float32)
    cases.append({"name": name, "width": width, "height": height, "seed": seed, "bits": bits, "input": preprocessing,
                  "shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.ravel()]})


imagenet = {"size": 14, "resize": "shorter-side", "shorter_side": 16, "filter": "bilinear", "channels": 3, "range": [0, 1],
            "mean": MEAN, "std": STD}
add("imagenet, portrait", 61, 83, 1, imagenet, torchvision(film(61, 83, 1), 16, 14, Image.BILINEAR, MEAN, STD))
add("imagenet, landscape, odd margins", 83, 50, 2, dict(imagenet, size=13, layout="NHWC"),
    torchvision(film(83, 50, 2), 16, 13, Image.BILINEAR, MEAN, STD).transpose(1, 2, 0))
add("bicubic", 50, 40, 3, dict(imagenet, filter="bicubic", size=12, shorter_side=12),
    torchvision(film(50, 40, 3), 12, 12, Image.BICUBIC, MEAN, STD))
add("stretch, growing", 20, 15, 4, {"size": "24x18", "resize": "stretch", "filter": "bilinear", "channels": 1, "range": [-1, 1]},
    2 * (np.asarray(Image.fromarray(film(20, 15, 4)).resize((24, 18), Image.BILINEAR)).astype(np.float32) / np.float32(255)) - 1)
add("area", 50, 41, 5, {"size": "12x10", "filter": "area", "channels": 1, "range": [0, 255]},
    np.asarray(Image.fromarray(film(50, 41, 5)).resize((12, 10), Image.BOX)).astype(np.float32))
add("lanczos, negative", 50, 41, 5, {"size": 11, "filter": "lanczos", "channels": 1, "range": [0, 255], "invert": True, "type": "uint8"},
    np.asarray(Image.fromarray(255 - film(50, 41, 5)).resize((11, 11), Image.LANCZOS)).astype(np.float32))
add("pad", 61, 40, 6, {"size": 17, "resize": "pad", "filter": "bilinear", "channels": 1, "range": [0, 1]}, padded(film(61, 40, 6), (17, 17)))
# Pillow 13 filters columns first, with other roundings, where a film is more than twice as tall as wide; 12 and RadEdit do not.
add("pad, narrow", 31, 61, 7, {"size": "16x13", "resize": "pad", "filter": "bilinear", "channels": 1, "range": [0, 1]},
    padded(film(31, 61, 7), (16, 13)))
sixteen = film(45, 33, 8).astype(np.uint16) * 257
add("16 bits", 45, 33, 8, {"size": "11x9", "filter": "bilinear", "channels": 1, "range": [0, 1]},
    torchvision_float(sixteen / 65535.0, (11, 9), Image.BILINEAR), 16)
add("torchxrayvision", 61, 83, 9, {"size": 16, "square": True, "filter": "skimage", "channels": 1, "range": [-1024, 1024]},
    xrv(film(61, 83, 9), 255, 16))
add("torchxrayvision, landscape, 16 bits", 84, 61, 10, {"size": 15, "square": True, "filter": "skimage", "channels": 1, "range": [-1024, 1024]},
    xrv(film(84, 61, 10).astype(np.uint16) * 257, 65535, 15), 16)
add("torchxrayvision, growing", 13, 12, 11, {"size": 20, "square": True, "filter": "skimage", "channels": 1, "range": [-1024, 1024]},
    xrv(film(13, 12, 11), 255, 20))

with open("cases.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
