"""Writes rules.json: paths of optimizers by PyTorch, and of those that it does not have by the formulas of
their papers in float64. See README.md.
"""

import json
import os

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 12
torch.set_num_threads(1)


def numbers(shape, seed, scale=1.0):
    return np.random.RandomState(seed).uniform(-scale, scale, shape).astype(np.float32)


START = {"w": numbers((3, 2), 1), "last": numbers((5,), 3)}
GRADIENTS = [
    {name: numbers(p.shape, 10 * step + i, 2.0) for i, (name, p) in enumerate(START.items())}
    for step in range(STEPS)
]


def pytorch(make):
    w = {name: torch.tensor(p, dtype=torch.float64) for name, p in START.items()}
    opt, path = make(list(w.values())), []
    for grads in GRADIENTS:
        for name, p in w.items():
            p.grad = torch.tensor(grads[name], dtype=torch.float64)
        opt.step()
        path.append({name: p.numpy().copy() for name, p in w.items()})
    return path


def by_formula(update):
    """`update(w, g, state, t)` is what is subtracted; `state` is a dictionary of the parameter's own."""
    w = {name: p.astype(np.float64) for name, p in START.items()}
    states, path = {name: {} for name in w}, []
    for t, grads in enumerate(GRADIENTS, 1):
        for name in w:
            w[name] = w[name] - update(w[name], grads[name].astype(np.float64), states[name], t)
        path.append({name: p.copy() for name, p in w.items()})
    return path


def lion(rate, decay, b1=0.9, b2=0.99):
    def update(w, g, s, _):
        m = s.get("m", np.zeros_like(w))
        s["m"] = b2 * m + (1 - b2) * g
        return rate * (np.sign(b1 * m + (1 - b1) * g) + decay * w)

    return update


def trust(w, u, coefficient=1.0):
    return coefficient * np.linalg.norm(w) / np.linalg.norm(u)


def lamb(rate, decay, b1=0.9, b2=0.999, eps=1e-6):
    def update(w, g, s, t):
        s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
        s["v"] = b2 * s.get("v", 0) + (1 - b2) * g * g
        r = s["m"] / (1 - b1**t) / (np.sqrt(s["v"] / (1 - b2**t)) + eps) + decay * w
        return rate * trust(w, r) * r

    return update


def lars(rate, decay, momentum=0.9, coefficient=0.001):
    def update(w, g, s, _):
        r = g + decay * w
        s["v"] = momentum * s.get("v", 0) + rate * trust(w, r, coefficient) * r
        return s["v"]

    return update


def nadam(rate, decay, b1=0.9, b2=0.999, eps=1e-8, extra=False):
    """NAdam of PyTorch 2; with `extra` that of 1.13, which multiplies the next product by μ twice."""

    def mu(t):
        return b1 * (1 - 0.5 * 0.96 ** (t * 0.004))

    def update(w, g, s, t):
        g = g + decay * w
        s["m"] = b1 * s.get("m", 0) + (1 - b1) * g
        s["v"] = b2 * s.get("v", 0) + (1 - b2) * g * g
        s["product"] = s.get("product", 1) * mu(t)
        ahead = s["product"] * mu(t + 1) * (mu(t) if extra else 1)
        below = np.sqrt(s["v"] / (1 - b2**t)) + eps
        return rate * ((1 - mu(t)) / (1 - s["product"]) * g + mu(t + 1) / (1 - ahead) * s["m"]) / below

    return update


