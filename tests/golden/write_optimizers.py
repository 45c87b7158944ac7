"""Writes optimizers.json: paths of optimizers with multipliers, schedules, Nesterov's momentum and
constraints on norms. See README.md.

Caffe's rules are written out in float64 (SGDSolver, NesterovSolver, RMSPropSolver in
src/caffe/solvers/*.cpp); PyTorch's own optimizers must agree wherever the two define the same.
"""

import json
import os

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 6
torch.set_num_threads(1)


def numbers(shape, seed, scale=1.0):
    return np.random.RandomState(seed).uniform(-scale, scale, shape).astype(np.float32)


START = {"w": numbers((2, 3, 2), 1), "b": numbers((2,), 2), "last": numbers((4, 3), 3)}
GRADIENTS = [
    {name: numbers(p.shape, 10 * step + i, 2.0) for i, (name, p) in enumerate(START.items())}
    for step in range(STEPS)
]


def schedule(spec, step):
    """A schedule's value: Caffe's GetLearningRate, and pylearn2's linear change."""
    kind, base = spec["kind"], spec["base"]
    if kind == "constant":
        return base
    if kind == "step":
        return base * spec["factor"] ** (step // spec["every"])
    if kind == "multistep":
        return base * spec["factor"] ** sum(step >= at for at in spec["milestones"])
    if kind == "exponential":
        return base * spec["factor"] ** (step / spec["every"])
    if kind == "poly":
        return base * (1 - min(step, spec["steps"]) / spec["steps"]) ** spec["power"]
    assert kind == "linear", kind
    share = min(max((step - spec["start"]) / spec["steps"], 0), 1)
    return base * (1 - share) + spec["to"] * share


def caffe(case):
    """The parameters after each step, by Caffe's update rules, and pylearn2's constraint."""
    w = {name: p.astype(np.float64) for name, p in START.items()}
    h = {name: np.zeros_like(p) for name, p in w.items()}
    path = []
    for step, grads in enumerate(GRADIENTS):
        for name in w:
            rate = schedule(case["rate"], step) * case["rates"].get(name, 1)
            decay = case["weightDecay"] * case["decays"].get(name, 1)
            g = grads[name].astype(np.float64) + decay * w[name]
            if rate == 0 and case["rates"].get(name, 1) == 0:
                continue
            if case["optimizer"] == "rmsprop":
                h[name] = case["decay"] * h[name] + (1 - case["decay"]) * g * g
                w[name] = w[name] - rate * g / (np.sqrt(h[name]) + case["epsilon"])
            else:
                momentum, before = schedule(case["momentum"], step), h[name]
                h[name] = momentum * before + rate * g
                ahead = (1 + momentum) * h[name] - momentum * before
                w[name] = w[name] - (ahead if case["nesterov"] else h[name])
            limit = case["maxNorm"].get(name)
            if limit is not None:
                axes = tuple(range(w[name].ndim - 1))
                norm = np.sqrt((w[name] ** 2).sum(axis=axes, keepdims=True))
                w[name] = w[name] * np.minimum(norm, limit) / norm
        path.append({name: p.copy() for name, p in w.items()})
    return path


def pytorch(case):
    """The same by PyTorch, for a constant momentum, and a rate that is constant or not within it."""
    w = {name: torch.tensor(p, dtype=torch.float64) for name, p in START.items()}
    groups = [
        {
            "params": [p],
            "lr": case["rate"]["base"] * case["rates"].get(name, 1),
            "weight_decay": case["weightDecay"] * case["decays"].get(name, 1),
        }
        for name, p in w.items()
    ]
    if case["optimizer"] == "rmsprop":
        opt = torch.optim.RMSprop(groups, lr=1, alpha=case["decay"], eps=case["epsilon"])
    else:
        momentum = case["momentum"]["base"]
        opt = torch.optim.SGD(groups, lr=1, momentum=momentum, nesterov=case["nesterov"])
    path = []
    for step, grads in enumerate(GRADIENTS):
        for group, (name, p) in zip(opt.param_groups, w.items()):
            group["lr"] = schedule(case["rate"], step) * case["rates"].get(name, 1)
            p.grad = torch.tensor(grads[name], dtype=torch.float64)
        opt.step()
        for name, limit in case["maxNorm"].items():
            w[name].copy_(torch.renorm(w[name], 2, w[name].dim() - 1, limit))
        path.append({name: p.numpy().copy() for name, p in w.items()})
    return path


USUAL = {
    "optimizer": "sgd",
    "rate": {"kind": "constant", "base": 0.1},
    "momentum": {"kind": "constant", "base": 0.9},
    "nesterov": False,
    "weightDecay": 0,
    "decays": {},
    "rates": {},
    "maxNorm": {},
}
POLY = {"kind": "poly", "base": 0.1, "power": 0.5, "steps": 5}
LINEAR = {"kind": "linear", "base": 0.5, "to": 0.7, "start": 1, "steps": 3}
RMSPROP = {"optimizer": "rmsprop", "decay": 0.9, "epsilon": 1e-8}
CAFFENET = {"rates": {"b": 2}, "decays": {"b": 0, "last": 0.5}, "weightDecay": 0.05}
CASES = {
    "Nesterov's momentum": {"nesterov": True},
    "Nesterov's momentum with weight decay": {"nesterov": True, "weightDecay": 0.1},
    "Nesterov's momentum, the rate falling": {
        "nesterov": True,
        "rate": {"kind": "step", "base": 0.1, "factor": 0.5, "every": 2},
    },
    "Nesterov's momentum, growing": {"nesterov": True, "momentum": LINEAR},
    "a growing momentum": {"momentum": LINEAR},
    "biases at twice the rate without decay": CAFFENET,
    "a frozen parameter": {"rates": {"w": 0}, "weightDecay": 0.1},
    "RMSProp with multipliers": {**RMSPROP, **CAFFENET, "rate": {"kind": "constant", "base": 0.01}},
    "kernels and columns of bounded norm": {"maxNorm": {"w": 0.9, "last": 1.2}},
    "RMSProp with bounded norms": {
        **RMSPROP,
        "maxNorm": {"w": 0.9},
        "rate": {"kind": "constant", "base": 0.05},
    },
    "a rate to a power": {"rate": POLY},
    "a rate in drops": {
        "rate": {"kind": "multistep", "base": 0.1, "factor": 0.1, "milestones": [2, 4]}
    },
    "an exponential rate": {"rate": {"kind": "exponential", "base": 0.1, "factor": 0.5, "every": 2}},
    "a rate that falls linearly": {
        "rate": {"kind": "linear", "base": 0.1, "to": 0.001, "start": 0, "steps": 4}
    },
}


def digits(x):
    return float(f"{x:.9g}")


def flat(params):
    return {name: [digits(v) for v in p.flatten().tolist()] for name, p in params.items()}


def main():
    cases = []
    for name, own in CASES.items():
        case = {**USUAL, **own}
        path = caffe(case)
        if case["momentum"]["kind"] == "constant" and case["rate"]["kind"] == "constant":
            for ours, theirs in zip(path, pytorch(case)):
                for param in ours:
                    # renorm divides by the norm + 1e-7
                    assert np.allclose(ours[param], theirs[param], rtol=0, atol=3e-7), (name, param)
        cases.append({"name": name, **case, "after": [flat(params) for params in path]})
    data = {
        "about": "Written by write_optimizers.py; see README.md.",
        "shapes": {name: list(p.shape) for name, p in START.items()},
        "start": flat(START),
        "gradients": [flat(g) for g in GRADIENTS],
    }
    with open(os.path.join(HERE, "optimizers.json"), "w") as out:
        out.write(json.dumps(data)[:-1] + ', "cases": [\n')
        out.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


main()
