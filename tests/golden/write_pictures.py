"""Writes pictures.json: small JPEG and PNG files, and the pixels that Pillow finds in them.

    python3 tests/golden/write_pictures.py      # needs Pillow and numpy
"""

import base64
import io
import json
import os

import numpy
from PIL import Image, ImageOps

HEIGHT, WIDTH = 13, 19


def scene():
    """A picture with no symmetry, smooth in parts and noisy in others."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [128 + 100 * numpy.sin(x / 4 + y / 6), 128 + 90 * numpy.cos(x / 3 - y / 5), (9 * x + 4 * y) % 256]
    noise = numpy.random.RandomState(1).normal(0, 9, (HEIGHT, WIDTH, 3))
    return Image.fromarray(numpy.clip(numpy.stack(waves, -1) + noise, 0, 255).astype("uint8"))


def saved(image, kind="JPEG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def without(data, marker):
    """A JPEG without the segments of a marker."""
    out, at = data[:2], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2:at + 4], "big")
        if data[at + 1] != marker:
            out += data[at:end]
        at = end
    return out + data[at:]


def with_segment(data, marker, body):
    return data[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


def adobe(transform):
    return b"Adobe\0\x64\0\0\0\0" + bytes([transform])


def renamed(data, ids):
    """A JPEG whose three components have other ids."""
    data = bytearray(data)
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    for i, each in enumerate(ids):
        data[frame + 10 + 3 * i] = each
        data[scan + 5 + 2 * i] = each
    return bytes(data)


def oriented(value, order):
    exif = (b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([value, 0, 0, 0])) if order == "little" else (
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([value, 0, 0]))
    return exif + b"\0\0\0\0"


def files():
    rgb = scene()
    gray, inks = rgb.convert("L"), rgb.convert("CMYK")
    for name, subsampling in [("4:4:4", 0), ("4:2:2", 1), ("4:2:0", 2)]:
        for progressive in (False, True):
            kind = "progressive " if progressive else ""
            yield f"{kind}{name}", saved(rgb, quality=60, subsampling=subsampling, progressive=progressive)
    yield "gray", saved(gray, quality=60)
    yield "progressive gray", saved(gray, quality=60, progressive=True)
    yield "inks", saved(inks, quality=90)
    yield "progressive inks", saved(inks, quality=90, progressive=True)
    plain = without(saved(rgb, quality=75, subsampling=0), 0xE0)
    yield "no JFIF header", plain
    yield "red, green, blue by their ids", renamed(plain, b"RGB")
    yield "red, green, blue by Adobe's header", with_segment(plain, 0xEE, adobe(0))
    yield "brightness and differences of inks", with_segment(without(saved(inks, quality=90), 0xEE), 0xEE, adobe(2))
    small = saved(gray.crop((0, 0, 5, 3)), quality=90)
    for value in range(1, 9):
        order = "little" if value % 2 else "big"
        yield f"orientation {value}", with_segment(small, 0xE1, b"Exif\0\0" + oriented(value, order))
    tiny = gray.crop((0, 0, 5, 3))
    for value in (3, 6):
        exif = Image.Exif()
        exif[0x0112] = value
        yield f"PNG of orientation {value}", saved(tiny, "PNG", exif=exif)
    yield "optimized PNG", saved(rgb, "PNG", optimize=True)
    yield "PNG of a palette", saved(rgb.quantize(14), "PNG")
    yield "PNG of gray and opacity", saved(Image.merge("LA", (gray, rgb.split()[2])), "PNG")
    yield "PNG of colors and opacity", saved(Image.merge("RGBA", (*rgb.split(), gray)), "PNG")


def pixels_of(data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode == "P":
        image = image.convert("RGB")
    if image.mode == "CMYK":
        light = 255.0 - numpy.asarray(image).astype(float)
        return numpy.rint(light[..., :3] * light[..., 3:] / 255).astype("uint8")
    pixels = numpy.asarray(image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def main():
    rows = []
    for name, data in files():
        pixels = pixels_of(data)
        text = [base64.b64encode(each).decode() for each in (data, pixels.tobytes())]
        rows.append(dict(name=name, shape=list(pixels.shape), file=text[0], pixels=text[1]))
    path = os.path.join(os.path.dirname(__file__), "pictures.json")
    with open(path, "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


main()
