#!/usr/bin/env python3
"""Writes the golden values (the .json files) next to this file.

    python3 write_golden.py            # all files
    python3 write_golden.py ops init   # only these

Needs PyTorch (1.13 was used) and NumPy. Runs on the CPU, on one thread, and draws no random
numbers: every input and weight is `fill(n, seed, scale)`, which fill.ts repeats bit for bit.

Everything stored is computed in float64 from those float32 starting numbers. The same
computation is repeated in float32, and what differs is printed, so that a test's tolerance can
be chosen; the train files hold it too, as "spread".

Tensors are kept in the library's layouts all the way, and turned into PyTorch's only inside the
functions that call it:
    images NHWC, convolution weights [kh, kw, cin / groups, cout], dense weights [in, out],
    maxout pieces piece-major in the last axis (index = piece * channels + channel).
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

from fill import fill

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
F32, F64 = torch.float32, torch.float64


# ------------------------------------------------------------------------ numbers and layouts


def size_of(shape):
    return math.prod(shape)


def filled(spec, dtype):
    data = torch.from_numpy(fill(size_of(spec["shape"]), spec["seed"], spec["scale"]))
    return data.reshape(spec["shape"]).to(dtype)


def labels_of(n, classes=10):
    """Labels in [0, classes), the library's `floor(fill + classes / 2)`."""
    return np.floor(fill(n, 1001, classes / 2).astype(np.float64) + classes / 2).astype(np.int64)


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def conv2d(x, w, stride=1, padding=0, groups=1):
    return nhwc(F.conv2d(nchw(x), w.permute(3, 2, 0, 1), None, stride, padding, 1, groups))


def max_pool(x, size, stride, padding=0, ceil=False):
    return nhwc(F.max_pool2d(nchw(x), size, stride, padding, ceil_mode=ceil))


def avg_pool(x, size, stride, padding=0, ceil=False):
    return nhwc(F.avg_pool2d(nchw(x), size, stride, padding, ceil, count_include_pad=True))


