"""Makes goldens.zip and goldens.tsv: small pictures and volumes of many kinds, and what Pillow 13.0, tifffile 2026.3,
imagecodecs 2026.3 and SimpleITK 2.5 make of them.

A row of the table: file; "film" (with a colon the frame), "mask" or "refused"; rows, columns, samples, frames; SHA-256 of the values as
little-endian doubles, row by row; words that a warning must contain ("-" for no warning). Of refused files the last column
has words of the message. Tests alone read these files; nothing here is needed to build or run.
"""
import hashlib
import io
import os
import struct
import tempfile
import warnings
import zipfile
import zlib

import imagecodecs
import numpy as np
import SimpleITK as sitk
import tifffile
from PIL import Image, ImageOps, PngImagePlugin

warnings.simplefilter('ignore')
H, W = 29, 37
yy, xx = np.mgrid[0:H, 0:W]
BASE = (np.sin(xx / 5) + np.cos(yy / 4) + 2) / 4
files, rows = {}, []


def array(dtype, channels=None):
    d = np.dtype(dtype)
    b = BASE if channels is None else np.stack([np.roll(BASE, 5 * c, 1) for c in range(channels)], -1)
    if d.kind == 'f':
        return (b * 300 - 100).astype(d)
    i = np.iinfo(d)
    if d.itemsize == 8:
        return (b * 1e12).astype(d)
    return (b * (float(i.max) - float(i.min)) * 0.98 + float(i.min) * 0.99).astype(d)


def add(name, data, values=None, warning='-', kind='film', samples=None):
    files[name] = data
    if values is None:
        values = pillow(data)
    v = np.asarray(values)
    if v.ndim == 2:
        v = v[None, ..., None]
    elif v.ndim == 3:
        v = v[None] if v.shape[-1] in (1, 3) else v[..., None]
    f, h, w, s = v.shape
    digest = hashlib.sha256(np.ascontiguousarray(v.astype('<f8')).tobytes()).hexdigest()
    rows.append((name, kind, h, w, s, f, digest, warning))


def refused(name, data, words):
    files[name] = data
    rows.append((name, 'refused', 0, 0, 0, 0, '-', words))


def pillow(data):
    """Grey or RGB as Pillow sees it, upright; bits as 0 and 1."""
    im = Image.open(io.BytesIO(data))
    im.load()
    im = ImageOps.exif_transpose(im)
    if im.mode == '1':
        return np.asarray(im).astype('u1')
    if im.mode in ('L', 'I', 'F') or im.mode.startswith('I;16'):
        return np.asarray(im)
    c = np.asarray(im.convert('RGB'))
    grey = (c[..., 0] == c[..., 1]).all() and (c[..., 1] == c[..., 2]).all()
    return c[..., 0] if grey and im.mode in ('P', 'LA', 'PA') else c


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


G, RGB = array('u1'), array('u1', 3)
L, R = Image.fromarray(G), Image.fromarray(RGB)
C = R.convert('CMYK')
MASK = BASE > 0.6
A = (MASK * 255).astype('u1')


# --- TIFF -------------------------------------------------------------------------------------------------------------
def tiff(name, a, values=None, warning='-', **options):
    out = io.BytesIO()
    order = options.pop('byteorder', '<')
    big = options.pop('bigtiff', False)
    options.setdefault('photometric', 'minisblack')
    with tifffile.TiffWriter(out, byteorder=order, bigtiff=big) as t:
        t.write(a, **options)
    v = tifffile.imread(io.BytesIO(out.getvalue())) if values is None else values
    if v.ndim == 3 and v.shape[0] in (3, 4) and v.shape[-1] not in (3, 4):
        v = np.moveaxis(v, 0, -1)
    if v.ndim == 3 and v.shape[-1] == 4:
        v = v[..., :3]
    if v.ndim == 3 and v.shape[-1] == 2:
        v = v[..., 0]
    add(name + '.tif', out.getvalue(), v, warning)


for d in ['u1', 'u2', 'u4', 'i1', 'i2', 'i4', 'f2', 'f4', 'f8', 'u8', 'i8']:
    for o in '<>':
        tiff(f'tiff_{d}_{"le" if o == "<" else "be"}', array(d), byteorder=o)
for c in ['lzw', 'zlib', 'packbits', 'zstd', 'lzma']:
    tiff(f'tiff_{c}_strips', array('u2'), compression=c, rowsperstrip=7)
    tiff(f'tiff_{c}_tiles', array('u1'), compression=c, tile=(16, 32))
for c in ['lzw', 'zlib', 'zstd']:
    for d in ['u1', 'u2', 'u4', 'i2', 'u8']:
        tiff(f'tiff_{c}_{d}_pred2', array(d), compression=c, predictor=2, byteorder='>' if d == 'u2' else '<',
             rowsperstrip=10)
    for d in ['f2', 'f4', 'f8']:
        tiff(f'tiff_{c}_{d}_pred3', array(d), compression=c, predictor=3, byteorder='>' if d == 'f8' else '<')
    tiff(f'tiff_{c}_rgb16_pred2_tiles', array('u2', 3), compression=c, predictor=2, photometric='rgb', tile=(16, 16))
    tiff(f'tiff_{c}_rgb_planar_pred2', np.moveaxis(RGB, -1, 0), compression=c, predictor=2, photometric='rgb',
         planarconfig='separate')
