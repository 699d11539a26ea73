"""A film of 3000 x 3000 pixels of 16 bits (JPEG baseline: 8, extended: 12) in every transfer syntax, and how long pydicom
takes to read it.

    films.py make FILM.png FOLDER      enlarges a film, adds noise, writes FOLDER/*.dcm (JPEG by dcmtk's dcmcjpeg)
    films.py time ROUNDS F...          mean and least wall time of dcmread + pixel_array, after one reading

Needs numpy, Pillow, pydicom, pylibjpeg with all its plug-ins, pyjpegls and, for JPEG, dcmtk.
"""
import subprocess
import sys
import time

import numpy as np
import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
                         ImplicitVRLittleEndian, JPEG2000, JPEG2000Lossless, JPEGLSLossless, JPEGLSNearLossless,
                         RLELossless, SecondaryCaptureImageStorage, generate_uid)

SIDE = 3000


def make(film, folder):
    import jpeg_ls
    from openjpeg.utils import encode_array
    from PIL import Image
    from rle.rle import encode_frame

    grey = np.asarray(Image.open(film).convert('L').resize((SIDE, SIDE), Image.BICUBIC)).astype(np.float64)
    noise = np.random.default_rng(1).normal(0, 60, grey.shape)
    a = np.clip(grey * 250 + noise, 0, 65535).astype(np.uint16)

    def save(name, syntax, data, encapsulated=True, bits=16):
        d = pydicom.Dataset()
        d.file_meta = pydicom.dataset.FileMetaDataset()
        d.file_meta.TransferSyntaxUID = syntax
        d.SOPClassUID, d.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
        d.Rows = d.Columns = SIDE
        d.SamplesPerPixel, d.PhotometricInterpretation, d.PixelRepresentation = 1, 'MONOCHROME2', 0
        d.BitsAllocated, d.BitsStored, d.HighBit = 16, bits, bits - 1
        d.PixelData = encapsulate([data]) if encapsulated else data
        d['PixelData'].VR = 'OB' if encapsulated else 'OW'
        d.save_as(f'{folder}/{name}.dcm', enforce_file_format=True)

    save('implicit', ImplicitVRLittleEndian, a.tobytes(), False)
    save('explicit', ExplicitVRLittleEndian, a.tobytes(), False)
    save('big_endian', ExplicitVRBigEndian, a.byteswap().tobytes(), False)
    save('deflated', DeflatedExplicitVRLittleEndian, a.tobytes(), False)
    save('rle', RLELossless, bytes(encode_frame(a.tobytes(), SIDE, SIDE, 1, 16, '<')))
    save('jpegls', JPEGLSLossless, bytes(jpeg_ls.encode_array(a)))
    save('jpegls_near', JPEGLSNearLossless, bytes(jpeg_ls.encode_array(a, 2)))
    save('j2k', JPEG2000Lossless, encode_array(a, bits_stored=16))
    save('j2k_lossy', JPEG2000, encode_array(a, bits_stored=16, compression_ratios=[10]))
    save('native12', ExplicitVRLittleEndian, (a >> 4).tobytes(), False, 12)
    for name, source, options in (('jpeg_lossless_sv1', 'explicit', ['+e1']),
                                  ('jpeg_lossless_57', 'explicit', ['+el', '+sv', '6']),
                                  ('jpeg_base8', 'explicit', ['+eb', '+Wm']),
                                  ('jpeg_extended12', 'native12', ['+ee'])):
        subprocess.run(['dcmcjpeg', *options, f'{folder}/{source}.dcm', f'{folder}/{name}.dcm'], check=True)


def measure(rounds, files):
    for f in files:
        times = []
        for _ in range(rounds + 1):
            start = time.perf_counter()
            a = pydicom.dcmread(f).pixel_array
            times.append(1000 * (time.perf_counter() - start))
        name = f.split('/')[-1].removesuffix('.dcm')
        print(f'{name:20} {sum(times[1:]) / rounds:10.1f} {min(times[1:]):10.1f} {int(a.astype(np.int64).sum()):16}',
              flush=True)


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make(sys.argv[2], sys.argv[3])
    else:
        measure(int(sys.argv[2]), sys.argv[3:])
