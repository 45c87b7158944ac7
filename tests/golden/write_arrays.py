#!/usr/bin/env python3
"""Writes arrays.json: functions of arrays and their gradients, by PyTorch in float64.

    python3 write_arrays.py

`args.call` are the arguments after the inputs, or before them where `args.first` is true.
"""
import torch
import torch.nn.functional as F

import write_golden as golden


def main():
    cases = golden.Cases()

    def add(op, about, shapes, f, *call, scales=None, first=False):
        inputs = dict(zip("abcde", shapes))
        cases.add(f"{op} {about}", op, inputs, lambda **xs: f(*xs.values()),
                  {"call": list(call), **({"first": True} if first else {})},
                  scales={name: scales for name in inputs} if scales else None)

    for equation, *shapes in [
        ("ij,jk->ik", [2, 3], [3, 5]), ("bij,bjk->bik", [2, 3, 5], [2, 5, 7]),
        ("bqhd,bkhd->bhqk", [2, 3, 2, 5], [2, 7, 2, 5]), ("ii", [3, 3]), ("ii->i", [5, 5]),
        ("ij->ji", [2, 3]), ("ij->", [2, 3]), ("i,j->ij", [3], [5]), ("i,i->", [7], [7]),
        ("i,i->i", [7], [7]), ("...ij,...jk->...ik", [2, 1, 3, 5], [7, 5, 2]),
        ("ij,jk,kl->il", [2, 3], [3, 5], [5, 2]), ("ij,j->i", [2, 3], [3]),
        ("iij->j", [3, 3, 2]), ("ba", [2, 3]), ("i...->...", [2, 3, 5]),
        ("ij,ij->", [3, 5], [3, 5]), ("ab,b,a->", [2, 3], [3], [2]), ("bij,bj->bi", [1, 3, 5], [2, 5]),
    ]:
        add("einsum", f"{equation} of {shapes}", shapes, lambda *xs: torch.einsum(equation, *xs),
            equation, first=True)
    for axes in (None, 0, [0, 2]):
        add("flip", str(axes), [[2, 3, 5]],
            lambda x: x.flip([0, 1, 2] if axes is None else axes), *[] if axes is None else [axes])
    for shift, axis in [(1, -1), (-2, 0), (7, 1), (0, 0)]:
        add("roll", f"{shift}, {axis}", [[3, 5]], lambda x: x.roll(shift, axis), shift, axis)
    for times, axis in [(3, -1), (2, 0), (1, 1)]:
        add("repeat", f"{times}, {axis}", [[2, 3]],
            lambda x: x.repeat_interleave(times, axis), times, axis)
    for shape, times in [([2, 3], [2, 1]), ([3], [2, 3]), ([2, 3, 1], [2])]:
        add("tile", f"{shape} {times}", [shape], lambda x: x.tile(times), times)
    for mode, theirs in [("reflect", "reflect"), ("edge", "replicate"), ("wrap", "circular")]:
        add("pad", mode, [[1, 2, 5, 4]], lambda x: F.pad(x, (2, 1, 0, 3), theirs),
            [[0, 0], [0, 0], [0, 3], [2, 1]], {"mode": mode})
    add("pad", "value", [[2, 3]], lambda x: F.pad(x, (1, 2, 3, 0), value=7.0),
        [[3, 0], [1, 2]], {"value": 7})
    for op in ("tril", "triu"):
        for shape, offset in [([3, 3], 0), ([2, 3, 5], 1), ([5, 2], -2)]:
            add(op, f"{shape} {offset}", [shape], lambda x: getattr(torch, op)(x, offset), offset)
    for order in (1, 2, float("inf")):
        add("norm", str(order), [[3, 5]], lambda x: torch.linalg.vector_norm(x, order, 1),
            1, {"order": order if order < 9 else "Infinity"})
    add("norm", "all", [[3, 5, 2]], torch.linalg.vector_norm)
    add("std", "of rows", [[3, 7]], lambda x: x.std(1, unbiased=False), 1)
    for shape, axis in [([7], 0), ([3, 5, 2], 1), ([2, 13], -1), ([2, 1], 1)]:
        add("prod", f"{shape} {axis}", [shape], lambda x: x.prod(axis), axis, scales=2)
    for op, f, scale in [("round", torch.round, 5), ("ceil", torch.ceil, 5), ("square", torch.square, 1),
                         ("expm1", torch.expm1, 2), ("softplus", F.softplus, 9), ("sin", torch.sin, 20),
                         ("cos", torch.cos, 20)]:
        add(op, "", [[13]], f, scales=scale)
    add("log1p", "", [[13]], torch.log1p, scales=0.9)
    add("clip", "", [[13]], lambda x: x.clip(-0.5, 0.25), -0.5, 0.25)
    for shape, axis, down in [([7], 0, False), ([3, 5], 1, True), ([5, 2, 3], 0, False)]:
        add("sort", f"{shape} {axis} {down}", [shape],
            lambda x: x.sort(axis, descending=down)[0], axis, {"descending": down})
    add("topK", "of rows", [[3, 7]], lambda x: x.topk(2)[0], 2)
    add("squeeze", "", [[2, 1, 3]], lambda x: x.squeeze(1), 1)
    add("expandDims", "", [[2, 3]], lambda x: x.unsqueeze(1), 1)
    add("moveAxis", "", [[2, 3, 5]], lambda x: x.movedim(0, -1), 0, -1)
    for reverse in (False, True):
        def exclusive(x):
            y = x.flip(1) if reverse else x
            y = y.cumsum(1) - y
            return y.flip(1) if reverse else y
        add("cumSum", f"exclusive {reverse}", [[3, 5]], exclusive, 1,
            {"exclusive": True, "reverse": reverse})
    for op, (error, name) in sorted(cases.worst.items()):
        print(f"{op}: float32 off by at most {error:.1e} ({name})")
    golden.write("arrays.json", {"about": "Written by write_arrays.py; see README.md.",
                                 "cases": cases.list})


if __name__ == "__main__":
    main()