for d in ['u1', 'u2']:
    tiff(f'tiff_{d}_planar_tiles', np.moveaxis(array(d, 3), -1, 0), photometric='rgb', planarconfig='separate',
         tile=(16, 16))
    tiff(f'tiff_{d}_rgba', array(d, 4), photometric='rgb', extrasamples=['unassalpha'])
    tiff(f'tiff_{d}_greyalpha', array(d, 2), extrasamples=['unassalpha'], planarconfig='contig')
    tiff(f'tiff_{d}_white', array(d), photometric='miniswhite')
    tiff(f'tiff_{d}_big', array(d), bigtiff=True, compression='zlib')
    tiff(f'tiff_{d}_bigbe', array(d), bigtiff=True, byteorder='>')
for b in (2, 4, 10, 12, 14):
    tiff(f'tiff_bits{b}', (BASE * ((1 << b) - 1)).astype('u1' if b <= 8 else 'u2'), bitspersample=b)
tiff('tiff_bool', MASK)
tiff('tiff_jpeg', G, compression='jpeg')
tiff('tiff_jpeg_tiles', G, compression='jpeg', tile=(16, 16))
tiff('tiff_jpeg_rgb', RGB, compression='jpeg', photometric='rgb')
tiff('tiff_pages', np.stack([array('u2'), array('u2')[::-1]]))
tiff('tiff_pages_real', np.stack([array('f4'), array('f4')[::-1]]))
for o in range(1, 9):
    tiff(f'tiff_turned{o}', G, values=pillow(saved(L, 'TIFF', compression='tiff_lzw', tiffinfo={274: o})),
         compression='lzw', extratags=[(274, 'I' if o % 2 else 'H', 1, o, True)])
for c in ['group3', 'group4', 'tiff_ccitt']:
    add(f'tiff_{c}.tif', saved(Image.fromarray(A).convert('1'), 'TIFF', compression=c))
