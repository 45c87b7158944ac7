"""Layers that declare their parameters when they are first met, and use them afterwards.

Parameters have the library's layouts in files (convolutions [kh, kw, cin / groups, cout], dense [in, out],
maxout pieces piece-major), and PyTorch's while a net runs.
"""
import math
import os
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from write_golden import filled  # noqa: E402

STATISTICS = ("mean", "variance")
SHARE = 0.1  # of a batch in the running statistics


class Parameter:
    """A parameter: its kind, shape in the library's layout, and how it starts: offset ± scale."""

    def __init__(self, name, kind, shape, scale, offset=0):
        self.name, self.kind, self.shape = name, kind, list(shape)
        self.scale, self.offset = scale, offset

    @property
    def trained(self):
        return self.kind not in STATISTICS

    @property
    def decays(self):
        """As the library's optimizers have it by default."""
        return self.trained and self.kind != "b"

    def spec(self, seed):
        out = {"name": self.name, "shape": self.shape, "seed": seed, "scale": self.scale}
        return {**out, "offset": self.offset} if self.offset else out

    def start(self, seed, dtype):
        """Its starting value in the library's layout."""
        return (filled(self.spec(seed), torch.float32).double() + self.offset).to(dtype)


def to_torch(x):
    """From the library's layout to PyTorch's."""
    return x.permute(3, 2, 0, 1).contiguous() if x.dim() == 4 else x.t().contiguous() if x.dim() == 2 else x


def to_library(x):
    return x.permute(2, 3, 1, 0) if x.dim() == 4 else x.t() if x.dim() == 2 else x


def maxout(x, pieces):
    """The largest of `pieces`, one after another in the channels."""
    parts = x.chunk(pieces, dim=1)
    out = parts[0]
    for part in parts[1:]:
        out = torch.maximum(out, part)
    return out


def flat(x):
    """Images to vectors, in the order height, width, channel."""
    return x.permute(0, 2, 3, 1).flatten(1) if x.dim() == 4 else x


def global_average(x):
    return x.mean((2, 3))


class Net:
    """The layers of a net. Without `values` it declares parameters; with them, in order, it uses them.

    `gain` is the variance of starting weights times their fan-in. `sides` collects the outputs of branches
    with losses of their own: (weight, loss, output). `values` of a run are in PyTorch's layout; a training
    pass moves running statistics in place."""

    def __init__(self, values=None, training=True, gain=2.0):
        self.values = None if values is None else iter(values)
        self.training, self.gain = training, gain
        self.declared, self.sides, self.layers = [], [], 0

    def parameter(self, layer, kind, shape, scale, offset=0.0):
        if self.values is not None:
            return next(self.values)
        made = Parameter(f"{layer}/{kind}", kind, shape, scale, offset)
        self.declared.append(made)
        return torch.full(shape, float(offset) + 1e-3 * scale).permute(3, 2, 0, 1) if len(shape) == 4 else (
            torch.full(shape[::-1], 1e-3 * scale) if len(shape) == 2 else torch.full(shape, float(offset)))

    def name(self, kind):
        self.layers += 1
        return f"{kind}{self.layers}"

    def weights(self, layer, shape, fan_in):
        return self.parameter(layer, "w", shape, math.sqrt(3 * self.gain / fan_in))

    def biases(self, layer, size, offset):
        return self.parameter(layer, "b", [size], 0.1, offset)

    def conv(self, x, channels, size, stride=1, padding=0, groups=1, bias=True, pieces=1, bias_at=0.0):
        layer, group_in = self.name("conv"), x.shape[1] // groups
        height, width = (size, size) if isinstance(size, int) else size
        w = self.weights(layer, [height, width, group_in, pieces * channels], height * width * group_in)
        b = self.biases(layer, pieces * channels, bias_at) if bias else None
        y = F.conv2d(x, w, b, stride, padding, 1, groups)
        return maxout(y, pieces) if pieces > 1 else y

    def dense(self, x, features, bias=True, pieces=1, bias_at=0.0):
        layer, x = self.name("dense"), flat(x)
        w = self.weights(layer, [x.shape[1], pieces * features], x.shape[1])
        y = F.linear(x, w, self.biases(layer, pieces * features, bias_at) if bias else None)
        return maxout(y, pieces) if pieces > 1 else y

    def batch_norm(self, x, epsilon=1e-5):
        """Over every axis but the channels."""
        layer, channels = self.name("batchNorm"), [x.shape[1]]
        scale = self.parameter(layer, "scale", channels, 0.1, 1)
        b = self.parameter(layer, "b", channels, 0.1)
        mean = self.parameter(layer, "mean", channels, 0.1)
        variance = self.parameter(layer, "variance", channels, 0.1, 1)
        return F.batch_norm(x, mean, variance, scale, b, self.training, SHARE, epsilon)

    def side(self, weight, output, loss=None):
        """A branch's output that has a loss of its own in training."""
        self.sides.append((weight, loss, output))


def widened(count, width):
    """A number of channels times a factor, rounded half up, at least 1."""
    return max(1, math.floor(count * width + 0.5))
