#!/usr/bin/env python3
"""Writes parts.json: losses, indexing, pooling over windows of any shape, convolutions of groups and pieces, and a
recurrent layer, with their gradients, by PyTorch in float64.

    python3 write_parts.py

Images are channels last, as in the library.
"""
import math

import torch
import torch.nn.functional as F

import write_golden as golden
from write_golden import conv2d, labels_of, nchw, nhwc


def loss_cases(cases):
    for shape in ([5, 7], [2, 3, 4], [1, 2, 3, 2, 5], [3]):
        leading, classes = shape[:-1], shape[-1]
        y = torch.from_numpy(labels_of(math.prod(leading), classes)).reshape(leading)
        args = {"labels": y.flatten().tolist(), "leading": leading}
        scales = {"x": 3}

        def cross_entropy(x, targets, smoothing=0.0):
            rows = targets.reshape(-1, classes) if targets.is_floating_point() else targets.reshape(-1)
            each = F.cross_entropy(x.reshape(-1, classes), rows, reduction="none", label_smoothing=smoothing)
            return each.reshape(leading)

        cases.add(f"crossEntropy {shape}", "crossEntropy", {"x": shape}, lambda x: cross_entropy(x, y), args,
                  scales=scales)
        cases.add(f"smoothed {shape}", "smoothed", {"x": shape}, lambda x: cross_entropy(x, y, 0.1),
                  {**args, "smoothing": 0.1}, scales=scales)
        cases.add(f"softCrossEntropy {shape}", "softCrossEntropy", {"x": shape, "z": shape},
                  lambda x, z: cross_entropy(x, z.softmax(-1)), scales=scales)

        def squared_hinge(x):
            sign = F.one_hot(y, classes).to(x.dtype) * 2 - 1
            return (F.relu(1 - sign * x) ** 2).sum(-1)

        cases.add(f"squaredHinge {shape}", "squaredHinge", {"x": shape}, squared_hinge, args, scales=scales)

        def distillation(x, teacher, temperature=3, weight=2):
            soft = cross_entropy(x / temperature, (teacher.detach() / temperature).softmax(-1))
            return cross_entropy(x, y) + weight * soft

        cases.add(f"distillation {shape}", "distillation", {"x": shape, "teacher": shape}, distillation,
                  {**args, "temperature": 3, "weight": 2}, scales={"x": 3, "teacher": 5}, grads=["x"])


def target_cases(cases):
    """Losses of numbers and of several labels at once, each a mean over the last axis."""
    for shape in ([5, 7], [2, 3, 4], [13, 1], [3]):
        for name, loss in [("meanSquaredError", F.mse_loss), ("meanAbsoluteError", F.l1_loss)]:
            cases.add(f"{name} {shape}", name, {"x": shape, "z": shape},
                      lambda x, z, loss=loss: loss(x, z, reduction="none").mean(-1), scales={"x": 3, "z": 3})
        cases.add(f"binaryCrossEntropy {shape}", "binaryCrossEntropy", {"x": shape, "z": shape},
                  lambda x, z: F.binary_cross_entropy_with_logits(x, z.sigmoid(), reduction="none").mean(-1),
                  scales={"x": 9, "z": 5})


def index_cases(cases):
    for shape, axis, at in [([3, 7], 1, [6, 0, 6, 2]), ([2, 5, 3], 1, [4, 4, 0]), ([2, 3, 5], -1, [1, 0])]:
        cases.add(f"gather {shape} along {axis}", "gather", {"x": shape},
                  lambda x: x.index_select(axis, torch.tensor(at)), {"indices": at, "axis": axis})
    for shape, axis, k in [([3, 7], 1, 4), ([5, 2, 3], 0, 2), ([2, 5, 3], 1, 6)]:
        wanted = [*shape]
        wanted[axis] = k
        at = torch.from_numpy(labels_of(math.prod(wanted), shape[axis])).reshape(wanted)
        cases.add(f"takeAlong {shape} along {axis}", "takeAlong", {"x": shape}, lambda x: x.gather(axis, at),
                  {"indices": at.flatten().tolist(), "shape": wanted, "axis": axis})