add('tiff_palette.tif', saved(R.quantize(20), 'TIFF'))
add('tiff_cmyk.tif', saved(C, 'TIFF'))
add('tiff_cmyk_jpeg.tif', saved(C, 'TIFF', compression='jpeg'))
assoc = np.dstack([(RGB.astype(int) * G[..., None] // 255).astype('u1'), G])
out = io.BytesIO()
tifffile.imwrite(out, assoc, photometric='rgb', extrasamples=['assocalpha'])
add('tiff_premultiplied.tif', out.getvalue())


def tiff_raw(fields, data, big_endian=False):
    """A page in one strip right behind its directory."""
    o = '>' if big_endian else '<'
    n = len(fields) + 2
    at = 8 + 2 + 12 * n + 4
    b = (b'MM\0*' if big_endian else b'II*\0') + struct.pack(o + 'IH', 8, n)
    for tag, value in sorted(fields + [(273, at), (279, len(data))]):
        b += struct.pack(o + 'HHI', tag, 4, 1) + struct.pack(o + 'I', value)
    return b + struct.pack(o + 'I', 0) + data


SIZE = [(256, W), (257, H), (262, 1)]
reverse = np.array([int(f'{i:08b}'[::-1], 2) for i in range(256)], 'u1')
add('tiff_fillorder2.tif', tiff_raw(SIZE + [(258, 8), (259, 1), (266, 2)], reverse[G].tobytes()), G)
b = tiff_raw(SIZE + [(258, 8), (259, 1)], G.tobytes())
add('tiff_no_count.tif', b.replace(struct.pack('<HHII', 279, 4, 1, H * W), struct.pack('<HHII', 279, 4, 1, 0)), G)
add('tiff_no_polarity.tif', tiff_raw([(256, W), (257, H), (258, 8), (259, 1)], G.tobytes()), G, 'lowest value is black')
out = io.BytesIO()
tifffile.imwrite(out, np.dstack([RGB, G]), photometric='rgb', extrasamples=['unspecified'])
add('tiff_unspecified.tif', out.getvalue(), RGB, 'neither colours nor opacity')
add('tiff_olddeflate.tif', tiff_raw(SIZE + [(258, 8), (259, 32946)], zlib.compress(G.tobytes())), G)
twelve = (BASE * 4095).astype('u2')
j12 = imagecodecs.jpeg_encode(twelve, bitspersample=12, level=95)
add('tiff_jpeg12.tif', tiff_raw(SIZE + [(258, 12), (259, 7)], j12), imagecodecs.jpeg_decode(j12))
out = io.BytesIO()
with tifffile.TiffWriter(out) as t:
    t.write(G, photometric='minisblack')
    t.write(G[::4, ::4], photometric='minisblack', subfiletype=1)
add('tiff_thumbnail.tif', out.getvalue(), G, 'smaller copies')
out = io.BytesIO()
with tifffile.TiffWriter(out) as t:
    t.write(G, photometric='minisblack')
    t.write(array('u2'), photometric='minisblack')
refused('tiff_mixed.tif', out.getvalue(), 'pages of different kinds; choose one with frame')
for c, a, words in [('jpegxl', G, 'JPEG XL compression'), ('lerc', array('f4'), 'LERC compression'),
                    ('webp', RGB, 'WebP compression'), ('jpeg2000', G, 'JPEG 2000 compression')]:
    out = io.BytesIO()
    tifffile.imwrite(out, a, compression=c, photometric='rgb' if a.ndim == 3 else 'minisblack')
    refused(f'tiff_{c}.tif', out.getvalue(), words)
out = io.BytesIO()
tifffile.imwrite(out, array('u8') + (1 << 60), photometric='minisblack')
refused('tiff_beyond53.tif', out.getvalue(), 'beyond 2^53')
refused('tiff_lab.tif', tiff_raw([(256, W), (257, H), (262, 8), (258, 8), (277, 3), (259, 1)], RGB.tobytes()), 'CIE L*a*b*')
refused('tiff_short.tif', tiff_raw(SIZE + [(258, 8), (259, 1)], G.tobytes())[:-1], 'ends too early')


# --- JPEG -------------------------------------------------------------------------------------------------------------
def without(b, markers):
    o, i = b[:2], 2
    while b[i + 1] != 0xDA:
        n = struct.unpack('>H', b[i + 2:i + 4])[0]
        o += b'' if b[i + 1] in markers else b[i:i + 2 + n]
        i += 2 + n
    return o + b[i:]


def renamed(b, ids):
    b, i = bytearray(b), 2
    while True:
        n = struct.unpack('>H', b[i + 2:i + 4])[0]
        if b[i + 1] == 0xC0:
            for k in range(3):
                b[i + 10 + 3 * k] = ids[k]
        if b[i + 1] == 0xDA:
            for k in range(3):
                b[i + 5 + 2 * k] = ids[k]
            return bytes(b)
        i += 2 + n


def adobe(transform):
    return b'\xff\xee\0\x0eAdobe\0\x64\0\0\0\0' + bytes([transform])


JFIF = b'\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0'
for s in ['4:4:4', '4:2:2', '4:2:0']:
    add(f'jpeg_{s.replace(":", "")}.jpg', saved(R, 'JPEG', subsampling=s))
    add(f'jpeg_{s.replace(":", "")}_progressive.jpg', saved(R, 'JPEG', subsampling=s, progressive=True))
add('jpeg_440.jpg', imagecodecs.jpeg8_encode(RGB, colorspace='rgb', outcolorspace='ycbcr', subsampling='440', level=92))
add('jpeg_grey.jpg', saved(L, 'JPEG'))
plain = without(saved(R, 'JPEG', subsampling='4:4:4'), {0xE0})
for n, i in [('123', (1, 2, 3)), ('012', (0, 1, 2)), ('upper', (82, 71, 66)), ('lower', (114, 103, 98)),
             ('12223', (1, 0x22, 0x23)), ('321', (3, 2, 1))]:
    add(f'jpeg_ids_{n}.jpg', renamed(plain, i))
for t in (0, 1, 2):
    add(f'jpeg_adobe{t}.jpg', plain[:2] + adobe(t) + plain[2:])
    add(f'jpeg_adobe{t}_jfif.jpg', plain[:2] + JFIF + adobe(t) + plain[2:])
add('jpeg_adobe1_upper.jpg', plain[:2] + adobe(1) + renamed(plain, (82, 71, 66))[2:])
add('jpeg_jfif_upper.jpg', plain[:2] + JFIF + renamed(plain, (82, 71, 66))[2:])
add('jpeg_cmyk_progressive.jpg', saved(C, 'JPEG', progressive=True))
inks = without(saved(C, 'JPEG'), {0xE0, 0xEE})
add('jpeg_cmyk_unmarked.jpg', inks)
for t in (0, 1, 2):
    add(f'jpeg_cmyk_adobe{t}.jpg', inks[:2] + adobe(t) + inks[2:])
for s in ['444', '420']:
    add(f'jpeg_ycck_{s}.jpg', imagecodecs.jpeg8_encode(np.asarray(C), colorspace='cmyk', outcolorspace='ycck',
                                                      subsampling=s, level=92))
j = saved(L, 'JPEG')
STRAY = 'stray bytes'
add('jpeg_stray_end.jpg', j[:-2] + bytes(range(1, 21)) + j[-2:], warning=STRAY)
for n, m in [('tables', b'\xff\xdb'), ('frame', b'\xff\xc0'), ('scan', b'\xff\xda')]:
    i = j.index(m)
    add(f'jpeg_stray_{n}.jpg', j[:i] + b'\1\2\3' + j[i:], warning=STRAY)
i = j.index(b'\xff\xdb')
add('jpeg_fill.jpg', j[:i] + b'\xff\xff' + j[i:])
p = saved(R, 'JPEG', progressive=True)
i = p.rindex(b'\xff\xda')
add('jpeg_stray_progressive.jpg', p[:i] + b'\1\2\3' + p[i:], warning=STRAY)
add('jpeg_trailing.jpg', j + b'more')
add('jpeg_no_end.jpg', j[:-2], pillow(j), 'end marker')
refused('jpeg_truncated.jpg', j[:len(j) * 4 // 5], 'damaged picture')
r = saved(L, 'JPEG', restart_marker_blocks=4)
refused('jpeg_restart.jpg', r.replace(b'\xff\xd2', b'\xff\xd5', 1), 'damaged picture')
add('jpeg_12.jpg', j12, imagecodecs.jpeg_decode(j12))
i = j12.index(b'\xff\xdb')
add('jpeg_12_stray.jpg', j12[:i] + b'\1\2' + j12[i:], imagecodecs.jpeg_decode(j12), STRAY)
b = imagecodecs.jpeg_encode(np.stack([np.roll(twelve, 5 * c, 1) for c in range(3)], -1), bitspersample=12, level=95,
                            subsampling='420')
add('jpeg_12_rgb.jpg', b, imagecodecs.jpeg_decode(b))
for n, a, k in [('8', G, 8), ('16', array('u2'), 16), ('rgb', RGB, 8)]:
    add(f'jpeg_lossless_{n}.jpg', imagecodecs.jpeg_encode(a, lossless=True, bitspersample=k), a)
    add(f'jpeg_ls_{n}.jls', imagecodecs.jpegls_encode(a), a)
refused('jpeg_arithmetic.jpg', without(j, {}).replace(b'\xff\xc0', b'\xff\xc9', 1), 'arithmetic-coded JPEG')
refused('jpeg_hierarchical.jpg', without(j, {}).replace(b'\xff\xc0', b'\xff\xc5', 1), 'hierarchical JPEG')


def directory(big_endian, entries, at=8, following=0):
    e = '>' if big_endian else '<'
    formats = {1: 'B', 3: 'H', 4: 'I', 6: 'b', 8: 'h', 9: 'i', 11: 'f', 12: 'd'}
    b, more = struct.pack(e + 'H', len(entries)), b''
    rest = at + 2 + 12 * len(entries) + 4
    for tag, kind, values in entries:
        raw = b''.join(struct.pack(e + 'II', *v) if kind == 5 else struct.pack(e + formats[kind], v) for v in values)
        b += struct.pack(e + 'HHI', tag, kind, len(values))
        b += raw.ljust(4, b'\0') if len(raw) <= 4 else struct.pack(e + 'I', rest + len(more))
        more += raw if len(raw) > 4 else b''
    return b + struct.pack(e + 'I', following) + more


def exif(big_endian, entries, thumbnail=None):
    d = directory(big_endian, entries)
    if thumbnail:
        d = directory(big_endian, entries, following=8 + len(d))
        d += directory(big_endian, thumbnail, at=8 + len(d))
    return (b'MM\0*\0\0\0\x08' if big_endian else b'II*\0\x08\0\0\0') + d


def app1(content):
    return b'\xff\xe1' + struct.pack('>H', len(content) + 2) + content


def chunk(kind, content, crc=None):
    return struct.pack('>I', len(content)) + kind + content + struct.pack(
        '>I', zlib.crc32(kind + content) if crc is None else crc)


PNG = saved(L, 'PNG')
IDAT = PNG.index(b'IDAT') - 4
O = 0x112
cases = {}
for be in (0, 1):
    n = 'be' if be else 'le'
    for v in range(2, 10):
        cases[f'short{v}_{n}'] = exif(be, [(O, 3, [v])])
    for kind, values in [(4, [6]), (9, [6]), (8, [6]), (6, [6]), (1, [6]), (5, [(12, 2)]), (11, [6.0]), (12, [6.5]),
                         (3, [6, 3]), (3, [6, 3, 1, 1]), (4, [8, 3])]:
        cases[f'type{kind}x{len(values)}_{n}'] = exif(be, [(O, kind, values)])
    cases[f'thumbnail_{n}'] = exif(be, [(0x100, 3, [5])], [(O, 3, [6])])
    cases[f'both_{n}'] = exif(be, [(0x10F, 1, [65] * 9), (O, 3, [8])], [(O, 3, [6])])
for n, e in cases.items():
    add(f'exif_{n}.jpg', j[:2] + app1(b'Exif\0\0' + e) + j[2:])
    add(f'exif_{n}.png', PNG[:IDAT] + chunk(b'eXIf', e) + PNG[IDAT:])
E6 = cases['short6_le']
add('exif_behind_icc.jpg', j[:2] + (b'\xff\xe2' + struct.pack('>H', 102) + bytes(100)) * 3 + app1(b'Exif\0\0' + E6) + j[2:])
XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
add('exif_xmp.jpg', j[:2] + app1(b'http://ns.adobe.com/xap/1.0/\0' + XMP) + j[2:])
add('exif_after.png', PNG[:-12] + chunk(b'eXIf', E6) + PNG[-12:])
add('exif_xmp.png', PNG[:IDAT] + chunk(b'iTXt', b'XML:com.adobe.xmp\0\0\0\0\0' + XMP) + PNG[IDAT:])
hexes = b'\nexif\n%8d\n' % (6 + len(E6)) + (b'Exif\0\0' + E6).hex().encode() + b'\n'
add('exif_raw.png', PNG[:IDAT] + chunk(b'zTXt', b'Raw profile type exif\0\0' + zlib.compress(hexes)) + PNG[IDAT:])
add('exif_wrong_crc.png', PNG[:IDAT] + chunk(b'eXIf', E6, 7) + PNG[IDAT:], G, 'eXIf is wrong')
add('exif_garbage.png', PNG[:IDAT] + chunk(b'eXIf', b'nothing of this kind') + PNG[IDAT:], G)


# --- PNG --------------------------------------------------------------------------------------------------------------
def packed(a, b):
    h = a.shape[0]
    a = a.reshape(h, -1)
    if b == 16:
        r = a.astype('>u2').view('u1').reshape(h, -1)
    else:
        k = 8 // b
        a = np.pad(a, ((0, 0), (0, -a.shape[1] % k))).astype('u1').reshape(h, -1, k)
        r = np.zeros(a.shape[:2], 'u1')
        for i in range(k):
            r |= a[:, :, i] << (8 - b * (i + 1))
    return b''.join(b'\0' + x.tobytes() for x in r)


def png(a, b, kind, before=b'', interlaced=0, tail=None, data=None):
    h, w = a.shape[:2]
    raw = packed(a, b) if not interlaced else b''.join(
        packed(a[y::dy, x::dx], b) for x, y, dx, dy in
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)])
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, b, kind, 0, 0, interlaced)) + before
            + chunk(b'IDAT', zlib.compress(raw) if data is None else data)
            + (chunk(b'IEND', b'') if tail is None else tail))


