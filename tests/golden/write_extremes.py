"""Writes extremes.json: what PyTorch gives for NaN, infinities, zeros of both signs, ties and limits.

Run: python3 tests/golden/write_extremes.py (PyTorch 1.13). Numbers that JSON lacks are strings.
"""
import json
import math
import os

import torch

NAN, INF = math.nan, math.inf
MOST, LEAST = 3.4028234663852886e38, 1.1754943508222875e-38
VALUES = [
    NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 2.5, -2.5, 3.0, -3.0, LEAST, -LEAST,
    MOST, -MOST, 1e-30, 88.0, 89.0, -87.0, -100.0, -104.5, 20.0, -20.0, 9.5, 1e10, -1e10, 16777217.0, 1e30,
]
# What operands of two are drawn from: all pairs.
PAIRED = [NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 2.5, -3.0, 7.0, 1e30, -1e-30, MOST]


def text(v):
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    if v == 0 and math.copysign(1, v) < 0:
        return "-0"
    return float(f"{v:.9g}")


def numbers(t):
    return [text(v) for v in t.detach().to(torch.float64).flatten().tolist()]


CASES = []


def case(op, inputs, f, shape=None, grads=True, args=None):
    xs = [torch.tensor(x, dtype=torch.float32).reshape(shape or (len(x),)) for x in inputs]
    if grads:
        for x in xs:
            x.requires_grad_()
    y = f(*xs)
    entry = {"op": op, "args": args or {}, "shape": list(xs[0].shape), "inputs": [numbers(x) for x in xs]}
    entry["output"] = numbers(y)
    if grads:
        y.sum().backward()
        entry["grads"] = [numbers(x.grad) for x in xs]
    CASES.append(entry)


def pairs(of):
    return [a for a in of for _ in of], [b for _ in of for b in of]


UNARY = {
    "neg": (torch.neg, True),
    "exp": (torch.exp, True),
    "log": (torch.log, True),
    "sqrt": (torch.sqrt, True),
    "tanh": (torch.tanh, True),
    "sigmoid": (torch.sigmoid, True),
    "erf": (torch.erf, True),
    "abs": (torch.abs, True),
    "sign": (torch.sign, False),
    "floor": (torch.floor, False),
    "relu": (torch.relu, True),
    "leakyRelu": (lambda x: torch.nn.functional.leaky_relu(x, 0.25), True),
    "gelu": (torch.nn.functional.gelu, True),
    "sqrtPower": (lambda x: torch.pow(x, 0.5), False),
    "square": (lambda x: torch.pow(x, 2), True),
    "clip": (lambda x: torch.clamp(x, -2.5, 2.5), True),
}
for name, (f, grads) in UNARY.items():
    case(name, [VALUES], f, grads=grads)



def remainder(a, b):
    return NAN if math.isnan(a + b) or math.isinf(a) or b == 0 else math.fmod(a, b)


BINARY = {
    "add": (torch.add, False),
    "sub": (torch.sub, False),
    "mul": (torch.mul, True),
    "div": (torch.div, False),
    # PyTorch's own is NaN for large quotients.
    "remainder": (lambda x, y: torch.tensor([remainder(a, b) for a, b in zip(x.tolist(), y.tolist())]), False),
    "pow": (torch.pow, True),
    "maximum": (torch.maximum, False),
    "minimum": (torch.minimum, False),
    "equal": (torch.eq, False),
    "less": (torch.lt, False),
    "lessEqual": (torch.le, False),
    "greater": (torch.gt, False),
    "greaterEqual": (torch.ge, False),
}
for name, (f, grads) in BINARY.items():
    case(name, pairs(PAIRED[:-1] if name == "pow" else PAIRED), f, grads=grads)

# Rows of several lengths: an awkward number at the beginning, in the middle, at the end; all alike.
REDUCE = {
    "sum": (lambda x: x.sum(1), True),
    "mean": (lambda x: x.mean(1), True),
    "max": (lambda x: x.max(1)[0], False),
    "min": (lambda x: x.min(1)[0], False),
    "cumSum": (lambda x: x.cumsum(1), True),
    "argMax": (lambda x: x.argmax(1), False),
    "logSumExp": (lambda x: x.logsumexp(1), False),
    "logSoftmax": (lambda x: x.log_softmax(1), False),
    "softmax": (lambda x: x.softmax(1), False),
    "variance": (lambda x: x.var(1, unbiased=False), False),
}


def rows(n):
    plain = [((7 * i) % 11) / 4 - 1 for i in range(n)]
    found = [plain]
    for v in (NAN, INF, -INF):
        for at in sorted({0, n // 2, n - 1}):
            found.append(plain[:at] + [v] + plain[at + 1:])
        found.append([v] * n)
    found.append([NAN if i % 2 else INF for i in range(n)])
    found.append([INF if i % 2 else NAN for i in range(n)])
    found.append([-INF if i % 2 else INF for i in range(n)])
    found.append([5.0] * n)
    found.append([-0.0 if i % 2 else 0.0 for i in range(n)])
    return found


for n in (1, 2, 5, 8, 9, 37):
    table = rows(n)
    for name, (f, grads) in REDUCE.items():
        flat = [v for row in table for v in row]
        case(name, [flat], f, (len(table), n), grads)
    # Where one is NaN, so is what comes of it: gradients are compared in the other rows.
    table = [row for row in table if not any(map(math.isnan, row))]
    table += [[2.0 if i >= n // 2 else 1.0 for i in range(n)], [2.0 if i <= n // 2 else 3.0 for i in range(n)]]
    flat = [v for row in table for v in row]
    for name in ("max", "min"):
        case(name, [flat], REDUCE[name][0], (len(table), n))

# Windows of 2 by 2, a row of them each: [1, 2, columns, 1].
WINDOWS = [
    [1, 2, 3, NAN], [NAN, 2, 3, 4], [NAN, NAN, 1, NAN], [INF, 1, NAN, 2], [-INF] * 4, [INF, INF, 1, 2],
    [-INF, -INF, -INF, 1], [5, 5, 5, 5], [0.0, -0.0, -1, -2], [-MOST, -INF, -MOST, -INF], [1, 2, INF, -INF],
]
image = [w[k] for k0 in (0, 2) for w in WINDOWS for k in (k0, k0 + 1)]


def pool(f):
    def run(x):
        return f(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return run


case("maxPool", [image], pool(lambda x: torch.nn.functional.max_pool2d(x, 2)), (1, 2, 2 * len(WINDOWS), 1))
case("avgPool", [image], pool(lambda x: torch.nn.functional.avg_pool2d(x, 2)), (1, 2, 2 * len(WINDOWS), 1))

# A loss each row, and gradients in the scores.
SCORES = [
    [0, 1, 2], [-INF, 1, 2], [0, -INF, 2], [-INF, -INF, 2], [INF, 0, 0], [NAN, 0, 0], [1000, -1000, 0],
    [-INF, -INF, -INF], [MOST, -MOST, 0], [88, 89, 90],
]
for label in (0, 1, 2):
    case(
        "crossEntropy", [[v for row in SCORES for v in row]],
        lambda x: torch.nn.functional.cross_entropy(x, torch.full((len(SCORES),), label), reduction="none"),
        (len(SCORES), 3), True, {"label": label},
    )

lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "extremes.json")
with open(path, "w") as out:
    out.write('{"about":"PyTorch %s, by write_extremes.py","cases":[\n%s\n]}\n' % (torch.__version__, lines))
print(len(CASES), "cases,", os.path.getsize(path), "bytes")
