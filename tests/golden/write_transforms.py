"""Writes transforms.json: pictures of many kinds, and what Pillow makes of them by torchvision's transforms."""

import base64
import io
import json
import math
import os

import numpy as np
from PIL import Image, ImageOps

rng = np.random.RandomState(0)


def scene(width, height):
    """Smooth colors with edges and some noise."""
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / (3.0 + c) + y / 7.0) + (x * (c + 1) // 9 + y // 5) % 2 for c in range(3)]
    noise = rng.randint(-12, 13, (height, width, 3))
    return Image.fromarray(np.clip(np.stack(waves, -1) * 60 + 90 + noise, 0, 255).astype(np.uint8))


def with_alpha(image):
    pixels = np.asarray(image.convert("RGBA")).copy()
    pixels[..., 3] = np.arange(image.width) * 255 // image.width
    return Image.fromarray(pixels)


def on_white(image):
    """Upright, on white, as RGB."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(float) / 257 + 0.5).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        pixels = np.asarray(image.convert("RGBA")).astype(float)
        alpha = pixels[..., 3:] / 255
        image = Image.fromarray(np.floor(alpha * pixels[..., :3] + 255 * (1 - alpha) + 0.5).astype(np.uint8))
    return image.convert("RGB")


def resize_crop(image, height, width):
    """torchvision's Resize and CenterCrop; Resize(side) where height and width are equal."""
    w, h = image.size
    if w * height <= h * width:
        size = (width, int(width * h / w))
    else:
        size = (int(height * w / h), height)
    image = image.resize(size, Image.BILINEAR)
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return image.crop((left, top, left + width, top + height))


def text(data):
    return base64.b64encode(data).decode()


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def rotated(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(scene(31, 22), "JPEG", quality=90, exif=exif)


wide, tall, large = scene(41, 29), scene(23, 60), scene(97, 70)
FILES = {
    "a JPEG": encoded(wide, "JPEG", quality=90),
    "a tall JPEG": encoded(tall, "JPEG", quality=85, subsampling=0),
    "a progressive JPEG": encoded(wide, "JPEG", progressive=True),
    "a gray JPEG": encoded(wide.convert("L"), "JPEG"),
    "a CMYK JPEG": encoded(wide.convert("CMYK"), "JPEG", quality=90),
    "a rotated JPEG": rotated(6),
    "a mirrored JPEG": rotated(7),
    "a larger JPEG": encoded(large, "JPEG", quality=80),
    "a PNG": encoded(tall, "PNG"),
    "a gray PNG": encoded(wide.convert("L"), "PNG"),
    "a PNG of 16 bits": encoded(Image.fromarray(np.asarray(wide.convert("L")).astype(np.uint16) * 257), "PNG"),
    "a PNG with a palette": encoded(wide.convert("P"), "PNG"),
    "a PNG with alpha": encoded(with_alpha(wide), "PNG"),
    "a gray PNG with alpha": encoded(with_alpha(wide).convert("LA"), "PNG"),
    "a black and white PNG": encoded(wide.convert("1"), "PNG"),
    "a tiny PNG": encoded(scene(1, 2), "PNG"),
    "a WebP": encoded(wide, "WEBP", quality=80),
    "a WebP with alpha": encoded(with_alpha(tall), "WEBP", lossless=True),
    "a GIF": encoded(wide.convert("P"), "GIF"),
    "an animated GIF": encoded(wide, "GIF", save_all=True, append_images=[wide.rotate(90)] * 2),
    "a TIFF": encoded(tall, "TIFF", compression="tiff_lzw"),
}

SIZES = [(24, 24, 3), (24, 24, 1), (17, 30, 3), (50, 50, 3)]


def files():
    for name, data in FILES.items():
        image = on_white(Image.open(io.BytesIO(data)))
        made = []
        for height, width, channels in SIZES[:] if name == "a JPEG" else SIZES[:2]:
            color = image.convert("L") if channels == 1 else image
            made.append({
                "height": height,
                "width": width,
                "channels": channels,
                "bytes": text(resize_crop(color, height, width).tobytes()),
            })
        yield {"name": name, "file": text(data), "made": made}


def resizes():
    for width, height in [(1, 1), (2, 3), (5, 7), (13, 11), (50, 37)]:
        for channels in (1, 3):
            pixels = rng.randint(0, 256, (height, width, channels)).astype(np.uint8)
            image = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
            larger = [(2 * width + 1, 3 * height)] if width < 20 else []
            smaller = (max(1, width // 3), max(1, height // 4))
            for size in [(1, 1), (7, 5), (24, 17), smaller, *larger]:
                yield {
                    "width": width,
                    "height": height,
                    "channels": channels,
                    "pixels": text(pixels.tobytes()),
                    "to": size,
                    "bytes": text(image.resize(size, Image.BILINEAR).tobytes()),
                }


def part(width, height, draws):
    """torchvision's RandomResizedCrop.get_params, with draws from 0 to 1 in their order."""
    draws = iter(draws)
    area = height * width
    low, high = math.log(3 / 4), math.log(4 / 3)
    for _ in range(10):
        target = area * (0.08 + (1 - 0.08) * next(draws))
        ratio = math.exp(low + (high - low) * next(draws))
        w, h = int(round(math.sqrt(target * ratio))), int(round(math.sqrt(target / ratio)))
        if 0 < w <= width and 0 < h <= height:
            return [w, h]
    ratio = width / height
    if ratio < 3 / 4:
        w, h = width, int(round(width / (3 / 4)))
    elif ratio > 4 / 3:
        w, h = int(round(height * (4 / 3))), height
    else:
        w, h = width, height
    return [w, h, (width - w) // 2, (height - h) // 2]


def parts():
    for width, height in [(500, 375), (3, 2), (40, 400), (999, 10), (64, 64), (1, 1)]:
        for _ in range(4):
            draws = [int(draw) for draw in rng.randint(0, 2**32, 20, dtype=np.uint64)]
            yield {"width": width, "height": height, "draws": draws, "part": part(width, height, [draw / 2**32 for draw in draws])}


with open(os.path.join(os.path.dirname(__file__), "transforms.json"), "w") as out:
    json.dump({"files": list(files()), "resizes": list(resizes()), "parts": list(parts())}, out)
    out.write("\n")