for b in (1, 2, 4, 8, 16):
    a = (BASE * ((1 << b) - 1)).astype('u2')
    add(f'png_grey{b}.png', png(a, b, 0), a)
    add(f'png_grey{b}_interlaced.png', png(a, b, 0, interlaced=1), a)
    add(f'png_grey{b}_clear.png', png(a, b, 0, chunk(b'tRNS', struct.pack('>H', int(a[0, 0])))), a)
    if b <= 8:
        palette = bytes(x for k in range(1 << b) for x in (k * 255 // ((1 << b) - 1), k * 7 % 256, 255 - k))
        colours = np.frombuffer(palette, 'u1').reshape(-1, 3)[a.astype(int)]
        add(f'png_palette{b}.png', png(a, b, 3, chunk(b'PLTE', palette)), colours)
        add(f'png_palette{b}_clear.png', png(a, b, 3, chunk(b'PLTE', palette) + chunk(b'tRNS', b'\0')), colours)
for b in (8, 16):
    a, g = array(f'u{b // 8}', 3), array(f'u{b // 8}')
    add(f'png_rgb{b}_interlaced.png', png(a, b, 2, interlaced=1), a)
    add(f'png_rgb{b}_clear.png', png(a, b, 2, chunk(b'tRNS', struct.pack('>HHH', *map(int, a[0, 0])))), a)
    add(f'png_rgba{b}.png', png(np.dstack([a, g]), b, 6), a)
    add(f'png_greyalpha{b}.png', png(np.dstack([g, g[::-1]]), b, 4), g)
add('png_no_end.png', png(G, 8, 0, tail=b''), G, 'IEND')
add('png_end_cut.png', png(G, 8, 0, tail=b'\0\0\0\0IE'), G, 'ends within a chunk')
add('png_end_wrong.png', png(G, 8, 0, tail=b'\0\0\0\0IEND\0\0\0\0'), G, 'IEND is wrong')
add('png_trailing.png', PNG + b'more', G, 'bytes follow')
add('png_text_wrong.png', png(G, 8, 0, chunk(b'tEXt', b'a\0b', 1)), G, 'tEXt is wrong')
add('png_gamma.png', png(G, 8, 0, chunk(b'gAMA', struct.pack('>I', 45455))), G)
add('png_profile.png', png(RGB, 8, 2, chunk(b'iCCP', b'x\0\0' + zlib.compress(b'nonsense' * 9))), RGB)
control = b'\0\0\0\0' + struct.pack('>IIIIHHBB', W, H, 0, 0, 1, 10, 0, 0)
add('png_animation.png', png(G, 8, 0, chunk(b'acTL', struct.pack('>II', 2, 0)) + chunk(b'fcTL', control)), G,
    'animation of 2')
half = zlib.compress(packed(G, 8))
refused('png_data_cut.png', png(G, 8, 0, data=half[:len(half) // 2]), 'damaged picture')
refused('png_data_cut_no_end.png', png(G, 8, 0, data=half[:len(half) // 2], tail=b''), 'damaged picture')
refused('png_rows_missing.png', png(G, 8, 0, data=zlib.compress(packed(G, 8)[:-60])), 'damaged picture')


# --- GIF and BMP ------------------------------------------------------------------------------------------------------
add('gif_grey.gif', saved(L, 'GIF'), G)
add('gif_rgb.gif', saved(R, 'GIF'))
add('gif_interlaced.gif', saved(L, 'GIF', interlace=True), G)
frames = [Image.fromarray(np.roll(G, 7 * k, 1)) for k in range(3)]
add('gif_animation.gif', saved(frames[0], 'GIF', save_all=True, append_images=frames[1:]), G, 'animation of 3')
for d in range(4):
    b = saved(frames[0], 'GIF', save_all=True, append_images=frames[1:], disposal=d)
    add(f'gif_disposal{d}.gif', b, np.asarray(frames[2]), kind='film:3')
g = saved(L, 'GIF')
refused('gif_truncated.gif', g[:len(g) // 2], 'damaged picture')


def bmp(w, h, bits, compression, data, palette=b'', masks=b'', size=40, extra=b''):
    dib = struct.pack('<IiiHHIIiiII', size, w, h, 1, bits, compression, len(data), 2835, 2835, len(palette) // 4, 0)
    start = 14 + len(dib) + len(extra) + len(masks) + len(palette)
    return struct.pack('<2sIHHI', b'BM', start + len(data), 0, 0, start) + dib + extra + masks + palette + data


def lines(a, pack, up=True):
    return b''.join((lambda r: r + b'\0' * (-len(r) % 4))(pack(r)) for r in (a[::-1] if up else a))


greys = b''.join(bytes([i, i, i, 0]) for i in range(256))
colours = b''.join(bytes([i, 255 - i, i * 7 % 256, 0]) for i in range(256))
d = lines(G, lambda r: r.tobytes())
add('bmp_8_grey.bmp', bmp(W, H, 8, 0, d, greys))
add('bmp_8.bmp', bmp(W, H, 8, 0, d, colours))
add('bmp_8_down.bmp', bmp(W, -H, 8, 0, lines(G, lambda r: r.tobytes(), False), greys))
fours = lines(G, lambda r: (lambda v: (v[0::2] << 4 | v[1::2]).astype('u1').tobytes())(np.append(r >> 4, 0)))
add('bmp_4.bmp', bmp(W, H, 4, 0, fours, colours[:64]))
ones = lines(MASK, lambda r: np.packbits(r).tobytes())
add('bmp_1.bmp', bmp(W, H, 1, 0, ones, bytes([0, 0, 0, 0, 255, 255, 255, 0])), A)
add('bmp_1_turned.bmp', bmp(W, H, 1, 0, ones, bytes([255, 255, 255, 0, 0, 0, 0, 0])), 255 - A)
d = lines(RGB, lambda r: r[:, ::-1].tobytes())
add('bmp_24.bmp', bmp(W, H, 24, 0, d))
x = np.concatenate([RGB[:, :, ::-1], (255 - G)[..., None]], -1)
d = lines(x, lambda r: r.tobytes())
add('bmp_32.bmp', bmp(W, H, 32, 0, d))
add('bmp_32_fields.bmp', bmp(W, H, 32, 3, d, masks=struct.pack('<III', 0xFF0000, 0xFF00, 0xFF)))
ALPHA = struct.pack('<IIII', 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b'BGRs' + bytes(64)
add('bmp_32_alpha.bmp', bmp(W, H, 32, 3, d, size=124, extra=ALPHA))
x = ((RGB[..., 0] >> 3).astype('u2') << 11 | (RGB[..., 1] >> 2).astype('u2') << 5 | RGB[..., 2] >> 3).astype('<u2')
add('bmp_16.bmp', bmp(W, H, 16, 3, lines(x, lambda r: r.tobytes()), masks=struct.pack('<III', 0xF800, 0x7E0, 0x1F)))
runs = b''.join(b''.join(bytes([1, v]) for v in r) + b'\0\0' for r in G[::-1]) + b'\0\1'
add('bmp_rle8.bmp', bmp(W, H, 8, 1, runs, greys))
core = struct.pack('<IHHHH', 12, W, H, 1, 24)
d = lines(RGB, lambda r: r[:, ::-1].tobytes())
add('bmp_os2.bmp', struct.pack('<2sIHHI', b'BM', 26 + len(d), 0, 0, 26) + core + d)
refused('bmp_truncated.bmp', bmp(W, H, 24, 0, d)[:-200], 'ends too early')
refused('bmp_png.bmp', bmp(W, H, 0, 5, PNG), 'compression (5)')

# --- JPEG 2000 --------------------------------------------------------------------------------------------------------
for n, a in [('grey', G), ('rgb', RGB), ('rgba', np.dstack([RGB, G])), ('grey16', array('u2'))]:
    for form, options in [('jp2', {}), ('j2k', {'no_jp2': True, 'tile_size': (32, 32)})]:
        b = saved(Image.fromarray(a), 'JPEG2000', **options)
        want = imagecodecs.jpeg2k_decode(b)
        add(f'jp2_{n}.{form}', b, want[..., :3] if a.ndim == 3 else want)
add('jp2_signed.jp2', imagecodecs.jpeg2k_encode(array('i2'), level=0, codecformat='jp2'), array('i2'))
b = saved(R, 'JPEG2000')
refused('jp2_truncated.jp2', b[:len(b) * 2 // 3], 'damaged picture')
refused('jp2_htj2k.j2k', imagecodecs.htj2k_encode(G), 'High-Throughput')

# --- MetaImage and NRRD -----------------------------------------------------------------------------------------------
with tempfile.TemporaryDirectory() as folder:
    def volume(name, a, packed=False, vector=False):
        im = sitk.GetImageFromArray(a, isVector=vector)
        im.SetSpacing((0.5, 0.75) if im.GetDimension() == 2 else (0.5, 0.75, 1))
        path = os.path.join(folder, name)
        sitk.WriteImage(im, path, packed)
        add(name, open(path, 'rb').read(), sitk.GetArrayFromImage(sitk.ReadImage(path)))
        stem = name.rsplit('.', 1)[0]
        for end in ['.raw', '.zraw', '.raw.gz']:
            if os.path.exists(os.path.join(folder, stem + end)):
                files[stem + end] = open(os.path.join(folder, stem + end), 'rb').read()

    for d in ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f4', 'f8']:
        for e in ['mha', 'nrrd']:
            volume(f'volume_{d}.{e}', array(d), d in ('u1', 'f4'))
    volume('volume_beside.mhd', array('i2'))
    volume('volume_beside_packed.mhd', array('u2'), True)
    volume('volume_header.nhdr', array('i2'))
    volume('volume_header_packed.nhdr', array('u2'), True)
    for e in ['mha', 'nrrd']:
        volume(f'volume_slice.{e}', array('u2')[None])
        volume(f'volume_slices.{e}', np.stack([array('i2'), array('i2')[::-1]]), True)
        volume(f'volume_rgb.{e}', RGB, vector=True)
a = array('i2')
le, be = a.astype('<i2').tobytes(), a.astype('>i2').tobytes()
META = f'ObjectType = Image\nNDims = 2\nDimSize = {W} {H}\nElementType = MET_SHORT\n'.encode()
LOCAL = b'ElementDataFile = LOCAL\n'
add('volume_be.mha', META + b'BinaryDataByteOrderMSB = True\n' + LOCAL + be, a)
add('volume_crlf.mha', (META + LOCAL).replace(b'\n', b'\r\n') + le, a)
add('volume_text.mha', META + b'BinaryData = False\n' + LOCAL + b' '.join(str(v).encode() for v in a.ravel()), a)
add('volume_comment.mha', b'Comment = some words\n' + META + LOCAL + le, a)
files['head.raw'] = b'8 bytes.' + le
add('volume_skip.mhd', META + b'HeaderSize = 8\nElementDataFile = head.raw\n', a)
add('volume_skip_rest.mhd', META + b'HeaderSize = -1\nElementDataFile = ./head.raw\n', a)
for n, name, words in [('parent', '../head.raw', 'must be next to it'), ('absolute', '/etc/passwd', 'must be next to it'),
                       ('folder', 'sub/head.raw', 'must be next to it'), ('backslash', '..\\head.raw', 'must be next to it'),
                       ('missing', 'none.raw', 'no such file'), ('list', 'LIST', 'several files'),
                       ('pattern', 'p%03d.raw 1 2 1', 'several files')]:
    refused(f'volume_{n}.mhd', META + f'ElementDataFile = {name}\n'.encode(), words)
refused('volume_short.mha', META + LOCAL + le[:-1], 'truncated')
refused('volume_type.mha', META.replace(b'MET_SHORT', b'MET_OTHER') + LOCAL + le, 'MET_OTHER')
NRRD = f'NRRD0004\n# words\ntype: short\ndimension: 2\nsizes: {W} {H}\n'.encode()
add('volume_be.nrrd', NRRD + b'endian: big\nencoding: raw\n\n' + be, a)
add('volume_text.nrrd', NRRD + b'encoding: ascii\n\n' + b',\n'.join(str(v).encode() for v in a.ravel()), a)
add('volume_pairs.nrrd', NRRD + b'key:=value: x\nendian: little\nencoding: raw\n\n' + le, a)
add('volume_lines.nrrd', NRRD + b'endian: little\nencoding: raw\nline skip: 2\nbyte skip: 3\n\n1\n22\n333' + le, a)
add('volume_skip_rest.nhdr', NRRD + b'endian: little\nencoding: raw\nbyteskip: -1\ndatafile: head.raw\n', a)
for n, name, words in [('parent', '../head.raw', 'must be next to it'), ('absolute', '/etc/passwd', 'must be next to it'),
                       ('list', 'LIST', 'several files')]:
    refused(f'volume_{n}.nhdr', NRRD + f'endian: little\nencoding: raw\ndata file: {name}\n'.encode(), words)
refused('volume_short.nrrd', NRRD + b'endian: little\nencoding: raw\n\n' + le[:-1], 'truncated')
refused('volume_bzip2.nrrd', NRRD + b'endian: little\nencoding: bzip2\n\n' + le, 'bzip2')
refused('volume_endian.nrrd', NRRD + b'encoding: raw\n\n' + le, 'endian')


# --- masks ------------------------------------------------------------------------------------------------------------
def mask(name, data, values, warning='-'):
    add('mask_' + name, data, values.astype('u1'), warning, 'mask')


SAME = 'alpha decides'
one = np.full((H, W), 255, 'u1')
one[3, 3] = 254
seen = np.repeat(A[..., None], 3, 2)
soft = (BASE * 255).astype('u1')
for n, colour in [('white', (255, 255, 255)), ('black', (0, 0, 0)), ('red', (255, 0, 0))]:
    flat = np.full((H, W, 3), colour, 'u1')
    mask(f'same_{n}.png', saved(Image.fromarray(np.dstack([flat, A])), 'PNG'), MASK, SAME)
    mask(f'same_{n}.tif', saved(Image.fromarray(np.dstack([flat, A])), 'TIFF'), MASK, SAME)
    mask(f'same_{n}_soft.png', saved(Image.fromarray(np.dstack([flat, soft])), 'PNG'), soft > 127, SAME)
mask('one_pixel.png', saved(Image.fromarray(np.dstack([seen, one])), 'PNG'), MASK)
mask('contrary.png', saved(Image.fromarray(np.dstack([seen, 255 - A])), 'PNG'), MASK)
mask('contrary.tif', saved(Image.fromarray(np.dstack([seen, 255 - A])), 'TIFF'), MASK)
mask('grey_contrary.png', saved(Image.fromarray(np.dstack([A, 255 - A]), 'LA'), 'PNG'), MASK)
mask('grey_same.png', saved(Image.fromarray(np.dstack([one * 0, A]), 'LA'), 'PNG'), MASK, SAME)
mask('grey_same.tif', saved(Image.fromarray(np.dstack([one * 0, A]), 'LA'), 'TIFF'), MASK, SAME)
wide = (BASE * 65535).astype('u2')
mask('16_same.png', png(np.dstack([np.full((H, W, 3), 30000), wide]), 16, 6), (wide >> 8) > 127, SAME)
mask('16_contrary.png', png(np.dstack([np.repeat(wide[..., None], 3, 2), 65535 - wide]), 16, 6), (wide >> 8) > 127)
mask('16_grey_same.png', png(np.dstack([np.full((H, W), 7), wide]), 16, 4), (wide >> 8) > 127, SAME)
out = io.BytesIO()
tifffile.imwrite(out, np.dstack([np.full((H, W, 3), 300), MASK * 65535]).astype('u2'), photometric='rgb',
                 extrasamples=['unassalpha'])
mask('16_same.tif', out.getvalue(), MASK, SAME)
mask('clear.png', saved(Image.fromarray(np.dstack([seen | 255, one * 0])), 'PNG'), MASK & False, SAME)
mask('black.png', saved(Image.fromarray(np.dstack([seen * 0, one | 255])), 'PNG'), MASK & False)
palette = Image.fromarray(MASK.astype('u1'), 'P')
for n, colours, clear, form, want, words in [
        ('same.png', [9, 9, 9, 9, 9, 9], bytes([0, 255]), 'PNG', MASK, SAME),
        ('same.gif', [9, 9, 9, 9, 9, 9], 0, 'GIF', MASK, SAME),
        ('greys_clear.png', [255, 255, 255, 0, 0, 0], bytes([255, 254]), 'PNG', ~MASK, '-'),
        ('greys.png', [255, 255, 255, 0, 0, 0], None, 'PNG', MASK, 'first colour of its palette'),
        ('labels_clear.png', [0, 0, 0, 255, 0, 0], bytes([0, 255]), 'PNG', MASK, '-'),
        ('greys.gif', [255, 255, 255, 0, 0, 0], None, 'GIF', ~MASK, '-'),
        ('greys.bmp', [255, 255, 255, 0, 0, 0], None, 'BMP', ~MASK, '-'),
        ('greys.tif', [255, 255, 255, 0, 0, 0], None, 'TIFF', ~MASK, '-')]:
    palette.putpalette(colours)
    mask('palette_' + n, saved(palette, form, **({} if clear is None else {'transparency': clear})), want, words)
d = lines(np.concatenate([seen[:, :, ::-1] | 255, A[..., None]], -1), lambda r: r.tobytes())
mask('same.bmp', bmp(W, H, 32, 3, d, size=124, extra=ALPHA), MASK, SAME)
for n, a, photometric in [('white', 255 - A, 'miniswhite'), ('white_bits', ~MASK, 'miniswhite'),
                          ('reals', MASK.astype('f4'), 'minisblack'), ('labels', MASK.astype('u1'), 'minisblack'),
                          ('signed', (MASK * 30000).astype('i2'), 'minisblack')]:
    out = io.BytesIO()
    tifffile.imwrite(out, a, photometric=photometric)
    mask(n + '.tif', out.getvalue(), MASK)
turned = Image.Exif()
turned[O] = 6
mask('turned.png', saved(Image.fromarray(A), 'PNG', exif=turned), np.rot90(MASK, -1))
mask('turned.jpg', saved(Image.fromarray(A), 'JPEG', exif=turned, quality=100), np.rot90(MASK, -1))
out = io.BytesIO()
tifffile.imwrite(out, A, photometric='minisblack', extratags=[(274, 'H', 1, 8, True)])
mask('turned.tif', out.getvalue(), np.rot90(MASK))
mask('inks.jpg', saved(Image.fromarray(seen).convert('CMYK'), 'JPEG', quality=100), MASK)
for e in ['mha', 'nrrd']:
    im = sitk.GetImageFromArray(MASK.astype('u1'))
    with tempfile.TemporaryDirectory() as folder:
        sitk.WriteImage(im, os.path.join(folder, 'x.' + e))
        mask('volume.' + e, open(os.path.join(folder, 'x.' + e), 'rb').read(), MASK)

# --- what is not read -------------------------------------------------------------------------------------------------
refused('other.webp', saved(R, 'WEBP'), 'a WebP picture')
refused('other.avif', saved(R, 'AVIF'), 'an AVIF picture')
refused('other.heic', b'\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC picture')
refused('other.pdf', b'%PDF-1.7\n', 'a PDF document')
refused('other.zip', b'PK\3\4' + bytes(30), 'a ZIP archive')
refused('other.svg', b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing')
refused('other.html', b'<!DOCTYPE html><html>', 'a web page')
refused('other.npy', b'\x93NUMPY\1\0' + bytes(90), 'a NumPy array')
refused('other.pgm', b'P5\n1 1\n255\n0', 'a Netpbm picture')
refused('other.psd', b'8BPS\0\1', 'a Photoshop document')
refused('other.jxl', b'\xff\x0a12345678', 'a JPEG XL picture')
refused('other.empty', b'', 'is empty')
refused('other.txt', b'some words', 'has an unknown format')
refused('other.lfs', b'version https://git-lfs.github.com/spec/v1\n', 'a Git LFS pointer')

here = os.path.dirname(os.path.abspath(__file__))
with zipfile.ZipFile(os.path.join(here, 'goldens.zip'), 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for n, b in sorted(files.items()):
        z.writestr(zipfile.ZipInfo(n, (2026, 1, 1, 0, 0, 0)), b, zipfile.ZIP_DEFLATED)
with open(os.path.join(here, 'goldens.tsv'), 'w') as t:
    for r in rows:
        t.write('\t'.join(map(str, r)) + '\n')
print(len(rows), 'rows')