def pool_cases(cases):
    # PyTorch pads each axis alike; by side, with what a maximum never takes, or with zeros.
    for shape, size, stride, padding, dilation, ceil in [
        ([1, 6, 7, 2], [1, 3], [1, 2], [0, 1], [1, 1], False),
        ([2, 5, 8, 1], [3, 2], [2, 1], [1, 0], [1, 1], True),
        ([1, 7, 7, 2], [2, 2], [1, 1], [1, 1], [2, 2], False),
        ([1, 9, 8, 3], [3, 2], [2, 3], [1, 1], [2, 3], True),
        ([2, 6, 5, 1], [3, 3], [2, 2], [[1, 0], [0, 2]], [1, 1], False),
        ([1, 8, 6, 2], [2, 3], [3, 1], [[0, 1], [2, 1]], [3, 2], False),
    ]:
        by_side = isinstance(padding[0], list)
        name = f"{shape}, size {size}, stride {stride}, padding {padding}, dilation {dilation}{', ceil' if ceil else ''}"
        args = {"size": size, "stride": stride, "padding": padding, "dilation": dilation, "ceil": ceil}
        sides = [*padding[1], *padding[0]] if by_side else [0] * 4
        inside = 0 if by_side else padding

        def padded(x, value):
            return F.pad(nchw(x), sides, value=value)

        cases.add(f"maxPool {name}", "maxPool", {"x": shape}, lambda x: nhwc(
            F.max_pool2d(padded(x, -math.inf), size, stride, inside, dilation, ceil)), args)
        if dilation == [1, 1]:
            cases.add(f"avgPool {name}", "avgPool", {"x": shape}, lambda x: nhwc(
                F.avg_pool2d(padded(x, 0), size, stride, inside, ceil)), args)


def conv_cases(cases):
    for shape, size, channels, groups, pieces in [
        ([2, 4, 3, 4], [3, 3], 4, 2, 2), ([1, 3, 5, 6], [1, 3], 6, 3, 3), ([1, 4, 4, 3], [3, 2], 3, 3, 2)]:
        def maxout(x, w, b):
            each = [conv2d(x, part, 1, 1, groups) for part in w.split(channels, -1)]
            return torch.stack([y + c for y, c in zip(each, b.split(channels))]).amax(0)

        cases.add(f"conv {shape}, size {size}, {groups} groups, {pieces} pieces", "conv",
                  {"x": shape, "w": [*size, shape[-1] // groups, pieces * channels], "b": [pieces * channels]},
                  maxout, {"size": size, "channels": channels, "groups": groups, "pieces": pieces})


def lstm_cases(cases):
    for steps, batch, inputs, units in [(1, 2, 3, 2), (7, 3, 2, 5), (13, 1, 5, 3)]:
        def lstm(x, w, v, b, h, c):
            # One bias of two; gates in the order input, forget, cell, output.
            weights = [w.T.contiguous(), v.T.contiguous(), b, torch.zeros_like(b)]
            ys, last, cell = torch.lstm(x, (h[None], c[None]), weights, True, 1, 0.0, False, False, False)
            return torch.cat([ys, last, cell])

        cases.add(f"lstm {steps} steps, batch {batch}, {inputs} inputs, {units} units", "lstm",
                  {"x": [steps, batch, inputs], "w": [inputs, 4 * units], "v": [units, 4 * units],
                   "b": [4 * units], "h": [batch, units], "c": [batch, units]}, lstm, scales={"x": 2})


def main():
    cases = golden.Cases()
    for add in (loss_cases, target_cases, index_cases, pool_cases, conv_cases, lstm_cases):
        add(cases)
    for op, (error, name) in sorted(cases.worst.items()):
        print(f"{op}: float32 off by at most {error:.1e} ({name})")
    golden.write("parts.json", {"about": "Written by write_parts.py; see README.md.", "cases": cases.list})


if __name__ == "__main__":
    main()
