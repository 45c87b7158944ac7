"""The ops of goodinit.ts in PyTorch on the CPU, from the same numbers.

    python3 bench/ops/torch_ops.py THREADS

Prints a line of JSON with the version, then answers each line of its input, a case, with the times of its
directions by layout. Results are written as f32, in the layout of goodinit: channels last.
"""
import functools
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/golden"))
from fill import fill as golden_fill  # noqa: E402

THREADS = int(sys.argv[1])
SAMPLES, LEAST_SAMPLES, MOST_CALLS = 12, 3, 1000
UPDATES_BEFORE_RESULTS = 3
GRADIENT_SEED = 99
IMAGES = ("channels last", "contiguous")


hashed = functools.lru_cache(maxsize=4)(golden_fill)


def fill(n, seed, scale):
    """The numbers of tests/golden/fill.ts, to be changed."""
    return hashed(n, seed, scale).copy()


def filled(shape, seed):
    return torch.from_numpy(fill(int(np.prod(shape)), seed, 3**0.5)).reshape(shape)


def integers(count, seed, below):
    half = fill(count, seed, 0.5).astype(np.float64)
    return torch.from_numpy(np.floor((half + 0.5) * below).astype(np.int64))


def laid_out(x, layout):
    """A tensor of four axes in the layout of its name; others contiguous."""
    last = layout == "channels last" and x.dim() == 4
    return x.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)


def images(shape, seed, layout):
    """[batch, height, width, channels] numbers with channels second."""
    return laid_out(filled(shape, seed).permute(0, 3, 1, 2), layout)


def last(y):
    """Images with channels last again."""
    return y.permute(0, 2, 3, 1) if y.dim() == 4 else y


def same(y):
    return y


def result_gradient(y, layout, back):
    """The gradient of a result, from numbers in the order of goodinit's result."""
    given = filled(tuple(back(y).shape), GRADIENT_SEED)
    return given if back is not last or y.dim() != 4 else laid_out(given.permute(0, 3, 1, 2), layout)


def trained(f, inputs, layout="plain", back=same):
    """The result alone, and the result with the gradients of all inputs."""
    params = [x.clone(memory_format=torch.preserve_format).requires_grad_() for x in inputs]
    given = result_gradient(f(*inputs), layout, back)

    def both():
        for p in params:
            p.grad = None
        y = f(*params)
        y.backward(given)
        return [y.detach(), *[p.grad for p in params]]

    def order(results):
        return [back(each) for each in results]

    return {"forward": (lambda: [f(*inputs)], order), "with gradient": (both, order)}


def ways(forward, backward, back, weights):
    """The directions of an op that is linear in each of its two inputs."""
    return {
        "forward": (lambda: [forward()], lambda r: [back(r[0])]),
        "input gradient": (lambda: [backward(0)], lambda r: [back(r[0])]),
        "weight gradient": (lambda: [backward(1)], lambda r: [weights(r[0])]),
    }


def convolution(x, w, given, back, weights, stride, padding, dilation, transposed=False, groups=1):
    axes = x.dim() - 2
    stride, padding, dilation = (
        [v] * axes if isinstance(v, int) else v for v in (stride, padding, dilation)
    )
    forward = lambda: torch.ops.aten.convolution(
        x, w, None, stride, padding, dilation, transposed, [0] * axes, groups
    )
    dy = given(forward())
    backward = lambda i: torch.ops.aten.convolution_backward(
        dy, x, w, [0], stride, padding, dilation, transposed, [0] * axes, groups,
        [i == 0, i == 1, False],
    )[i]
    return ways(forward, backward, back, weights)


