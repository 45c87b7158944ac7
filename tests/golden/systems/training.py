"""Three training steps of a system, in float64, and how far float32 is from them."""
import math

import torch
import torch.nn.functional as F

from write_golden import digits, filled, labels_of

from .fitnet import distillation_loss, hint_loss
from .net import Net, to_library, to_torch

STEPS, SAMPLES, FLOAT32_RUNS = 3, 6, 3
# How far float32 may be from float64, relative to each tensor's root mean square; and for how many inputs
# the script looks for a batch with which it is not further: where rounding decides which of two numbers is
# the larger, nothing is to be compared.
MOST_SPREAD, MOST_INPUTS = 2e-5, 40
ROUNDING = 2**-23  # by how much starting values are moved at most, relatively


def cross_entropy(scores, labels, target=None):
    return F.cross_entropy(scores, labels)


def squared_hinge(scores, labels, target=None):
    """Per example the sum over classes of max(0, 1 - s · score)², s = 1 for the true class, -1 for others."""
    sign = F.one_hot(labels, scores.shape[-1]).to(scores.dtype) * 2 - 1
    return F.relu(1 - sign * scores).square().sum() / scores.shape[0]


LOSSES = {
    "crossEntropy": cross_entropy,
    "squaredHinge": squared_hinge,
    "hint": hint_loss,
    "distillation": distillation_loss,
}
TEACHER_SEED = 20000  # of a teacher's first parameter


def declare(system, input_shape, options):
    """The parameters of a net in order, from a run on one image."""
    net = Net(training=False, gain=system["gain"])
    with torch.no_grad():
        system["net"](net, torch.zeros(1, *input_shape[:-3], input_shape[-1], *input_shape[-3:-1]), **options)
    return net.declared


def total_loss(system, net, output, labels, target=None):
    """The loss of the output, and those of the branches times their weights."""
    loss = LOSSES[system["loss"]](output, labels, target)
    for weight, own, side in net.sides:
        loss = loss + weight * LOSSES[own or system["loss"]](side, labels)
    return loss


def declare_teacher(system):
    """The parameters of the net whose output the loss compares with; none without one."""
    taught = {"net": system.get("teacher"), "gain": system["gain"]}
    return declare(taught, system["small"]["input"], system["teacher_options"]) if taught["net"] else []


def teach(system, x):
    """The output of the teacher; undefined without one."""
    parameters = declare_teacher(system)
    if not parameters:
        return None
    values = start(parameters, x.dtype, 0, TEACHER_SEED)
    with torch.no_grad():
        return system["teacher"](Net(values, False, system["gain"]), x, **system["teacher_options"])


def start(parameters, dtype, jitter, first_seed=0, rounding=ROUNDING):
    """Starting values in PyTorch's layout; with `jitter`, each moved by about one rounding."""
    values = []
    for seed, parameter in enumerate(parameters, first_seed):
        w = parameter.start(seed, torch.float32).double()
        if jitter:
            noise = {"shape": parameter.shape, "seed": 5000 * jitter + seed, "scale": rounding}
            w = w * (1 + filled(noise, torch.float64))
        values.append(to_torch(w.to(dtype)).requires_grad_(parameter.trained))
    return values


def optimizer_of(system, parameters, values):
    """SGD as PyTorch has it, which at a constant rate is Caffe's; biases do not decay."""
    o = system["optimizer"]
    groups = {True: [], False: []}
    for parameter, value in zip(parameters, values):
        if parameter.trained:
            groups[parameter.decays].append(value)
    return torch.optim.SGD(
        [{"params": groups[True], "weight_decay": o["weightDecay"]}, {"params": groups[False]}],
        lr=o["learningRate"], momentum=o["momentum"], nesterov=o["nesterov"],
    )


def train(system, parameters, batch, dtype=torch.float64, jitter=0):
    """The losses before each step and after the last, and the parameters and evaluated output after it."""
    rounding, options = system.get("rounding", ROUNDING), system["small"]["options"]
    values = start(parameters, dtype, jitter, rounding=rounding)
    before = [v.detach().clone() for v in values]
    x = filled(batch["input"], dtype).permute(0, 3, 1, 2).contiguous()
    labels, target = torch.tensor(batch["labels"]), teach(system, x)
    optimizer = optimizer_of(system, parameters, values)

    def run(training):
        # Only the steps may move running statistics.
        mine = [v if v.requires_grad or training == "step" else v.clone() for v in values]
        net = Net(mine, bool(training), system["gain"])
        return net, system["net"](net, x, **options)

    losses = []
    for step in range(STEPS + 1):
        net, output = run("step" if step < STEPS else "loss")
        loss = total_loss(system, net, output, labels, target)
        losses.append(loss.item())
        if step < STEPS:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        _, output = run(False)
    output = output.permute(0, 2, 3, 1) if output.dim() == 4 else output
    ends = [to_library(v.detach()) for v in values]
    return {"losses": losses, "output": output, "before": [to_library(b) for b in before], "after": ends}


