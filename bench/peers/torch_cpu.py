"""The work of goodinit.ts in PyTorch, on the CPU, channels last.

    python3 bench/peers/torch_cpu.py '{"net":"fitnet1","batch":128,"seconds":3}' THREADS
    python3 bench/peers/torch_cpu.py '{"convolution":"32×16×80×160","seconds":3}' THREADS

One line of JSON: the same fields as the TypeScript programs print. Losses must agree with theirs.
"""
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

# Channels of the blocks' convolutions, each of two maxout pieces, and the pooling after each block.
NETS = {
    "fitnet1": ([[16, 16, 16], [32, 32, 32], [48, 48, 64]], [(2, 2), (2, 2), (8, 8)], 500),
    "fitnet4": (
        [[32, 32, 32, 48, 48], [80] * 6, [128] * 6], [(2, 2), (2, 2), (8, 8)], 500,
    ),
    "fitnetMnist": ([[16, 16], [16, 16], [12, 12]], [(4, 2), (4, 2), (2, 2)], 0),
}


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


def last(x):
    return x.contiguous(memory_format=torch.channels_last)


def weights(net):
    blocks, _, hidden = NETS[net]
    out = []

    def add(shape, fan_in):
        w = tensor(shape, len(out), (3 / fan_in) ** 0.5)
        out.append(last(w.permute(3, 2, 0, 1)) if w.dim() == 4 else w)
        out.append(torch.zeros(shape[-1]))

    c = 1 if net == "fitnetMnist" else 3
    for n in sum(blocks, []):
        add((3, 3, c, 2 * n), 9 * c)
        c = n
    if hidden:
        add((c, 5 * hidden), c)
        c = hidden
    else:
        c *= 9  # the last images are 3 by 3
    add((c, 10), c)
    return [p.requires_grad_() for p in out]


def maxout(x, pieces):
    parts = x.chunk(pieces, dim=1)
    out = parts[0]
    for part in parts[1:]:
        out = torch.maximum(out, part)
    return out


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


def training_step(net, batch, seconds):
    blocks, pools, hidden = NETS[net]
    mnist = net == "fitnetMnist"
    size, channels = (28, 1) if mnist else (32, 3)
    x = last(tensor((batch, size, size, channels), 1000, 3**0.5).permute(0, 3, 1, 2))
    y = torch.from_numpy(np.floor(fill(batch, 1001, 5) + 5).astype(np.int64))
    params = weights(net)
    optimizer = torch.optim.SGD(params, lr=0.001, momentum=0.9)

    def step():
        it, h = iter(params), x
        for block, (window, stride) in zip(blocks, pools):
            for _ in block:
                h = maxout(F.conv2d(h, next(it), next(it), padding=1), 2)
            h = F.max_pool2d(h, window, stride, ceil_mode=mnist)
        h = h.permute(0, 2, 3, 1).flatten(1)
        if hidden:
            h = maxout(h @ next(it) + next(it), 5)
        loss = F.cross_entropy(h @ next(it) + next(it), y)
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
    x = last(tensor((batch, size, size, cin), 1, 1).permute(0, 3, 1, 2))
    w = last(tensor((3, 3, cin, cout), 2, 0.1).permute(3, 2, 0, 1))
    dy = last(tensor((batch, size, size, cout), 3, 1).permute(0, 3, 1, 2))

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


work, threads = json.loads(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
if "convolution" in work:
    row = convolution(work["convolution"], work["seconds"])
else:
    row = training_step(work["net"], work["batch"], work["seconds"])
print(json.dumps({"library": f"PyTorch {torch.__version__}", "device": f"cpu, {threads} threads", **row}))
