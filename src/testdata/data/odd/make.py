"""Makes the lossy siblings in this folder and what they are decoded to (pydicom, imagecodecs, numpy; not needed to build or test).

Pictures are synthetic: steps between the ends of the stored range, which lossy decoders overshoot. Expected values are those of
another decoder (imagecodecs: libjpeg-turbo, OpenJPEG, CharLS), read with the sign that the data set names and clipped.
"""
import hashlib
import json
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

OUT = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
J2K, JLS, JPEG8, JPEG12 = (UID("1.2.840.10008.1.2.4." + n) for n in ("91", "81", "50", "51"))
expected = {}


def picture(low, high, rows=40, columns=48, seed=0):
    """Bars and discs at the ends of a range, some noise between them."""
    r = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns]
    a = np.where((x // 5 + seed) % 2 == 0, low, high).astype(np.int64)
    a[rows // 2:] = (low + high) // 2 + r.integers(-(high - low) // 8, (high - low) // 8, (rows - rows // 2, columns))
    a[(x - columns // 2) ** 2 + (y - rows // 2) ** 2 < 60] = high
    a[(x - 6) ** 2 + (y - rows // 2) ** 2 < 20] = low
    return a


def write(name, syntax, frames, shape, stored, allocated, signed, photometric="MONOCHROME2", samples=1, high=None):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "2.25.1"
    ds = FileDataset(name, {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = meta.MediaStorageSOPClassUID, "2.25.1", "OT"
    ds.PatientName = "Made^Synthetic"
    ds.Rows, ds.Columns, ds.SamplesPerPixel = shape[0], shape[1], samples
    ds.PhotometricInterpretation = photometric
    if samples == 3:
        ds.PlanarConfiguration = 0
    if len(frames) > 1:
        ds.NumberOfFrames = len(frames)
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, stored, stored - 1 if high is None else high
    ds.PixelRepresentation = int(signed)
    ds.PixelData = encapsulate([f + b"\0" * (len(f) % 2) for f in frames])
    ds["PixelData"].is_undefined_length = True
    ds.save_as(OUT / (name + ".dcm"), enforce_file_format=True)


def note(name, values, original, tolerance, clipped):
    v = np.ascontiguousarray(values, dtype="<i4")
    worst = int(np.abs(v.astype(np.int64) - original).max())
    assert worst <= tolerance, (name, worst)
    assert clipped > 0 or name.endswith("_masked"), name + " overshoots nothing"
    expected[name] = {"sha256": hashlib.sha256(v.tobytes()).hexdigest(), "original_tolerance": tolerance,
                      "overshot": int(clipped), "range": [int(v.min()), int(v.max())]}
    print(name, "worst", worst, "overshot", clipped, v.min(), v.max())


def clip(d, stored, signed):
    low, high = (-(1 << stored - 1), (1 << stored - 1) - 1) if signed else (0, (1 << stored) - 1)
    return np.clip(d, low, high), int(((d < low) | (d > high)).sum())


def j2k(a, dtype, level, signed=None):
    return imagecodecs.jpeg2k_encode(np.ascontiguousarray(a.astype(dtype)), level=level, codecformat="J2K", reversible=False)


# JPEG 2000 with 16 bits in the codestream, 12 stored: unsigned, signed, signed values in an unsigned codestream, frames, colours.
a = picture(0, 4095)
s = j2k(a, np.uint16, 62)
v, n = clip(imagecodecs.jpeg2k_decode(s).astype(np.int64), 12, False)
write("j2k_unsigned", J2K, [s], a.shape, 12, 16, False)
note("j2k_unsigned", v, a, 400, n)

a = picture(-2048, 2047)
s = j2k(a, np.int16, 62)
v, n = clip(imagecodecs.jpeg2k_decode(s).astype(np.int64), 12, True)
write("j2k_signed", J2K, [s], a.shape, 12, 16, True)
note("j2k_signed", v, a, 400, n)

a = picture(-2048, -5)
s = j2k(a & 0xFFFF, np.uint16, 62)
d = imagecodecs.jpeg2k_decode(s).astype(np.int64)
v, n = clip((d ^ 0x8000) - 0x8000, 12, True)
write("j2k_signed_as_unsigned16", J2K, [s], a.shape, 12, 16, True)
note("j2k_signed_as_unsigned16", v, a, 400, n)

frames = [picture(0, 4095, seed=k) for k in range(3)]
s = [j2k(f, np.uint16, 62) for f in frames]
d = np.stack([imagecodecs.jpeg2k_decode(x).astype(np.int64) for x in s])
v, n = clip(d, 12, False)
write("j2k_frames", J2K, s, frames[0].shape, 12, 16, False)
note("j2k_frames", v, np.stack(frames), 400, n)

a = np.stack([picture(0, 4095, seed=k) for k in (0, 1, 1)], axis=-1)
s = imagecodecs.jpeg2k_encode(np.ascontiguousarray(a.astype(np.uint16)), level=62, codecformat="J2K", reversible=False, mct=False)
v, n = clip(imagecodecs.jpeg2k_decode(s).astype(np.int64), 12, False)
write("j2k_colour", J2K, [s], a.shape, 12, 16, False, "RGB", 3)
note("j2k_colour", v, a, 400, n)

# JPEG of 12 bits with 10 stored, unsigned and signed: patterns of 12 bits and of 10.
a = picture(0, 1023)
s = imagecodecs.jpeg8_encode(a.astype(np.uint16), level=85, bitspersample=12)
v, n = clip(imagecodecs.jpeg8_decode(s).astype(np.int64), 10, False)
write("jpeg12_unsigned", JPEG12, [s], a.shape, 10, 16, False)
note("jpeg12_unsigned", v, a, 200, n)

a = picture(-512, -8)
s = imagecodecs.jpeg8_encode((a & 0xFFF).astype(np.uint16), level=85, bitspersample=12)
d = imagecodecs.jpeg8_decode(s).astype(np.int64)
v, n = clip((d ^ 0x800) - 0x800, 10, True)
write("jpeg12_signed_12bit_patterns", JPEG12, [s], a.shape, 10, 16, True)
note("jpeg12_signed_12bit_patterns", v, a, 200, n)

a = picture(-400, -1)
s = imagecodecs.jpeg8_encode((a & 0x3FF).astype(np.uint16), level=85, bitspersample=12)
d = imagecodecs.jpeg8_decode(s).astype(np.int64)
n = int((d > 1023).sum())
v = (np.minimum(d, 1023) ^ 0x200) - 0x200
write("jpeg12_signed_10bit_patterns", JPEG12, [s], a.shape, 10, 16, True)
note("jpeg12_signed_10bit_patterns", v, a, 200, n)

a = picture(10, 511)
s = imagecodecs.jpeg8_encode(a.astype(np.uint16), level=85, bitspersample=12)
v, n = clip(imagecodecs.jpeg8_decode(s).astype(np.int64), 10, True)
write("jpeg12_signed_positive", JPEG12, [s], a.shape, 10, 16, True)
note("jpeg12_signed_positive", v, a, 200, n)

# JPEG of 8 bits with 7 stored.
a = picture(0, 127)
s = imagecodecs.jpeg8_encode(a.astype(np.uint8), level=80)
v, n = clip(imagecodecs.jpeg8_decode(s).astype(np.int64), 7, False)
write("jpeg8_7stored", JPEG8, [s], a.shape, 7, 8, False)
note("jpeg8_7stored", v, a, 60, n)

# JPEG-LS near-lossless of 16 bits with 12 stored, unsigned and signed.
a = picture(0, 4095)
s = imagecodecs.jpegls_encode(a.astype(np.uint16), level=9)
v, n = clip(imagecodecs.jpegls_decode(s).astype(np.int64), 12, False)
write("jls_near_unsigned", JLS, [s], a.shape, 12, 16, False)
note("jls_near_unsigned", v, a, 9, n)

a = picture(-2048, -30)
s = imagecodecs.jpegls_encode((a & 0xFFFF).astype(np.uint16), level=9)
d = imagecodecs.jpegls_decode(s).astype(np.int64)
v, n = clip((d ^ 0x8000) - 0x8000, 12, True)
write("jls_near_signed", JLS, [s], a.shape, 12, 16, True)
note("jls_near_signed", v, a, 9, n)

# The same syntax, lossless, with junk above the stored bits: that is masked off.
a = picture(0, 4095)
junk = a | (np.arange(a.size).reshape(a.shape) % 5 == 0) * 0x7000
s = imagecodecs.jpegls_encode(junk.astype(np.uint16), level=0)
assert (imagecodecs.jpegls_decode(s) == junk).all()
write("jls_lossless_masked", JLS, [s], a.shape, 12, 16, False)
note("jls_lossless_masked", a, a, 0, 0)

(OUT / "lossy.json").write_text(json.dumps(expected, indent=1) + "\n")