def conv(layout, b, h, ci, co, k, w=None, kw=None, s=1, p=0, d=1, groups=1):
    x = images((b, h, w or h, ci), 1, layout)
    weights = laid_out(filled((k, kw or k, ci // groups, co), 2).permute(3, 2, 0, 1), layout)
    given = lambda y: result_gradient(y, layout, last)
    # Padding of both axes, dilation only where there are several taps.
    d = [d if k > 1 else 1, d if (kw or k) > 1 else 1]
    taps = lambda w: w.permute(2, 3, 1, 0)
    return convolution(x, weights, given, last, taps, s, p, d, groups=groups)


def conv_transpose(layout, b, h, ci, co, k, s=1, p=0):
    x = images((b, h, h, ci), 1, layout)
    weights = laid_out(filled((k, k, co, ci), 2).permute(3, 2, 0, 1), layout)
    given = lambda y: result_gradient(y, layout, last)
    return convolution(
        x, weights, given, last, lambda w: w.permute(2, 3, 1, 0), s, p, 1, transposed=True
    )


def conv1d(layout, b, l, ci, co, k, s=1, p=0, d=1, groups=1):
    if layout == "channels last":  # As images of one row.
        x = images((b, 1, l, ci), 1, layout)
        w = laid_out(filled((1, k, ci // groups, co), 2).permute(3, 2, 0, 1), layout)
        given = lambda y: result_gradient(y, layout, last)
        taps = lambda w: w.permute(2, 3, 1, 0)
        return convolution(x, w, given, last, taps, [1, s], [0, p], [1, d], groups=groups)
    x = filled((b, l, ci), 1).permute(0, 2, 1).contiguous()
    w = filled((k, ci // groups, co), 2).permute(2, 1, 0).contiguous()
    back = lambda y: y.permute(0, 2, 1)
    given = lambda y: filled(tuple(back(y).shape), GRADIENT_SEED).permute(0, 2, 1).contiguous()
    return convolution(x, w, given, back, lambda w: w.permute(2, 1, 0), s, p, d, groups=groups)


def dense(layout, b, i, o):
    x, w, dy = filled((b, i), 1), filled((i, o), 2), filled((b, o), GRADIENT_SEED)
    if layout == "1x1":
        image = lambda x: x[:, :, None, None].contiguous()
        given = lambda _: image(dy)
        flat = lambda y: y[:, :, 0, 0]
        weights = image(w.t().contiguous())
        return convolution(image(x), weights, given, flat, lambda w: flat(w).t(), 1, 0, 1)
    return product(x, w, dy)


def product(x, w, dy):
    backward = lambda i: dy @ w.transpose(-1, -2) if i == 0 else x.transpose(-1, -2) @ dy
    return ways(lambda: x @ w, backward, same, same)


def bmm(_, b, m, k, n):
    return product(filled((b, m, k), 1), filled((b, k, n), 2), filled((b, m, n), GRADIENT_SEED))


def of_images(f):
    """A function of images and their size."""
    def made(layout, b, h, c, **size):
        x = images((b, h, h, c), 1, layout)
        return trained(lambda x: f(x, **size), [x], layout, last)
    return made


def batch_norm_relu(layout, b, h, c):
    f = lambda x, gamma, beta: torch.relu(F.batch_norm(x, None, None, gamma, beta, True))
    return trained(f, [images((b, h, h, c), 1, layout), filled((c,), 2), filled((c,), 3)], layout, last)


def group_norm(layout, b, h, c, groups):
    f = lambda x, scale, b: F.group_norm(x, groups, scale, b)
    return trained(f, [images((b, h, h, c), 1, layout), filled((c,), 2), filled((c,), 3)], layout, last)


def concat(layout, b, h, c):
    inputs = [images((b, h, h, c), seed, layout) for seed in (1, 2)]
    return trained(lambda x, y: torch.cat([x, y], 1), inputs, layout, last)


def channels_first(_, b, h, c):
    return trained(lambda x: x.permute(0, 3, 1, 2).contiguous(), [filled((b, h, h, c), 1)])


def bias_relu(layout, b, h, c):
    f = lambda x, b: torch.relu(x + b[:, None, None])
    return trained(f, [images((b, h, h, c), 1, layout), filled((c,), 2)], layout, last)


def maxout(layout, b, h, c):
    f = lambda x: torch.maximum(*x.chunk(2, dim=1))
    return trained(f, [images((b, h, h, 2 * c), 1, layout)], layout, last)


def grouped_maxout(layout, b, h, c, groups):
    def f(x, w, bias):
        y = F.conv2d(x, w, bias, padding=1, groups=groups)
        return y.unflatten(1, (groups, 2, c // groups)).amax(2).flatten(1, 2)

    def by_group(last_axis):
        """Channels by piece, then group, in PyTorch's order: by group, then piece."""
        return last_axis.unflatten(-1, (2, groups, c // groups)).transpose(-2, -3).flatten(-3)

    def back(t):
        """In the order of goodinit: images, weights, biases."""
        if t.dim() == 4 and t.shape[0] == b and t.shape[2] == h:
            return last(t)
        t = t.permute(2, 3, 1, 0) if t.dim() == 4 else t
        return t.unflatten(-1, (groups, 2, c // groups)).transpose(-2, -3).flatten(-3)

    w = laid_out(by_group(filled((3, 3, c // groups, 2 * c), 2)).permute(3, 2, 0, 1), layout)
    made = trained(f, [images((b, h, h, c), 1, layout), w, by_group(filled((2 * c,), 3)).contiguous()], layout, last)
    return {name: (call, lambda results: [back(each) for each in results]) for name, (call, _) in made.items()}


def of_rows(f):
    return lambda _, b, c: trained(f, [filled((b, c), 1)])


def layer_norm(_, b, c):
    f = lambda x, gamma, beta: F.layer_norm(x, (c,), gamma, beta)
    return trained(f, [filled((b, c), 1), filled((c,), 2), filled((c,), 3)])


def cross_entropy(_, b, c):
    labels = integers(b, 2, c)
    return trained(lambda x: F.cross_entropy(x, labels), [filled((b, c), 1)])


def arg_max(_, b, c):
    x = filled((b, c), 1)
    return {"forward": (lambda: [x.argmax(1)], same)}


def embedding(_, v, c, n):
    at = integers(n, 2, v)
    return trained(lambda table: F.embedding(at, table), [filled((v, c), 1)])


def gather_columns(_, b, c, n):
    at = integers(n, 2, c)
    return trained(lambda x: x.index_select(1, at), [filled((b, c), 1)])


def take_along(_, b, c, n):
    at = integers(b * n, 2, c).reshape(b, n)
    return trained(lambda x: x.gather(1, at), [filled((b, c), 1)])


def lstm(_, t, b, i, u):
    def f(x, w, v, bias, h, c):
        weights = [w.t() / i**0.5, v.t() / u**0.5, bias, torch.zeros_like(bias)]
        return torch.lstm(x, (h[None], c[None]), weights, True, 1, 0.0, False, False, False)[0]

    shapes = [(t, b, i), (i, 4 * u), (u, 4 * u), (4 * u,), (b, u), (b, u)]
    return trained(f, [filled(shape, k + 1) for k, shape in enumerate(shapes)])


def split_heads(_, b, t, heads, c):
    return trained(lambda x: x.permute(0, 2, 1, 3).contiguous(), [filled((b, t, heads, c), 1)])


def of_elements(f, count=1):
    return lambda _, n: trained(f, [filled((n,), seed + 1) for seed in range(count)])


def updates(make):
    """An optimizer; its layouts are parameters one by one, or all in one call."""
    def made(layout, count, n):
        params = [filled((n,), 1 + i).requires_grad_() for i in range(count)]
        for i, p in enumerate(params):
            p.grad = filled((n,), 1001 + i)
        optimizer = make(params, layout == "together")

        def step():
            optimizer.step()
            return params

        return {"update": (step, lambda r: [p.detach() for p in r])}
    return made


pooled = dict(ceil_mode=True)
KINDS = {
    "conv": (IMAGES, conv),
    "convTranspose": (IMAGES, conv_transpose),
    "conv1d": (IMAGES, conv1d),
    "dense": (("matmul", "1x1"), dense),
    "bmm": (("matmul",), bmm),
    "maxPool": (IMAGES, of_images(lambda x, k, s, p=0, d=1, kw=None: F.max_pool2d(x, (k, kw or k), s, p, d, **pooled))),
    "avgPool": (IMAGES, of_images(
        lambda x, k, s, p=0, kw=None: F.avg_pool2d(x, (k, kw or k), s, p, **pooled)
    )),
    "globalAvgPool": (IMAGES, of_images(lambda x: x.mean((2, 3)))),
    "globalMaxPool": (IMAGES, of_images(lambda x: F.adaptive_max_pool2d(x, 1).flatten(1))),
    "groupNorm": (IMAGES, group_norm),
    "lrn": (IMAGES, of_images(lambda x: F.local_response_norm(x, 5, 1e-4, 0.75, 1.0))),
    "batchNormRelu": (IMAGES, batch_norm_relu),
    "concat": (IMAGES, concat),
    "channelsFirst": (("plain",), channels_first),
    "biasRelu": (IMAGES, bias_relu),
    "maxout": (IMAGES, maxout),
    "groupedMaxout": (IMAGES, grouped_maxout),
    "softmax": (("plain",), of_rows(lambda x: torch.softmax(x, 1))),
    "logSoftmax": (("plain",), of_rows(lambda x: torch.log_softmax(x, 1))),
    "logSumExp": (("plain",), of_rows(lambda x: torch.logsumexp(x, 1))),
    "crossEntropy": (("plain",), cross_entropy),
    "layerNorm": (("plain",), layer_norm),
    "sumAll": (("plain",), of_rows(lambda x: x.sum())),
    "sumRows": (("plain",), of_rows(lambda x: x.sum(1))),
    "sumColumns": (("plain",), of_rows(lambda x: x.sum(0))),
    "maxRows": (("plain",), of_rows(lambda x: x.amax(1))),
    "varianceRows": (("plain",), of_rows(lambda x: x.var(1, unbiased=False))),
    "cumSum": (("plain",), of_rows(lambda x: x.cumsum(1))),
    "argMax": (("plain",), arg_max),
    "transpose": (("plain",), of_rows(lambda x: x.t().contiguous())),
    "sliceColumns": (("plain",), of_rows(lambda x: x[:, x.shape[1] // 2:].contiguous())),
    "embedding": (("plain",), embedding),
    "gatherColumns": (("plain",), gather_columns),
    "takeAlong": (("plain",), take_along),
    "lstm": (("plain",), lstm),
    "splitHeads": (("plain",), split_heads),
    "relu": (("plain",), of_elements(torch.relu)),
    "leakyRelu": (("plain",), of_elements(lambda x: F.leaky_relu(x, 0.1))),
    "gelu": (("plain",), of_elements(F.gelu)),
    "geluTanh": (("plain",), of_elements(lambda x: F.gelu(x, approximate="tanh"))),
    "sigmoid": (("plain",), of_elements(torch.sigmoid)),
    "tanh": (("plain",), of_elements(torch.tanh)),
    "exp": (("plain",), of_elements(torch.exp)),
    "silu": (("plain",), of_elements(F.silu)),
    "softplus": (("plain",), of_elements(F.softplus)),
    "add": (("plain",), of_elements(torch.add, 2)),
    "mul": (("plain",), of_elements(torch.mul, 2)),
    "div": (("plain",), of_elements(lambda x, y: x / (y * y + 1), 2)),
    "dropout": (("plain",), of_elements(lambda x: F.dropout(x, 0.5))),
    "sgd": (("one by one", "together"), updates(
        lambda p, foreach: torch.optim.SGD(p, lr=0.001, momentum=0.9, foreach=foreach)
    )),
    "adam": (("one by one", "together"), updates(
        lambda p, foreach: torch.optim.Adam(p, lr=0.001, foreach=foreach)
    )),
    "rmsprop": (("one by one", "together"), updates(
        lambda p, foreach: torch.optim.RMSprop(p, lr=0.001, alpha=0.9, foreach=foreach)
    )),
    "adagrad": (("one by one", "together"), updates(
        lambda p, foreach: torch.optim.Adagrad(p, lr=0.001, foreach=foreach)
    )),
}


def time_calls(call, seconds):
    def sample(calls):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        return (time.perf_counter() - start) / calls

    once = max(min(sample(1), sample(1)), 1e-9)
    if once > seconds:
        return {"best": once * 1000, "median": once * 1000}
    calls = max(1, min(MOST_CALLS, round(seconds / SAMPLES / once)))
    times, start = [], time.perf_counter()
    while len(times) < LEAST_SAMPLES or time.perf_counter() - start < seconds:
        times.append(sample(calls))
    return {"best": min(times) * 1000, "median": sorted(times)[len(times) // 2] * 1000}


def write(folder, direction, results):
    for i, each in enumerate(results):
        path = f"{folder}/PyTorch-{direction.replace(' ', '-')}-{i}.f32"
        np.ascontiguousarray(each.numpy(), dtype=np.float32).tofile(path)


class Prepared:
    """The directions of the last case in each layout, kept for the next round."""

    name, ready = None, []

    def of(self, name, kind, size):
        if name != self.name:
            layouts, build = KINDS[kind]
            self.ready = [(layout, build(layout, **size)) for layout in layouts]
            self.name = name
        return self.ready


prepared = Prepared()


def measure(request):
    answer, results = {}, request.get("results")
    for i, (layout, directions) in enumerate(prepared.of(**request["case"])):
        for name, (call, order) in directions.items():
            for _ in range(UPDATES_BEFORE_RESULTS if name == "update" else 1):
                found = call()
            if results and i == 0:
                write(results, name, order(found))
            times = time_calls(call, request["seconds"])
            answer.setdefault(name, {"layouts": {}})["layouts"][layout] = times
    return answer


def products():
    """The libraries that PyTorch multiplies matrices with, where the system says so: often its reference BLAS."""
    torch.ones(2, 2) @ torch.ones(2, 2)
    try:
        with open("/proc/self/maps") as maps:
            names = {line.split("/")[-1].strip() for line in maps if "/" in line}
    except OSError:
        return ""
    return ", ".join([""] + sorted(n for n in names if "blas" in n or n.startswith("libmkl_rt")))


torch.set_num_threads(THREADS)
print(json.dumps({"description": f"PyTorch {torch.__version__}, {THREADS} thread{'s' * (THREADS > 1)}{products()}"}), flush=True)
for line in sys.stdin:
    print(json.dumps(measure(json.loads(line))), flush=True)
