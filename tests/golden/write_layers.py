#!/usr/bin/env python3
"""Writes layers.json: layers and their gradients, by PyTorch in float64.

    python3 write_layers.py

Images are channels last, as in the library.
"""
import torch
import torch.nn.functional as F
from torch.nn.utils.stateless import functional_call

import write_golden as golden
from write_golden import nchw, nhwc


def layer_norm_cases(cases):
    for shape, axes in [([3, 5], 1), ([2, 3, 7], 1), ([2, 3, 4, 2], 3), ([4, 1, 13], 2)]:
        sizes = shape[-axes:]
        cases.add(
            f"layerNorm {shape} over {axes}",
            "layerNorm",
            {"x": shape, "scale": sizes, "b": sizes},
            lambda x, scale, b: F.layer_norm(x, sizes, scale, b, 1e-5),
            {"axes": list(range(-axes, 0))},
        )
    cases.add("layerNorm alone", "layerNorm", {"x": [5, 7]},
              lambda x: F.layer_norm(x, [7], eps=0.1), {"axes": [-1], "epsilon": 0.1})


def group_norm_cases(cases):
    for shape, groups in [([2, 3, 5, 6], 1), ([2, 3, 5, 6], 2), ([1, 2, 1, 6], 3), ([3, 2, 2, 7], 7),
                          ([5, 9], 3), ([2, 13, 4], 2)]:
        channels = shape[-1]
        cases.add(
            f"groupNorm {shape}, {groups} groups",
            "groupNorm",
            {"x": shape, "scale": [channels], "b": [channels]},
            lambda x, scale, b: F.group_norm(x.movedim(-1, 1), groups, scale, b, 1e-5).movedim(1, -1),
            {"groups": groups},
        )
    cases.add("groupNorm alone", "groupNorm", {"x": [2, 5, 4]},
              lambda x: F.group_norm(x.movedim(-1, 1), 2, eps=0.1).movedim(1, -1),
              {"groups": 2, "epsilon": 0.1})


def lrn_cases(cases):
    for shape, size, alpha, beta, k in [
        ([2, 2, 3, 7], 5, 1e-4, 0.75, 1.0),  # CaffeNet's
        ([1, 2, 2, 13], 5, 1.0, 0.75, 1.0),  # Caffe's defaults
        ([1, 2, 3, 5], 3, 2.0, 0.5, 0.7),
        ([1, 1, 2, 3], 5, 1.0, 1.0, 2.0),  # a window larger than the channels
        ([2, 1, 1, 1], 5, 1.0, 0.75, 1.0),
        ([1, 1, 3, 6], 4, 1.0, 0.75, 1.0),  # an even one
        ([1, 2, 1, 5], 1, 1.0, 0.75, 1.0),
    ]:
        cases.add(
            f"lrn {shape}, size {size}, alpha {alpha}, beta {beta}, k {k}",
            "lrn",
            {"x": shape},
            lambda x: nhwc(F.local_response_norm(nchw(x), size, alpha, beta, k)),
            {"size": size, "alpha": alpha, "beta": beta, "k": k},
            scales={"x": 3},
        )


def avg_pool_cases(cases):
    for shape, size, stride, padding, ceil in [
        ([1, 6, 7, 2], 3, 2, 1, False),
        ([1, 6, 7, 2], 3, 2, 1, True),
        ([2, 5, 4, 3], 2, 2, 1, True),  # a window that would start outside is left out
        ([1, 6, 5, 1], 3, 1, 1, False),
        ([1, 1, 2, 1], 5, 1, 2, False),  # a window larger than the image
        ([1, 6, 6, 2], 3, 3, 0, False),
        ([1, 7, 8, 1], 4, 3, 2, True),
    ]:
        for count in (True, False):
            cases.add(
                f"avgPool {shape}, size {size}, stride {stride}, padding {padding}"
                f"{', ceil' if ceil else ''}{'' if count else ', padding left out'}",
                "avgPool",
                {"x": shape},
                lambda x: nhwc(F.avg_pool2d(nchw(x), size, stride, padding, ceil, count)),
                {"size": size, "stride": stride, "padding": padding, "ceil": ceil,
                 "countPadding": count},
            )


def fractional_cases(cases):
    # shape, window, output, shifts: the library's integers in place of PyTorch's samples
    for shape, size, output, shifts in [
        ([1, 6, 7, 2], 2, (4, 5), (0, 0)),
        ([2, 6, 7, 1], 2, (4, 5), (3, 2)),
        ([1, 13, 11, 1], 3, (8, 6), (7, 1)),
        ([1, 9, 9, 2], 1, (3, 7), (5, 4)),
        ([1, 5, 13, 1], 2, (2, 4), (1, 10)),
    ]:
        lengths = [pixels - size for pixels in shape[1:3]]
        # A sample is for columns, then for rows.
        samples = torch.tensor([(v + 0.5) / n for v, n in zip(shifts, lengths)]).flip(0)

        def pool(x):
            each = samples.to(x.dtype).expand(x.shape[0], x.shape[3], 2).contiguous()
            return nhwc(F.fractional_max_pool2d(nchw(x), size, output, _random_samples=each))

        cases.add(f"fractionalMaxPool {shape}, windows of {size}, to {output}, shifts {shifts}",
                  "fractionalMaxPool", {"x": shape}, pool,
                  {"size": size, "output": list(output), "shifts": list(shifts)})