def maxout(x, pieces):
    return x.unflatten(-1, (pieces, x.shape[-1] // pieces)).amax(-2)


def cross_entropy(scores, labels):
    return F.cross_entropy(scores, labels)


def hinge(scores, labels):
    """One-vs-all L1 hinge: the sum over classes of max(0, 1 - s * score), over the batch size."""
    sign = F.one_hot(labels, scores.shape[-1]).to(scores.dtype) * 2 - 1
    return F.relu(1 - sign * scores).sum() / scores.shape[0]


# ------------------------------------------------------------------------------ writing JSON


def digits(v, n=8):
    """A number of n significant digits; integers are written without a decimal point."""
    v = float(f"{v:.{n}g}")
    return int(v) if v == int(v) and abs(v) < 1e9 else v


def tensor_json(t):
    return {"shape": list(t.shape), "data": [digits(v, 7) for v in t.detach().flatten().tolist()]}


def dump(v, indent=""):
    """JSON: what fits into 100 columns, lists of numbers, tensors and parameters on one line."""
    line = json.dumps(v)
    numbers = isinstance(v, list) and all(isinstance(e, (int, float)) for e in v)
    if numbers or (isinstance(v, dict) and ("data" in v or "gradL2" in v)):
        return json.dumps(v, separators=(",", ":"))
    if len(line) + len(indent) <= 100 or not isinstance(v, (list, dict)):
        return line
    deeper = indent + " "
    if isinstance(v, list):
        return "[\n" + ",\n".join(deeper + dump(e, deeper) for e in v) + "\n" + indent + "]"
    body = ",\n".join(f"{deeper}{json.dumps(k)}: {dump(e, deeper)}" for k, e in v.items())
    return "{\n" + body + "\n" + indent + "}"


def write(name, value):
    path = os.path.join(HERE, name)
    with open(path, "w") as f:
        f.write(dump(value) + "\n")
    print(f"{name}: {os.path.getsize(path):,} bytes")


# ------------------------------------------------------------------------------------- nets

# A stage is its convolutions' widths and its max pool (size, stride, ceil). All convolutions are
# 3x3, stride 1, padding 1. `hidden` is the width of the dense layer before the classifier.
NETS = {
    "fitnet1": {
        "image": [32, 32, 3],
        "stages": [
            ([16] * 3, (2, 2, False)),
            ([32] * 3, (2, 2, False)),
            ([48, 48, 64], (8, 8, False)),
        ],
        "hidden": 500,
    },
    "fitnet4": {
        "image": [32, 32, 3],
        "stages": [
            ([32, 32, 32, 48, 48], (2, 2, False)),
            ([80] * 6, (2, 2, False)),
            ([128] * 6, (8, 8, False)),
        ],
        "hidden": 500,
    },
    "fitnetMnist": {
        "image": [28, 28, 1],
        "stages": [([16, 16], (4, 2, True)), ([16, 16], (4, 2, True)), ([12, 12], (2, 2, True))],
        "hidden": 0,
    },
}
ACTIVATIONS = {
    "relu": F.relu,
    "vlrelu": lambda x: F.leaky_relu(x, 0.333),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
CONV_PIECES, HIDDEN_PIECES = 2, 5  # of maxout


def net_params(net, activation, classes=10, bias_scale=0.1):
    """The parameters in order, weights then biases, layer by layer; the index is the seed.

    Weights have the variance 1 / fan_in, but for the sigmoid net 16 times that: else the gradient
    vanishes on the way down, and float32 has nothing left to compare in the first layers."""
    gain = 4 if activation == "sigmoid" else 1
    many = activation == "maxout"
    side, _, channels = NETS[net]["image"]
    out = []

    def add(name, shape, fan_in):
        weight = ("w", shape, gain * math.sqrt(3 / fan_in))
        for kind, s, scale in (weight, ("b", shape[-1:], bias_scale)):
            out.append({"name": f"{name}/{kind}", "shape": s, "seed": len(out), "scale": scale})

    convs = 0
    for widths, (size, stride, ceil) in NETS[net]["stages"]:
        for width in widths:
            convs += 1
            pieces = CONV_PIECES if many else 1
            add(f"conv{convs}", [3, 3, channels, pieces * width], 9 * channels)
            channels = width
        side = (math.ceil if ceil else math.floor)((side - size) / stride) + 1
    features = side * side * channels  # flattened in the order height, width, channel
    hidden = NETS[net]["hidden"]
    if hidden:
        add("hidden", [features, hidden * (HIDDEN_PIECES if many else 1)], features)
        features = hidden
    add("classifier", [features, classes], features)
    return out


def net_scores(net, activation, params, x):
    def act(h, pieces):
        return maxout(h, pieces) if activation == "maxout" else ACTIVATIONS[activation](h)

    p = iter(params)
    for widths, (size, stride, ceil) in NETS[net]["stages"]:
        for _ in widths:
            x = act(conv2d(x, next(p), padding=1) + next(p), CONV_PIECES)
        x = max_pool(x, size, stride, ceil=ceil)
    x = x.flatten(1)
    if NETS[net]["hidden"]:
        x = act(x @ next(p) + next(p), HIDDEN_PIECES)
    return x @ next(p) + next(p)


# -------------------------------------------------------- train.json and train_fitnet4.json

SAMPLES = 16
STEPS = 3
WEIGHT_DECAY = 5e-4  # added to the gradient of weights; biases have none
OPTIMIZERS = [
    {"name": "sgd", "lr": 0.001, "momentum": 0.9},
    {"name": "rmsprop", "lr": 0.0005, "decay": 0.9, "epsilon": 1e-8},
    {"name": "adam", "lr": 0.0005, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
]
LR = {  # Other learning rates, where the usual one makes the loss jump about or hardly move, or
    # where two numbers under a maximum lie so close that float32 may take the other one.
    ("fitnet1-maxout", "rmsprop"): 0.0002,
    ("fitnet1-relu", "sgd"): 0.02,
    ("fitnet1-vlrelu", "sgd"): 0.01,
    ("fitnet1-tanh", "sgd"): 0.01,
    ("fitnet1-sigmoid", "sgd"): 0.01,
    ("fitnet1-sigmoid", "rmsprop"): 0.0003,
    ("fitnet4-maxout", "sgd"): 0.0002,
    ("fitnet4-maxout", "rmsprop"): 0.00003,
    ("fitnet4-maxout", "adam"): 0.00015,
    ("fitnet4-relu", "sgd"): 0.05,
    ("fitnet4-relu", "rmsprop"): 0.00003,
    ("fitnet4-relu", "adam"): 0.0001,
    ("fitnetMnist-maxout", "adam"): 0.0007,
}
# Of the input; another one for the net with most pieces to tie (the same reason).
INPUT_SEEDS = {("fitnet4", "maxout"): 1009}
FLOAT32_RUNS = 16


def torch_optimizer(o, groups):
    """PyTorch's own. At a constant rate its SGD and RMSprop equal Caffe's (see optimizer_cases)."""
    if o["name"] == "sgd":
        return torch.optim.SGD(groups, lr=o["lr"], momentum=o["momentum"])
    if o["name"] == "adagrad":
        return torch.optim.Adagrad(groups, lr=o["lr"], lr_decay=o["learningRateDecay"], eps=o["epsilon"],
                                   initial_accumulator_value=o["initialAccumulator"])
    if o["name"] == "rmsprop":
        return torch.optim.RMSprop(groups, lr=o["lr"], alpha=o["decay"], eps=o["epsilon"])
    return torch.optim.Adam(groups, lr=o["lr"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"])


def train(model, optimizer, dtype, jitter=0):
    """STEPS steps on one fixed batch: losses before each and after the last, gradients at the
    start, parameters at the start and the end. A `jitter` of 1, 2, ... moves every starting
    weight by about one float32 rounding, each number in another way, to see whether rounding
    decides anything (which piece is the largest, which side of a ReLU)."""
    params = []
    for spec in model["params"]:
        w = filled(spec, dtype)
        if jitter:
            noise = {**spec, "seed": 5000 * jitter + spec["seed"], "scale": 2**-23}
            w = (w.to(F64) * (1 + filled(noise, F64))).to(dtype)
        params.append(w.requires_grad_())
    x = filled(model["input"], dtype)
    y = torch.tensor(model["labels"])
    loss_of = {"crossEntropy": cross_entropy, "hinge": hinge}[model["loss"]]
    start = [p.detach().clone() for p in params]
    weights, biases = params[0::2], params[1::2]
    opt = torch_optimizer(
        optimizer,
        [
            {"params": weights, "weight_decay": optimizer["weightDecay"]},
            {"params": biases, "weight_decay": 0},
        ],
    )
    losses, grads = [], None
    for step in range(STEPS + 1):
        loss = loss_of(net_scores(model["net"], model["activation"], params, x), y)
        losses.append(loss.item())
        if step == STEPS:
            break
        opt.zero_grad()
        loss.backward()
        grads = grads or [p.grad.clone() for p in params]
        opt.step()
    return {"losses": losses, "grads": grads, "start": start, "end": [p.detach() for p in params]}


def sample_at(n):
    return [k * (n - 1) // (SAMPLES - 1) for k in range(SAMPLES)]


SPREAD = ("loss", "gradL2", "l2", "updateL2", "samples", "update", "all")


def spread(golden, others):
    """How far other runs of the same computation are from the golden one, at worst: the losses,
    the norms (relative), the samples (relative to the tensor's root mean square), the update as
    a vector (relative to its norm), and the furthest of all weights (as the samples)."""
    out = dict.fromkeys(SPREAD, 0.0)

    def note(key, value):
        out[key] = max(out[key], value)

    def relative(key, a, b):
        note(key, abs(a - b).item() / a.item())

    for other in others:
        for a, b in zip(golden["losses"], other["losses"]):
            note("loss", abs(a - b) / abs(a))
        for i, w in enumerate(golden["end"]):
            v = other["end"][i].to(F64)
            update, update_v = w - golden["start"][i], v - other["start"][i].to(F64)
            relative("gradL2", golden["grads"][i].norm(), other["grads"][i].to(F64).norm())
            relative("l2", w.norm(), v.norm())
            relative("updateL2", update.norm(), update_v.norm())
            note("update", ((update - update_v).norm() / update.norm()).item())
            off = (w - v).flatten().abs() * math.sqrt(w.numel()) / w.norm()
            note("samples", off[sample_at(w.numel())].max().item())
            note("all", off.max().item())
    return out


def make_model(net, activation, batch, loss="crossEntropy", bias_scale=0.1):
    return {
        "net": net,
        "activation": activation,
        "loss": loss,
        "input": {
            "shape": [batch] + NETS[net]["image"],
            "seed": INPUT_SEEDS.get((net, activation), 1000),
            "scale": math.sqrt(3),
        },
        "labels": labels_of(batch).tolist(),
        "params": net_params(net, activation, bias_scale=bias_scale),
    }


def write_train():
    models, jobs = {}, []
    for net, activation in [
        *(("fitnet1", a) for a in ("maxout", "relu", "vlrelu", "tanh", "sigmoid")),
        *(("fitnet4", a) for a in ("maxout", "relu")),
        ("fitnetMnist", "maxout"),
    ]:
        key = f"{net}-{activation}"
        models[key] = make_model(net, activation, batch=2 if net == "fitnet4" else 4)
        jobs += [(key, o) for o in OPTIMIZERS]
    models["fitnetMnist-maxout-hinge"] = make_model("fitnetMnist", "maxout", 4, "hinge")
    jobs.append(("fitnetMnist-maxout-hinge", {**OPTIMIZERS[1], "decay": 0.99}))

    runs, bad = [], []
    print(f"{'float32 against float64':34}" + "".join(f"{h:>10}" for h in SPREAD) + "   losses")
    for key, usual in jobs:
        optimizer = {**usual, "weightDecay": WEIGHT_DECAY}
        optimizer["lr"] = LR.get((key, usual["name"]), usual["lr"])
        model = models[key]
        golden = train(model, optimizer, F64)
        others = (train(model, optimizer, F32, jitter) for jitter in range(FLOAT32_RUNS))
        apart = spread(golden, others)
        for p, g in zip(model["params"], golden["grads"]):
            p["gradL2"] = digits(g.norm().item())
        ends = golden["end"]
        updates = [w - start for w, start in zip(ends, golden["start"])]
        params = {
            "l2": [digits(w.norm().item()) for w in ends],
            "mean": [digits(w.mean().item()) for w in ends],
            "updateL2": [digits(u.norm().item()) for u in updates],
            "samples": [
                [digits(v, 7) for v in w.flatten()[sample_at(w.numel())].tolist()] for w in ends
            ],
        }
        losses = [digits(v) for v in golden["losses"]]
        runs.append(
            {
                "model": key,
                "optimizer": optimizer,
                "losses": losses,
                "spread": {k: digits(v, 2) for k, v in apart.items()},
                "params": params,
            }
        )
        title = f"{key} {usual['name']} {optimizer['lr']}"
        shown = "  ".join(f"{v:.5f}" for v in losses)
        print(f"{title:34}" + "".join(f"{v:10.1e}" for v in apart.values()) + f"   {shown}")
        if losses[-1] > losses[0] or apart["samples"] > 1e-5:
            bad.append(title)

    assert not bad, f"the loss goes up, or rounding decides something; other rates for {bad}"

    # A larger batch and zero biases, losses only. The known values guard this script itself.
    model = make_model("fitnet1", "maxout", batch=32, bias_scale=0)
    optimizer = {**OPTIMIZERS[0], "weightDecay": 0}
    losses = train(model, optimizer, F64)["losses"]
    print("fitnet1-batch32", losses)
    assert np.allclose(losses, [5.09948, 3.40737, 2.51000, 2.26457], rtol=0, atol=1e-5), losses
    models["fitnet1-batch32"] = model
    runs.append(
        {"model": "fitnet1-batch32", "optimizer": optimizer, "losses": [digits(v) for v in losses]}
    )
    about = "Written by write_golden.py; see README.md."
    for name, large in (("train.json", False), ("train_fitnet4.json", True)):
        chosen = {k: m for k, m in models.items() if (m["net"] == "fitnet4") == large}
        its_runs = [r for r in runs if r["model"] in chosen]
        write(name, {"about": about, "steps": STEPS, "models": chosen, "runs": its_runs})


# --------------------------------------------------------------------------------- ops.json


class Cases:
    """Collects cases: runs each in float64 and float32, and keeps the float64 numbers."""

    def __init__(self):
        self.list, self.worst = [], {}

    def add(self, name, op, shapes, compute, args=None, grads=True, scales=None):
        """`compute(**inputs)` gives the output. Inputs are filled with the seeds 1, 2, ... in
        order, the upstream gradient of the output with the seed 100; `grads` names the inputs
        to differentiate (True: all of them)."""
        scales = scales or {}
        inputs = {
            k: {"shape": list(s), "seed": i + 1, "scale": scales.get(k, 1)}
            for i, (k, s) in enumerate(shapes.items())
        }
        wanted = list(inputs) if grads is True else grads or []

        def run(dtype):
            ts = {k: filled(v, dtype) for k, v in inputs.items()}
            for k in wanted:
                ts[k].requires_grad_()
            y = compute(**ts)
            up = {"shape": list(y.shape), "seed": 100, "scale": 1}
            if not wanted:
                return y, None, []
            if y.dim() == 0:  # a scalar: the upstream gradient is 1
                return y, None, torch.autograd.grad(y, [ts[k] for k in wanted])
            return y, up, torch.autograd.grad(y, [ts[k] for k in wanted], filled(up, dtype))

        y, up, gs = run(F64)
        y32, _, gs32 = run(F32)
        for a, b in zip([y, *gs], [y32, *gs32]):
            scale = max(a.abs().max().item(), 1e-30)
            error = (a - b.to(F64)).abs().max().item() / scale
            if error > self.worst.get(op, (0, ""))[0]:
                self.worst[op] = (error, name)
        case = {"name": name, "op": op, "args": args or {}, "inputs": inputs}
        if up:
            case["upstream"] = up
        case["output"] = tensor_json(y)
        if wanted:
            case["grads"] = {k: tensor_json(g) for k, g in zip(wanted, gs)}
        assert name not in [c["name"] for c in self.list], name
        self.list.append(case)


def conv_cases(cases):
    # batch, height, width, cin, kh, kw, cout, stride, padding, groups
    for n, h, w, ci, kh, kw, co, stride, pad, groups in [
        (2, 4, 3, 2, 3, 3, 3, (1, 1), (1, 1), 1),
        (1, 4, 5, 2, 3, 3, 2, (1, 1), (0, 0), 1),
        (1, 3, 4, 3, 3, 3, 2, (1, 1), (2, 2), 1),
        (1, 3, 4, 4, 3, 3, 12, (1, 1), (1, 1), 1),
        (2, 3, 2, 3, 1, 1, 4, (1, 1), (0, 0), 1),
        (1, 4, 5, 2, 5, 5, 4, (1, 1), (2, 2), 2),
        (1, 4, 3, 4, 3, 3, 4, (1, 1), (1, 1), 4),
        (1, 3, 3, 4, 1, 1, 6, (1, 1), (0, 0), 2),
        (1, 7, 6, 2, 3, 2, 2, (2, 2), (0, 0), 1),
        (2, 6, 5, 2, 3, 3, 4, (2, 2), (1, 1), 2),
        (1, 5, 6, 2, 4, 4, 2, (2, 2), (2, 2), 2),
        (1, 5, 4, 2, 1, 1, 3, (2, 2), (0, 0), 1),  # the last column is never read
        (1, 6, 5, 4, 2, 3, 8, (2, 2), (1, 1), 4),
        (1, 8, 7, 2, 2, 3, 2, (3, 3), (1, 1), 1),
        (1, 7, 5, 4, 3, 3, 4, (3, 3), (2, 2), 4),
        (1, 8, 6, 2, 3, 3, 4, (3, 3), (0, 0), 2),
        (1, 4, 5, 2, 4, 5, 3, (1, 1), (0, 0), 1),  # one output position
        (1, 4, 5, 2, 1, 3, 2, (1, 1), (0, 1), 1),  # padding and stride differ by axis
        (1, 6, 5, 2, 3, 2, 2, (2, 1), (1, 0), 1),
    ]:
        s = f"{stride[0]}" if stride[0] == stride[1] else f"{stride[0]}x{stride[1]}"
        p = f"{pad[0]}" if pad[0] == pad[1] else f"{pad[0]}x{pad[1]}"
        cases.add(
            f"conv2d {n}x{h}x{w}x{ci} {kh}x{kw} to {co}, stride {s}, padding {p}, groups {groups}",
            "conv2d",
            {"x": [n, h, w, ci], "w": [kh, kw, ci // groups, co]},
            lambda x, w: conv2d(x, w, stride, pad, groups),
            {"stride": list(stride), "padding": list(pad), "groups": groups},
        )


def any_conv_cases(cases):
    """Dilation, a padding of each side, transposed and one-dimensional convolutions."""

    def sides(pad):
        return [pad[1][0], pad[1][1], pad[0][0], pad[0][1]]

    # batch, height, width, cin, kh, kw, cout, stride, padding, dilation, groups
    for n, h, w, ci, kh, kw, co, stride, pad, dilation, groups in [
        (1, 6, 5, 2, 3, 2, 2, (1, 1), ((1, 1), (2, 2)), (2, 3), 1),
        (2, 7, 6, 3, 3, 3, 2, (2, 1), ((2, 2), (2, 2)), (2, 2), 1),
        (1, 6, 6, 4, 2, 3, 6, (1, 2), ((1, 0), (0, 3)), (3, 1), 2),
        (1, 5, 4, 2, 3, 3, 3, (1, 1), ((0, 2), (1, 0)), (1, 1), 1),
        (1, 5, 6, 3, 3, 3, 6, (1, 1), ((2, 2), (2, 2)), (2, 2), 3),
    ]:
        cases.add(
            f"conv2d {n}x{h}x{w}x{ci} {kh}x{kw} to {co}, stride {stride}, padding {pad}, "
            f"dilation {dilation}, groups {groups}",
            "conv2d",
            {"x": [n, h, w, ci], "w": [kh, kw, ci // groups, co]},
            lambda x, w: nhwc(F.conv2d(F.pad(nchw(x), sides(pad)), w.permute(3, 2, 0, 1), None,
                                       stride, 0, dilation, groups)),
            {"stride": list(stride), "padding": [list(p) for p in pad],
             "dilation": list(dilation), "groups": groups},
        )
    # batch, height, width, cin, kh, kw, cout, stride, padding, output padding, dilation, groups
    for n, h, w, ci, kh, kw, co, stride, pad, more, dilation, groups in [
        (1, 3, 4, 2, 3, 3, 3, (2, 2), (1, 1), (1, 1), (1, 1), 1),
        (2, 2, 3, 4, 2, 3, 6, (3, 1), (0, 2), (2, 0), (1, 1), 2),
        (1, 3, 2, 2, 3, 2, 2, (1, 2), (1, 0), (1, 2), (2, 3), 1),
        (1, 3, 3, 3, 4, 4, 3, (2, 2), (1, 1), (0, 0), (1, 1), 3),
    ]:
        cases.add(
            f"convTranspose2d {n}x{h}x{w}x{ci} {kh}x{kw} to {co}, stride {stride}, padding {pad}, "
            f"output padding {more}, dilation {dilation}, groups {groups}",
            "convTranspose2d",
            {"x": [n, h, w, ci], "w": [kh, kw, co // groups, ci]},
            lambda x, w: nhwc(F.conv_transpose2d(nchw(x), w.permute(3, 2, 0, 1), None, stride, pad,
                                                 more, groups, dilation)),
            {"stride": list(stride), "padding": list(pad), "outputPadding": list(more),
             "dilation": list(dilation), "groups": groups},
        )
    # batch, length, cin, size, cout, stride, padding, dilation, groups
    for n, length, ci, k, co, stride, pad, dilation, groups in [
        (2, 7, 2, 3, 3, 1, 1, 1, 1),
        (1, 9, 4, 3, 4, 2, 3, 2, 2),
    ]:
        cases.add(
            f"conv1d {n}x{length}x{ci} {k} to {co}, stride {stride}, padding {pad}, "
            f"dilation {dilation}, groups {groups}",
            "conv1d",
            {"x": [n, length, ci], "w": [k, ci // groups, co]},
            lambda x, w: F.conv1d(x.permute(0, 2, 1), w.permute(2, 1, 0), None, stride, pad,
                                  dilation, groups).permute(0, 2, 1),
            {"stride": stride, "padding": pad, "dilation": dilation, "groups": groups},
        )
    n, length, ci, k, co, stride, pad, more, groups = 2, 4, 4, 5, 2, 3, 1, 2, 2
    cases.add(
        f"convTranspose1d {n}x{length}x{ci} {k} to {co}, stride {stride}, padding {pad}, "
        f"output padding {more}, groups {groups}",
        "convTranspose1d",
        {"x": [n, length, ci], "w": [k, co // groups, ci]},
        lambda x, w: F.conv_transpose1d(x.permute(0, 2, 1), w.permute(2, 1, 0), None, stride, pad,
                                        more, groups).permute(0, 2, 1),
        {"stride": stride, "padding": pad, "outputPadding": more, "groups": groups},
    )


def pool_cases(cases):
    # batch, height, width, channels, size, stride, padding, ceil
    for n, h, w, c, size, stride, pad, ceil in [
        (2, 4, 6, 2, (2, 2), (2, 2), (0, 0), False),
        (1, 5, 7, 2, (2, 2), (2, 2), (0, 0), False),  # the last row and column are dropped
        (1, 5, 7, 2, (2, 2), (2, 2), (0, 0), True),
        (1, 4, 5, 2, (4, 5), (4, 5), (0, 0), False),  # global
        (1, 7, 6, 2, (3, 3), (2, 2), (0, 0), False),
        (1, 7, 6, 2, (3, 3), (2, 2), (0, 0), True),
        (1, 8, 7, 2, (4, 4), (2, 2), (0, 0), True),
        (1, 6, 7, 2, (3, 3), (2, 2), (1, 1), False),
        (1, 6, 7, 2, (3, 3), (2, 2), (1, 1), True),
        (1, 5, 4, 2, (2, 2), (2, 2), (1, 1), True),  # a window that would start outside is left out
        (1, 6, 5, 2, (2, 2), (3, 3), (0, 0), True),  # the same, without padding
        (1, 6, 5, 1, (3, 3), (1, 1), (1, 1), False),  # overlapping
        (1, 6, 7, 2, (3, 2), (2, 3), (1, 0), True),
    ]:
        p = "x".join(map(str, pad))
        for op, pool in (("maxPool", max_pool), ("avgPool", avg_pool)):
            cases.add(
                f"{op} {n}x{h}x{w}x{c}, size {size[0]}x{size[1]}, stride {stride[0]}x{stride[1]}, "
                f"padding {p}, {'ceil' if ceil else 'floor'}",
                op,
                {"x": [n, h, w, c]},
                lambda x: pool(x, size, stride, pad, ceil),
                {"size": list(size), "stride": list(stride), "padding": list(pad), "ceil": ceil},
            )


def matmul_cases(cases):
    flags = [(False, False), (False, True), (True, False), (True, True)]
    # batch, m, k, n
    for batch, m, k, n, (ta, tb) in [
        *(([], 3, 4, 5, f) for f in flags),
        *(([2], 3, 4, 5, f) for f in flags),
        ([2, 2], 2, 3, 4, (False, True)),
        ([], 13, 21, 12, (False, False)),
    ]:
        cases.add(
            f"matmul batch {batch}, {m}x{k} by {k}x{n}{', a transposed' if ta else ''}"
            f"{', b transposed' if tb else ''}",
            "matmul",
            {"a": batch + ([k, m] if ta else [m, k]), "b": batch + ([n, k] if tb else [k, n])},
            lambda a, b: (a.mT if ta else a) @ (b.mT if tb else b),
            {"transposeA": ta, "transposeB": tb},
            grads=m < 10,
        )


def pointwise_cases(cases):
    for scale in (2, 30):  # 30: where the functions are flat
        for op, f, args in [
            ("relu", F.relu, {}),
            ("leakyRelu", lambda x: F.leaky_relu(x, 0.333), {"slope": 0.333}),
            ("tanh", torch.tanh, {}),
            ("sigmoid", torch.sigmoid, {}),
            ("erf", torch.erf, {}),
            ("gelu", F.gelu, {"approximate": "none"}),
            ("gelu", lambda x: F.gelu(x, approximate="tanh"), {"approximate": "tanh"}),
        ]:
            way = f", {args['approximate']}" if "approximate" in args else ""
            cases.add(f"{op} scale {scale}{way}", op, {"x": [3, 5]}, lambda x: f(x), args,
                      scales={"x": scale})
    for pieces in (2, 5):
        cases.add(f"maxout {pieces} pieces", "maxout", {"x": [2, 2, pieces * 3]},
                  lambda x: maxout(x, pieces), {"pieces": pieces})


def reduction_cases(cases):
    for scale in (3, 200):  # 200: exponentials overflow unless the largest is subtracted
        for axis in (-1, 0, 1):
            name = f"axis {axis}, scale {scale}"
            kw = {"args": {"axis": axis}, "scales": {"x": scale}}
            shape = {"x": [2, 3, 4]}
            # Its gradient is next to nothing at the scale 200.
            cases.add(f"softmax {name}", "softmax", shape, lambda x: x.softmax(axis), **kw,
                      grads=scale < 200)
            cases.add(f"logSoftmax {name}", "logSoftmax", shape,
                      lambda x: x.log_softmax(axis), **kw)
    functions = {
        "logSumExp": lambda x, axes, keep: x.logsumexp(axes, keep),
        "mean": lambda x, axes, keep: x.mean(axes, keep),
        "sum": lambda x, axes, keep: x.sum(axes, keep),
        "max": lambda x, axes, keep: x.amax(axes, keep),
        "variance": lambda x, axes, keep: x.var(axes, unbiased=False, keepdim=keep),
    }
    for op, f in functions.items():
        for axes, keep in [([0], False), ([-1], True), ([1, 2], False), ([0, 2], True),
                           ([0, 1, 2], False), ([0, 1, 2, 3], False)]:
            cases.add(f"{op} axes {axes}{', kept' if keep else ''}", op, {"x": [2, 3, 2, 3]},
                      lambda x: f(x, axes, keep), {"axes": axes, "keepDims": keep}, scales={"x": 3})
    for axis in (-1, 0, 1):
        cases.add(f"cumSum axis {axis}", "cumSum", {"x": [2, 3, 5]}, lambda x: x.cumsum(axis),
                  {"axis": axis}, scales={"x": 3})
    # A mean far from zero: the variance must not be computed as E[x^2] - E[x]^2.
    cases.add("variance of x + 100", "variance", {"x": [4, 5, 3]},
              lambda x: (x + 100).var([0, 1, 2], unbiased=False),
              {"axes": [0, 1, 2], "keepDims": False, "shift": 100})


def loss_cases(cases):
    for scale in (2, 100):
        for classes in (10, 100):
            n = 5 if classes == 10 else 2
            y = labels_of(n, classes)
            for op, f in (("crossEntropy", cross_entropy), ("hinge", hinge)):
                cases.add(f"{op} {classes} classes, scale {scale}", op, {"x": [n, classes]},
                          lambda x: f(x, torch.from_numpy(y)), {"labels": y.tolist()},
                          scales={"x": scale})


def index_cases(cases):
    at = [3, 0, 3, 5, 1, 3]
    cases.add("gather rows", "gather", {"x": [6, 2, 2]}, lambda x: x[at],
              {"indices": at, "axis": 0})

    def scatter(x):
        return torch.zeros(7, 2, 2, dtype=x.dtype).index_add(0, torch.tensor(at), x)

    cases.add("scatter-add rows", "scatterAdd", {"x": [6, 2, 2]}, scatter,
              {"indices": at, "axis": 0, "size": 7})

    pick = [2, 0, 3, 1]
    cases.add("gather one per row", "gatherLast", {"x": [4, 5]},
              lambda x: x[range(4), pick], {"indices": pick})


def second_order_cases(cases):
    """The squared l2 norm of the loss's gradient with respect to all parameters (not x), and the
    gradient of that with respect to the parameters and x."""

    def norm_of(kind):
        def compute(x, w, b, v, c):
            ps = [w, b, v, c]
            if kind == "tanh-maxPool":
                h = max_pool(torch.tanh(conv2d(x, w, padding=1) + b), 2, 2)
            elif kind == "sigmoid-avgPool":
                h = avg_pool(torch.sigmoid(conv2d(x, w, 2, 1) + b), 2, 1)
            else:
                h = max_pool(maxout(conv2d(x, w, padding=1) + b, 2), 2, 2)
            loss = cross_entropy(h.flatten(1) @ v + c, torch.tensor([1, 3]))
            return sum((g * g).sum() for g in torch.autograd.grad(loss, ps, create_graph=True))

        return compute

    for kind, cout, features in [("tanh-maxPool", 3, 18), ("sigmoid-avgPool", 3, 6),
                                 ("maxout-maxPool", 6, 18)]:
        cases.add(f"gradient of the squared gradient norm, {kind}", "gradNorm",
                  {"x": [2, 4, 6, 2], "w": [3, 3, 2, cout], "b": [cout], "v": [features, 4],
                   "c": [4]},
                  norm_of(kind), {"kind": kind, "labels": [1, 3]},
                  scales={"w": 0.5, "b": 0.1, "v": 0.5, "c": 0.1})


def optimizer_cases():
    """Parameters after each of six steps with given gradients, a changing learning rate and
    weight decay, by the formulas (Caffe's SGD has the rate inside the velocity)."""
    rates = [0.1, 0.1, 0.1, 0.01, 0.01, 0.05]
    n, decay = 6, 0.01
    w0 = fill(n, 1, 1).astype(np.float64)
    gs = [fill(n, 10 + t, 0.5).astype(np.float64) for t in range(len(rates))]

    def run(o, rates):
        w, v, h, out = w0.copy(), np.zeros(n), np.zeros(n), []
        for t, (lr, g) in enumerate(zip(rates, gs), 1):
            g = g + decay * w
            if o["name"] == "sgd":
                v = o["momentum"] * v + lr * g
                w = w - v
            elif o["name"] == "rmsprop":
                h = o["decay"] * h + (1 - o["decay"]) * g * g
                w = w - lr * g / (np.sqrt(h) + o["epsilon"])
            elif o["name"] == "adagrad":
                h = h + (o["initialAccumulator"] if t == 1 else 0) + g * g
                rate = lr / (1 + (t - 1) * o["learningRateDecay"])
                w = w - rate * g / (np.sqrt(h) + o["epsilon"])
            else:
                v = o["beta1"] * v + (1 - o["beta1"]) * g
                h = o["beta2"] * h + (1 - o["beta2"]) * g * g
                denominator = np.sqrt(h) / math.sqrt(1 - o["beta2"] ** t) + o["epsilon"]
                w = w - lr / (1 - o["beta1"] ** t) * v / denominator
            out.append(w)
        return out

    def by_torch(o, rates):
        w, out = torch.tensor(w0), []
        opt = torch_optimizer({**o, "lr": 0}, [{"params": [w], "weight_decay": decay}])
        for lr, g in zip(rates, gs):
            opt.param_groups[0]["lr"] = lr
            w.grad = torch.tensor(g)
            opt.step()
            out.append(w.numpy().copy())
        return out

    out = []
    options = [{k: v for k, v in o.items() if k != "lr"} for o in OPTIMIZERS]
    adagrad = {"name": "adagrad", "learningRateDecay": 0, "initialAccumulator": 0, "epsilon": 1e-10}
    slowed = {**adagrad, "learningRateDecay": 0.2, "initialAccumulator": 0.1}
    for o in [{"name": "sgd", "momentum": 0}, *options, {**options[1], "decay": 0.99}, adagrad, slowed]:
        # PyTorch's own steps must agree; its SGD only while the rate does not change.
        same = [0.1] * len(rates) if o["name"] == "sgd" else rates
        np.testing.assert_allclose(run(o, same), by_torch(o, same), rtol=1e-12)
        out.append(
            {
                "name": f"{o['name']} {o.get('momentum', o.get('decay', o.get('learningRateDecay', '')))}".strip(),
                "optimizer": {**o, "weightDecay": decay},
                "rates": rates,
                "start": {"shape": [n], "seed": 1, "scale": 1},
                "gradients": [
                    {"shape": [n], "seed": 10 + t, "scale": 0.5} for t in range(len(rates))
                ],
                "after": [[digits(x) for x in w] for w in run(o, rates)],
            }
        )
    return out


def write_ops():
    cases = Cases()
    for add in (conv_cases, pool_cases, matmul_cases, pointwise_cases, reduction_cases, loss_cases,
                index_cases, second_order_cases, any_conv_cases):
        add(cases)
    print("float32 against float64, the worst case of each op (of the largest value):")
    for op, (error, name) in cases.worst.items():
        print(f"  {error:8.1e}  {op:14} {name}")
    about = "Written by write_golden.py; see README.md."
    write("ops.json", {"about": about, "cases": cases.list, "optimizers": optimizer_cases()})


# -------------------------------------------------------------------------------- init.json


def write_init():
    shapes = []
    for shape, groups in [([3, 3, 3, 32], 1), ([3, 3, 32, 48], 1), ([3, 3, 128, 128], 1),
                          ([11, 11, 3, 96], 1), ([5, 5, 48, 256], 2), ([3, 3, 1, 64], 64),
                          ([1, 7, 16, 24], 1), ([128, 500], 1), ([500, 10], 1), ([108, 10], 1)]:
        field = size_of(shape[:-2])
        fan_in, fan_out = field * shape[-2], field * shape[-1]
        shapes.append(
            {
                "shape": shape,
                "groups": groups,
                "fanIn": fan_in,
                "fanOut": fan_out,
                "caffeXavierLimit": math.sqrt(3 / fan_in),
                "glorotLimit": math.sqrt(6 / (fan_in + fan_out)),
                "glorotStd": math.sqrt(2 / (fan_in + fan_out)),
                "heStd": math.sqrt(2 / fan_in),
            }
        )
        if groups == 1:  # PyTorch must count the same fans
            t = torch.empty(shape) if len(shape) == 2 else torch.empty(shape).permute(3, 2, 0, 1)
            fans = torch.nn.init._calculate_fan_in_and_fan_out(t if len(shape) == 4 else t.T)
            assert fans == (fan_in, fan_out), (fans, fan_in, fan_out)
    counts = []
    for net in NETS:
        for activation in ("maxout", "relu"):
            for classes in (10, 100):
                n = sum(size_of(p["shape"]) for p in net_params(net, activation, classes))
                counts.append(
                    {"net": net, "activation": activation, "classes": classes, "count": n}
                )
                print(net, activation, classes, n)
    known = {(c["net"], c["activation"], c["classes"]): c["count"] for c in counts}
    assert known["fitnet4", "maxout", 10] == 2742102 and known["fitnet4", "maxout", 100] == 2787192
    assert known["fitnet4", "relu", 10] == 1276806 and known["fitnet4", "relu", 100] == 1321896
    assert known["fitnet1", "maxout", 10] == 348694 and known["fitnet1", "relu", 10] == 128102
    assert known["fitnetMnist", "maxout", 10] == 21426
    fills = []
    for n, seed, scale in [(8, 0, 1), (8, 1, math.sqrt(3 / 27)), (8, 37, 0.1),
                           (8, 1000, math.sqrt(3)), (8, 1001, 5)]:
        data = [digits(v, 9) for v in fill(n, seed, scale).tolist()]  # 9 digits: float32 exactly
        fills.append({"shape": [n], "seed": seed, "scale": scale, "data": data})
    about = "Written by write_golden.py; see README.md."
    write("init.json", {"about": about, "fills": fills, "shapes": shapes, "counts": counts})


if __name__ == "__main__":
    writers = {"ops": write_ops, "init": write_init, "train": write_train}
    for name in sys.argv[1:] or writers:
        writers[name]()
