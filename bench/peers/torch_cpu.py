"""The work of goodinit.ts in PyTorch, on the CPU.

    python3 bench/peers/torch_cpu.py '{"convolution":"32×16×80×160","seconds":3}' THREADS channels-last

Steps of a net (`net`, `batch`, `seconds`) also take the shape of an example (`input`) and the start of each
parameter (`starts`). The layout of images is `channels-last` or `contiguous`.

One line of JSON: the same fields as the TypeScript programs print. Losses must agree with theirs.
"""
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from torch_nets import NETS, loss_of

work, THREADS, LAYOUT = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def fill(n, seed, scale):
    """The numbers of tests/golden/fill.ts."""
    u = np.uint32
    with np.errstate(over="ignore"):
        h = (np.arange(1, n + 1, dtype=u) * u(0x9E3779B1)) ^ u(seed * 0x85EBCA6B & 0xFFFFFFFF)
        h = (h ^ (h >> u(15))) * u(0x2C1B3C6D)
        h = (h ^ (h >> u(12))) * u(0x297A2D39)
        h = h ^ (h >> u(15))
    return ((h.astype(np.float64) / 2147483648 - 1) * scale).astype(np.float32)


def tensor(shape, seed, scale):
    return torch.from_numpy(fill(int(np.prod(shape)), seed, scale)).reshape(shape)


def laid_out(x):
    """Images or weights in the layout that was asked for."""
    last = LAYOUT == "channels-last"
    return x.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)


def parameter(i, start):
    """A parameter as goodinit starts it, in the order of PyTorch's axes."""
    shape = start["shape"]
    x = tensor(shape, i, start["scale"]) if "scale" in start else torch.full(shape, start["value"] * 1.0)
    if x.dim() == 4:
        x = laid_out(x.permute(3, 2, 0, 1))
    elif x.dim() == 2:
        x = x.t().contiguous()
    return x.requires_grad_("learned" not in start)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def median_ms(once, budget):
    first = time.perf_counter()
    values = [once()]
    first = time.perf_counter() - first
    values.append(once())
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < budget:
        t = time.perf_counter()
        values.append(once())
        times.append(time.perf_counter() - t)
    return sorted(times)[len(times) // 2] * 1000, first * 1000, values[:4], len(times)


def training_step(net, batch, seconds, input, starts):
    x = tensor((batch, *input), 1000, 3**0.5)
    if x.dim() == 4:
        x = laid_out(x.permute(0, 3, 1, 2))
    y = torch.from_numpy(np.floor(fill(batch, 1001, 5) + 5).astype(np.int64))
    params = [parameter(i, start) for i, start in enumerate(starts)]
    optimizer = torch.optim.SGD([p for p in params if p.requires_grad], lr=0.001, momentum=0.9)

    def step():
        loss = loss_of(NETS[net], params, x, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    ms, first, losses, steps = median_ms(step, seconds)
    return {
        "task": f"{net}-{batch}",
        "ms": round(ms, 2),
        "imagesPerSecond": round(batch / ms * 1000, 1),
        "steps": steps,
        "firstMs": round(first),
        "peakMiB": peak(),
        "losses": [round(v, 7) for v in losses],
    }


def convolution(name, seconds):
    batch, size, cin, cout = (int(n) for n in name.split("×"))
    x = laid_out(tensor((batch, size, size, cin), 1, 1).permute(0, 3, 1, 2))
    w = laid_out(tensor((3, 3, cin, cout), 2, 0.1).permute(3, 2, 0, 1))
    dy = laid_out(tensor((batch, size, size, cout), 3, 1).permute(0, 3, 1, 2))

    def back(mask):
        return torch.ops.aten.convolution_backward(
            dy, x, w, [0], [1, 1], [1, 1], [1, 1], False, [0, 0], 1, mask
        )

    kernels = {
        "forward": lambda: F.conv2d(x, w, padding=1),
        "input gradient": lambda: back([True, False, False]),
        "weight gradient": lambda: back([False, True, False]),
    }
    gflop = 2 * batch * size * size * 9 * cin * cout / 1e9

    def rate(once):
        return round(gflop / median_ms(lambda: once() is None, seconds / 3)[0] * 1000, 1)

    return {"task": name, "gflops": {key: rate(once) for key, once in kernels.items()}}


torch.set_num_threads(THREADS)
if "convolution" in work:
    row = convolution(work["convolution"], work["seconds"])
else:
    row = training_step(**work)
print(json.dumps({"library": f"PyTorch {torch.__version__}", "device": f"cpu, {THREADS} threads, {LAYOUT}", **row}))