def activation_cases(cases):
    for kind, f in [("silu", F.silu), ("selu", F.selu), ("softplus", F.softplus), ("mish", F.mish),
                    ("relu6", F.relu6), ("hardSigmoid", F.hardsigmoid), ("hardSwish", F.hardswish)]:
        for shape, scale in [([7], 9), ([2, 3, 5], 2)]:
            cases.add(f"{kind} {shape}", "activation", {"x": shape}, lambda x: f(x), {"kind": kind},
                      scales={"x": scale})
    for alpha in (1.0, 0.3):
        cases.add(f"elu {alpha}", "elu", {"x": [3, 5]}, lambda x: F.elu(x, alpha), {"alpha": alpha},
                  scales={"x": 3})
    for shape, slopes in [([3, 5], 5), ([2, 3, 1, 2], 2), ([2, 7], 1)]:
        cases.add(f"prelu {shape}, {slopes} slopes", "prelu", {"x": shape, "slope": [slopes]},
                  lambda x, slope: F.prelu(x.movedim(-1, 1), slope).movedim(1, -1),
                  {"shared": slopes == 1})


def recurrent_cases(cases):
    for kind, gates, recur in [("lstm", 4, torch.lstm), ("gru", 3, torch.gru)]:
        for batch, time, features, units, reverse in [(1, 1, 1, 1, False), (2, 5, 3, 2, False),
                                                      (3, 4, 2, 5, True)]:
            n, shapes = gates * units, {"x": [batch, time, features]}
            shapes |= {"w": [features, n], "v": [units, n], "b": [n]}
            shapes |= {"c": [units]} if kind == "gru" else {}

            def run(x, w, v, b, c=None):
                of_state = torch.zeros_like(b)
                if c is not None:
                    of_state = torch.cat([of_state[: 2 * units], c])
                zero = torch.zeros(1, batch, units, dtype=x.dtype)
                start = zero if kind == "gru" else (zero, zero)
                y, *_ = recur(x.flip(1) if reverse else x, start, (w.T, v.T, b, of_state), True, 1,
                              0.0, True, False, True)
                return y.flip(1) if reverse else y

            cases.add(f"{kind} {shapes['x']} to {units}{', reverse' if reverse else ''}", kind,
                      shapes, run, {"units": units, "reverse": reverse})


def attention_cases(cases):
    for batch, time, features, heads, causal, lengths in [
        (1, 1, 1, 1, False, None),
        (2, 5, 6, 3, False, None),
        (2, 7, 4, 2, True, None),
        (3, 5, 4, 1, False, [5, 2, 1]),
        (2, 3, 8, 4, True, [3, 2]),
    ]:
        shapes = {"x": [batch, time, features]}
        for name in "qkvo":
            shapes |= {f"w{name}": [features, features], f"b{name}": [features]}

        def run(x, **p):
            module = torch.nn.MultiheadAttention(features, heads, batch_first=True).to(x.dtype)
            params = {"in_proj_weight": torch.cat([p[f"w{name}"].T for name in "qkv"]),
                      "in_proj_bias": torch.cat([p[f"b{name}"] for name in "qkv"]),
                      "out_proj.weight": p["wo"].T, "out_proj.bias": p["bo"]}
            hidden = torch.ones(time, time, dtype=torch.bool).triu(1) if causal else None
            absent = lengths and torch.arange(time) >= torch.tensor(lengths)[:, None]
            y, _ = functional_call(module, params, (x, x, x),
                                   {"attn_mask": hidden, "key_padding_mask": absent})
            return y

        about = ", causal" * causal + (f", lengths {lengths}" if lengths else "")
        # A softmax does not depend on the biases of the keys: their gradient is rounding.
        cases.add(f"attention {shapes['x']}, {heads} heads{about}", "attention", shapes, run,
                  {"features": features, "heads": heads, "causal": causal, "lengths": lengths},
                  grads=[name for name in shapes if name != "bk"])


def main():
    cases = golden.Cases()
    for add in (layer_norm_cases, group_norm_cases, lrn_cases, avg_pool_cases, fractional_cases,
                activation_cases, recurrent_cases, attention_cases):
        add(cases)
    for op, (error, name) in sorted(cases.worst.items()):
        print(f"{op}: float32 off by at most {error:.1e} ({name})")
    golden.write("layers.json", {"about": "Written by write_layers.py; see README.md.",
                                 "cases": cases.list})


if __name__ == "__main__":
    main()
