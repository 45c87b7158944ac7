#!/usr/bin/env python3
"""Writes mnist.json: the first gradient of the MNIST FitNets on real digits, by PyTorch in float64.

    GOODINIT_DATA=... python3 write_mnist.py

The folder must hold train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. Biases are zeros, so
around a digit every value is exactly zero: a ReLU's, both pieces' of a maximum, a pooling's. There
the gradient takes no way (ReLU), or the first (maximum, pooling).
"""
import gzip
import os

import numpy as np
import torch
import torch.nn.functional as F

import write_golden as golden

COUNT = 16
SCALE = 0.004
MARGIN = 4
NOISE = 1e-5
RUNS = 8
LIMIT = 5e-5


def read(name, header):
    with gzip.open(os.path.join(os.environ["GOODINIT_DATA"], name)) as f:
        return np.frombuffer(f.read(), np.uint8)[header:]


def first_of_equals(x, pieces):
    """The maximum over pieces, whose gradient goes to the first of equal ones (amax shares it out)."""
    return x.unflatten(-1, (pieces, x.shape[-1] // pieces)).max(-2).values


def convolution(run):
    """conv2d, exactly if `run` is 0; else as fast kernels round it, another way for every run: an output
    is off by NOISE of the root of the mean square, but not where all pixels of its window are equal."""
    exact, layer = golden_conv2d, iter(range(100))

    def rounded(x, w, padding):
        y, window = exact(x, w, padding=padding), dict(kernel_size=3, stride=1)
        padded = F.pad(golden.nchw(x.detach()), [padding] * 4)
        flat = F.max_pool2d(padded, **window) == -F.max_pool2d(-padded, **window)
        spec = {"shape": y.shape, "seed": 5000 * run + next(layer), "scale": NOISE}
        noise = golden.filled(spec, torch.float64) * y.detach().pow(2).mean().sqrt()
        return y + noise * ~golden.nhwc(flat.all(1, keepdim=True))

    return rounded if run else exact


golden_conv2d = golden.conv2d


def gradients(activation, specs, pixels, labels, run=0):
    """Loss and gradients."""
    params = [golden.filled(spec, torch.float64).requires_grad_() for spec in specs]
    golden.conv2d = convolution(run)
    scores = golden.net_scores("fitnetMnist", activation, params, pixels)
    loss = golden.cross_entropy(scores, labels)
    loss.backward()
    return loss.item(), [p.grad.flatten() for p in params]


def is_stable(activation, specs, pixels, labels, grads):
    """Whether rounding does not decide which of two numbers under a maximum is the larger."""
    for run in range(1, RUNS + 1):
        _, moved = gradients(activation, specs, pixels, labels, run)
        if any((a - b).norm() > LIMIT * b.norm() for a, b in zip(moved, grads)):
            return False
    return True


def model(activation, pixels, labels):
    """A net with the first seeds for which rounding does not matter."""
    for first in range(0, 10000, 100):
        specs = golden.net_params("fitnetMnist", activation, bias_scale=0)
        for spec in specs:
            spec["seed"] += first
        loss, grads = gradients(activation, specs, pixels, labels)
        if is_stable(activation, specs, pixels, labels, grads):
            break
    print(f"{activation}: seeds from {first}")
    for spec, g in zip(specs, grads):
        spec["gradL2"] = golden.digits(g.norm().item())
        spec["samples"] = [golden.digits(g[i].item(), 7) for i in golden.sample_at(len(g))]
    return {"activation": activation, "loss": golden.digits(loss), "params": specs}


def main():
    golden.maxout = first_of_equals
    digits = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    inside = np.zeros((28, 28), bool)
    inside[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    images = [i for i in range(1000) if not digits[i][~inside].any()][:COUNT]
    pixels = digits[images].astype(np.float32) * np.float32(SCALE)
    pixels = torch.from_numpy(pixels).double().reshape(COUNT, 28, 28, 1)
    labels = read("train-labels-idx1-ubyte.gz", 8)[images].astype(np.int64)
    labels = torch.from_numpy(labels)
    golden.write("mnist.json", {
        "about": f"training images of MNIST times {SCALE}; see README.md",
        "images": images,
        "scale": SCALE,
        "models": [model(activation, pixels, labels) for activation in ("relu", "maxout")],
    })


if __name__ == "__main__":
    main()
