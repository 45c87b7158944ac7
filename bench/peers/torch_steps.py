"""The work of goodinit.ts in PyTorch.

    python3 bench/peers/torch_steps.py '{"convolution":"32×16×80×160","seconds":3}' '{"device":"cpu","threads":2,"layout":"channels-last"}'

Steps of a net (`net`, `batch`, `seconds`) also take the shape of an example (`input`) and the start of each
parameter (`starts`); with `sample`, steps are timed in groups of so many milliseconds, and the last loss of each
group is read.

The second argument names the device, `cpu` or `cuda`, the threads of `cpu`, the layout of images,
`channels-last` or `contiguous`, and for `cuda` whether products may be computed in TF32 (`tf32`) and whether
a step is captured once as a CUDA graph and then replayed (`graph`).

One line of JSON: the same fields as the TypeScript programs print. Losses must agree with theirs.
"""
import json
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from torch_nets import NETS, loss_of  # Puts tests/golden on the path.
from fill import fill  # noqa: E402

work, how = json.loads(sys.argv[1]), json.loads(sys.argv[2])
DEVICE, LAYOUT = how["device"], how["layout"]


def tensor(shape, seed, scale):
    return torch.from_numpy(fill(int(np.prod(shape)), seed, scale)).reshape(shape).to(DEVICE)


def laid_out(x):
    """Images or weights in the layout that was asked for."""
    last = LAYOUT == "channels-last"
    return x.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)


def parameter(i, start):
    """A parameter as goodinit starts it, in the order of PyTorch's axes."""
    shape = start["shape"]
    x = tensor(shape, i, start["scale"]) if "scale" in start else torch.full(shape, start["value"] * 1.0, device=DEVICE)
    if x.dim() == 4:
        x = laid_out(x.permute(3, 2, 0, 1))
    elif x.dim() == 2:
        x = x.t().contiguous()
    return x.requires_grad_("learned" not in start)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def median_ms(once, budget, sample=0):
    """Milliseconds a call, of the first call, the first values, and how many times were measured.

    `once(read)` returns a value if it is read. With `sample`, calls are timed in groups of so many milliseconds.
    """
    values, times = [], []

    def timed(calls=1):
        start = time.perf_counter()
        for _ in range(calls - 1):
            once(False)
        values.append(once(True))
        return (time.perf_counter() - start) / calls

    first, _ = timed(), timed()
    calls = max(1, int(sample / 1000 / timed())) if sample else 1
    start = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < budget:
        times.append(timed(calls))
    return sorted(times)[len(times) // 2] * 1000, first * 1000, values[:4], len(times)


def captured(step):
    """The step as a CUDA graph, which is captured after the first two steps, and its first two losses.

    Replaying it takes the step's kernels from one list, without PyTorch's work on the host between them.
    """
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        losses = [step().item() for _ in range(2)]
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step()

    def replay():
        graph.replay()
        return loss

    return replay, losses


def training_step(net, batch, seconds, input, starts, sample=0):
    x = tensor((batch, *input), 1000, 3**0.5)
    if x.dim() == 4:
        x = laid_out(x.permute(0, 3, 1, 2))
    y = torch.from_numpy(np.floor(fill(batch, 1001, 5) + 5).astype(np.int64)).to(DEVICE)
    params = [parameter(i, start) for i, start in enumerate(starts)]
    optimizer = torch.optim.SGD([p for p in params if p.requires_grad], lr=0.001, momentum=0.9)

    def step():
        loss = loss_of(NETS[net], params, x, y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss

    begin = time.perf_counter()
    run, known = captured(step) if how.get("graph") else (step, [])
    begin = 1000 * (time.perf_counter() - begin)

    def once(read):
        loss = run()
        return loss.item() if read else None

    ms, first, losses, steps = median_ms(once, seconds, sample)
    return {
        "task": f"{net}-{batch}",
        "ms": float(f"{ms:.4g}"),
        "imagesPerSecond": round(batch / ms * 1000, 1),
        "steps": steps,
        "firstMs": round(begin if known else first),
        "peakMiB": peak(),
        "losses": [round(v, 7) for v in [*known, *losses][:4]],
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
        return round(gflop / median_ms(lambda _: once() is None, seconds / 3)[0] * 1000, 1)

    return {"task": name, "gflops": {key: rate(once) for key, once in kernels.items()}}


def described():
    """The device and how it is used."""
    if DEVICE == "cpu":
        return f"cpu, {how['threads']} threads, {LAYOUT}"
    extra = [name for name in ("tf32", "graph") if how.get(name)]
    return ", ".join([f"cuda, {torch.cuda.get_device_name()}", LAYOUT, *extra])


if DEVICE == "cpu":
    torch.set_num_threads(how["threads"])
else:
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = bool(how.get("tf32"))
row = convolution(work["convolution"], work["seconds"]) if "convolution" in work else training_step(**work)
print(json.dumps({"library": f"PyTorch {torch.__version__}", "device": described(), **row}))