O = torch.optim
CASES = {
    "adamw": ({"learningRate": 0.05, "weightDecay": 0.2}, pytorch(lambda p: O.AdamW(p, lr=0.05, weight_decay=0.2))),
    "adamw with other numbers": (
        {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-4, "weightDecay": 0},
        pytorch(lambda p: O.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-4, weight_decay=0)),
    ),
    "adam": ({"learningRate": 0.05, "weightDecay": 0.2}, pytorch(lambda p: O.Adam(p, lr=0.05, weight_decay=0.2))),
    "nadam": ({"learningRate": 0.05, "weightDecay": 0.1}, by_formula(nadam(0.05, 0.1))),
    "radam": ({"learningRate": 0.05, "weightDecay": 0.1}, pytorch(lambda p: O.RAdam(p, lr=0.05, weight_decay=0.1))),
    "adamax": ({"learningRate": 0.05, "weightDecay": 0.1}, pytorch(lambda p: O.Adamax(p, lr=0.05, weight_decay=0.1))),
    "sgd": (
        {"learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
        pytorch(lambda p: O.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1)),
    ),
    "rmsprop": (
        {"learningRate": 0.05, "decay": 0.99, "weightDecay": 0.1},
        pytorch(lambda p: O.RMSprop(p, lr=0.05, alpha=0.99, weight_decay=0.1)),
    ),
    "adagrad": (
        {"learningRate": 0.05, "learningRateDecay": 0.1, "weightDecay": 0.1},
        pytorch(lambda p: O.Adagrad(p, lr=0.05, lr_decay=0.1, weight_decay=0.1)),
    ),
    "lion": ({"learningRate": 0.05, "weightDecay": 0.2}, by_formula(lion(0.05, 0.2))),
    "lamb": ({"learningRate": 0.05, "weightDecay": 0.2}, by_formula(lamb(0.05, 0.2))),
    "lars": ({"learningRate": 0.5, "weightDecay": 0.2, "trust": 0.1}, by_formula(lars(0.5, 0.2, coefficient=0.1))),
}


def flat(params):
    return {name: [float(f"{v:.9g}") for v in p.flatten().tolist()] for name, p in params.items()}


SCHEDULES = {}


def schedule(name, make, steps):
    """The rates of PyTorch's schedule, from that of the first step on."""
    opt = O.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    course, rates = make(opt), []
    for _ in range(steps):
        rates.append(float(f"{opt.param_groups[0]['lr']:.9g}"))
        opt.step()
        course.step()
    SCHEDULES[name] = rates


L = O.lr_scheduler
schedule("cosine", lambda o: L.CosineAnnealingLR(o, T_max=10, eta_min=0.05), 11)
schedule("restarts", lambda o: L.CosineAnnealingWarmRestarts(o, T_0=4, T_mult=2, eta_min=0.05), 26)
schedule("oneCycle", lambda o: L.OneCycleLR(o, max_lr=0.5, total_steps=20, pct_start=0.3), 20)
schedule("warmup", lambda o: L.LinearLR(o, start_factor=0.1, total_iters=5), 9)
schedule("exponential", lambda o: L.ExponentialLR(o, gamma=0.8), 9)
schedule(
    "joined",
    lambda o: L.SequentialLR(
        o,
        [L.LinearLR(o, start_factor=0.1, total_iters=4), L.CosineAnnealingLR(o, T_max=8)],
        milestones=[4],
    ),
    12,
)


def check_nadam():
    """PyTorch 1.13 agrees with the formula but for its extra factor, which PyTorch 2 has no more."""
    theirs = pytorch(lambda p: O.NAdam(p, lr=0.05, weight_decay=0.1))
    for old, new, found in zip(by_formula(nadam(0.05, 0.1, extra=True)), by_formula(nadam(0.05, 0.1)), theirs):
        for name in found:
            fits = [np.allclose(found[name], ours[name], rtol=0, atol=1e-6) for ours in (old, new)]
            assert any(fits), (name, found[name], old[name], new[name])


def main():
    check_nadam()
    cases = [
        {"name": name, "optimizer": name.split()[0], "options": options, "after": [flat(p) for p in path]}
        for name, (options, path) in CASES.items()
    ]
    data = {
        "about": "Written by write_rules.py; see README.md.",
        "shapes": {name: list(p.shape) for name, p in START.items()},
        "start": flat(START),
        "gradients": [flat(g) for g in GRADIENTS],
        "schedules": SCHEDULES,
    }
    with open(os.path.join(HERE, "rules.json"), "w") as out:
        out.write(json.dumps(data)[:-1] + ', "cases": [\n')
        out.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


main()