def sample_at(n):
    return [k * (n - 1) // (SAMPLES - 1) for k in range(SAMPLES)]


def spread(golden, others):
    """How far other runs are from the golden one, at worst: losses relative, samples and outputs relative to
    the root mean square, norms of updates relative."""
    out = {"losses": 0.0, "output": 0.0, "samples": 0.0, "updateL2": 0.0}

    def note(key, value):
        out[key] = max(out[key], value)

    for other in others:
        for a, b in zip(golden["losses"], other["losses"]):
            note("losses", abs(a - b) / abs(a))
        y = golden["output"]
        note("output", ((y - other["output"]).abs().max() / y.square().mean().sqrt()).item())
        for i, w in enumerate(golden["after"]):
            v, w0, v0 = other["after"][i].double(), golden["before"][i], other["before"][i].double()
            note("samples", ((w - v).abs().max() * math.sqrt(w.numel()) / w.norm()).item())
            update = (w - w0).norm().item()
            if update > 1e-9 * w.norm().item():  # but biases before batch norm, which only rounding moves
                note("updateL2", abs(update - (v - v0).norm().item()) / update)
    return out


def golden_batch(system, parameters):
    """The first input that float32 and float64 agree on, its golden run and how far float32 is from it."""
    small = system["small"]
    for seed in range(1000, 1000 + MOST_INPUTS):
        shape = [small["batch"], *small["input"]]
        batch = {
            "input": {"shape": shape, "seed": seed, "scale": math.sqrt(3)},
            "labels": labels_of(small["batch"], small["options"].get("classes", 10)).tolist(),
        }
        golden = train(system, parameters, batch)
        others = [train(system, parameters, batch, torch.float32, j) for j in range(FLOAT32_RUNS)]
        apart = spread(golden, others)
        if apart["samples"] <= system.get("most_spread", MOST_SPREAD) and golden["losses"][-1] < golden["losses"][0]:
            return batch, golden, apart
    raise SystemExit(f"rounding decides something, or the loss goes up: {apart}, losses {golden['losses']}")


def after_json(golden):
    ends, starts = golden["after"], golden["before"]
    return [
        {
            "l2": digits(w.norm().item()),
            "sum": digits(w.sum().item()),
            "updateL2": digits((w - w0).norm().item()),
            "samples": [digits(v, 7) for v in w.flatten()[sample_at(w.numel())].tolist()],
        }
        for w, w0 in zip(ends, starts)
    ]


def count(parameters):
    return sum(math.prod(p.shape) for p in parameters if p.trained)


def golden(name, system):
    """What a system's golden file holds."""
    full = system["full"]
    options, small = full["options"], system["small"]
    whole = declare(system, full["input"], options)
    counted = count(whole)
    if system.get("counted") is not None:
        assert counted == system["counted"], f"{name}: {counted} parameters, expected {system['counted']}"
    parameters = declare(system, small["input"], small["options"])
    batch, run, apart = golden_batch(system, parameters)
    shown = "  ".join(f"{v:.5f}" for v in run["losses"])
    print(f"{name:24}{counted:>12,}  " + "".join(f"{v:9.1e}" for v in apart.values()) + f"  {shown}")
    teacher = [p.spec(i) for i, p in enumerate(declare_teacher(system), TEACHER_SEED)]
    return {
        "about": "Written by write_systems.py; see README.md.",
        "source": system["source"],
        "published": system.get("published"),
        "full": {
            "options": options,
            "input": full["input"],
            "count": counted,
            "shapes": [p.shape for p in whole],
        },
        "training": {
            "options": small["options"],
            **batch,
            "loss": system["loss"],
            "optimizer": system["optimizer"],
            "params": [p.spec(i) for i, p in enumerate(parameters)],
            **({"teacher": {"options": system["teacher_options"], "params": teacher}} if teacher else {}),
            "losses": [digits(v) for v in run["losses"]],
            "output": {
                "shape": list(run["output"].shape),
                "data": [digits(v, 7) for v in run["output"].flatten().tolist()],
            },
            "after": after_json(run),
            "spread": {k: digits(v, 2) for k, v in apart.items()},
        },
    }
