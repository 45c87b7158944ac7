#!/usr/bin/env python3
"""Writes exports.json: what the modules that `deno task export` makes compute in PyTorch.

    python3 tests/golden/write_exports.py

Each module of exports/ reads its weights, which are `fill`s, from a safetensors file by its own
`load`, preprocesses pixels and computes scores, in float64.
"""
import glob
import importlib.util
import json
import math
import os
import struct
import tempfile

import torch

from write_golden import HERE, digits, fill, filled, size_of, write

BATCH = 3
PIXELS = {"seed": 1000, "scale": 128}
MEAN = {"seed": 500, "scale": 0.5}  # as in exports/models.ts; filled as height, width, channel


def module_at(path):
    spec = importlib.util.spec_from_file_location("exported", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def save(path, tensors):
    """A safetensors file, by the format's description."""
    header, blob = {"__metadata__": {"by": "PyTorch"}}, b""
    for name, x in tensors.items():
        data = x.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(x.shape),
            "data_offsets": [len(blob), len(blob) + len(data)],
        }
        blob += data
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + blob)


def scale_of(shape):
    """Weights have the variance 1 / fan_in; biases and factors lie within 0.1 of their offset."""
    return math.sqrt(3 / size_of(shape[1:])) if len(shape) > 1 else 0.1


def offset_of(name, shape):
    """Variances and the factors of normalizations lie around 1, all others around 0."""
    around_one = name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1)
    return {"offset": 1} if around_one else {}


def mean_image(shape):
    channels, height, width = shape
    mean = filled({"shape": [height, width, channels], **MEAN}, torch.float32)
    return mean.permute(2, 0, 1)


def compute(path):
    module = module_at(path)
    params, tensors = [], {}
    for name, x in module.Net().state_dict().items():
        shape = list(x.shape)
        if name == "mean":
            tensors[name] = mean_image(shape)
            continue
        if name.endswith("num_batches_tracked"):
            continue
        spec = {"name": name, "shape": shape, "seed": len(params), "scale": scale_of(shape)}
        spec.update(offset_of(name, shape))
        params.append(spec)
        tensors[name] = filled(spec, torch.float32) + spec.get("offset", 0)
    with tempfile.TemporaryDirectory() as folder:
        save(f"{folder}/model.safetensors", tensors)
        net = module.load(f"{folder}/model.safetensors").double()
    channels, height, width = tensors["mean"].shape if "mean" in tensors else (1, 28, 28)
    shape = [BATCH, height, width, channels]
    pixels = torch.from_numpy(fill(size_of(shape), **PIXELS)).add(128).floor().reshape(shape)
    with torch.no_grad():
        scores = net(net.preprocess(pixels.permute(0, 3, 1, 2).double()))
    return {
        "pixels": {"shape": shape, **PIXELS},
        "params": params,
        "scores": {
            "shape": list(scores.shape),
            "data": [digits(v) for v in scores.flatten().tolist()],
        },
    }


def main():
    nets = {}
    for path in sorted(glob.glob(f"{HERE}/exports/*.py")):
        nets[os.path.splitext(os.path.basename(path))[0]] = compute(path)
    write("exports.json", {"about": "Written by write_exports.py; see README.md.", "nets": nets})


if __name__ == "__main__":
    main()
