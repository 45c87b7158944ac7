"""The nets of bench/nets in PyTorch: functions of an iterator over their parameters, and of a batch."""
import torch
import torch.nn.functional as F


def conv(p, x, stride=1, padding=0, groups=1, bias=True):
    return F.conv2d(x, next(p), next(p) if bias else None, stride, padding, 1, groups)


def dense(p, x):
    return F.linear(x, next(p), next(p))


def flat(x):
    """In the order height, width, channel."""
    return x.permute(0, 2, 3, 1).flatten(1)


def maxout(x, pieces):
    parts = x.chunk(pieces, dim=1)
    out = parts[0]
    for part in parts[1:]:
        out = torch.maximum(out, part)
    return out


def fitnet(blocks, pools, hidden, ceil=False):
    """Convolutions of each block with two maxout pieces, then its pooling; a hidden layer or none."""
    def net(p, x):
        for count, (window, stride) in zip(blocks, pools):
            for _ in range(count):
                x = maxout(conv(p, x, padding=1), 2)
            x = F.max_pool2d(x, window, stride, ceil_mode=ceil)
        x = flat(x)
        if hidden:
            x = maxout(dense(p, x), 5)
        return dense(p, x)
    return net


def relus(p, x, *layers):
    for stride, padding in layers:
        x = torch.relu(conv(p, x, stride, padding))
    return x


def nin(p, x):
    x = F.max_pool2d(relus(p, x, (1, 2), (1, 0), (1, 0)), 3, 2, ceil_mode=True)
    x = F.avg_pool2d(relus(p, x, (1, 2), (1, 0), (1, 0)), 3, 2, ceil_mode=True)
    return relus(p, x, (1, 1), (1, 0), (1, 0)).mean((2, 3))


def all_cnn(p, x):
    x = relus(p, x, (1, 1), (1, 1), (2, 1), (1, 1), (1, 1), (2, 1), (1, 0), (1, 0), (1, 0))
    return x.mean((2, 3))


def maxout_net(p, x):
    x = F.max_pool2d(maxout(conv(p, x, padding=4), 2), 4, 2)
    x = F.max_pool2d(maxout(conv(p, x, padding=3), 2), 4, 2)
    x = F.max_pool2d(maxout(conv(p, x, padding=3), 2), 2)
    return dense(p, maxout(dense(p, flat(x)), 5))


def batch_norm(p, x):
    return F.batch_norm(x, None, None, next(p), next(p), True)


def conv_norm(p, x, stride=1):
    return batch_norm(p, conv(p, x, stride, 1, bias=False))


def vgg(p, x):
    for count in (2, 2, 3, 3):
        for _ in range(count):
            x = torch.relu(conv_norm(p, x))
        x = F.max_pool2d(x, 2)
    return dense(p, torch.relu(dense(p, flat(x))))


def resnet20(p, x):
    x = torch.relu(conv_norm(p, x))
    for channels in (16, 32, 64):
        for _ in range(3):
            more = channels - x.shape[1]
            y = torch.relu(conv_norm(p, x, 2 if more else 1))
            short = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, more)) if more else x
            x = torch.relu(conv_norm(p, y) + short)
    return dense(p, x.mean((2, 3)))


def lrn(x):
    return F.local_response_norm(x, 5, 1e-4, 0.75, 1.0)


def caffenet(p, x):
    x = lrn(F.max_pool2d(torch.relu(conv(p, x, 4)), 3, 2))
    x = lrn(F.max_pool2d(torch.relu(conv(p, x, 1, 2, 2)), 3, 2))
    x = torch.relu(conv(p, x, 1, 1))
    x = torch.relu(conv(p, x, 1, 1, 2))
    x = F.max_pool2d(torch.relu(conv(p, x, 1, 1, 2)), 3, 2)
    return dense(p, torch.relu(dense(p, torch.relu(dense(p, flat(x))))))


def layer_norm(p, x):
    return F.layer_norm(x, x.shape[-1:], next(p), next(p))


def attention(p, x, heads):
    batch, time, features = x.shape
    split = lambda y: y.view(batch, time, heads, -1).transpose(1, 2)
    q, k, v = [split(dense(p, x)) for _ in range(3)]
    scores = q @ k.transpose(2, 3) * (features / heads) ** -0.5
    mixed = torch.softmax(scores, -1) @ v
    return dense(p, mixed.transpose(1, 2).reshape(batch, time, features))


def transformer(p, x):
    for _ in range(4):
        x = x + attention(p, layer_norm(p, x), 8)
        x = x + dense(p, F.gelu(dense(p, layer_norm(p, x))))
    return dense(p, x.mean(1))


def perceptron(p, x):
    return dense(p, torch.relu(dense(p, torch.relu(dense(p, x)))))


NETS = {
    "fitnet1": fitnet([3, 3, 3], [(2, 2), (2, 2), (8, 8)], True),
    "fitnet4": fitnet([5, 6, 6], [(2, 2), (2, 2), (8, 8)], True),
    "fitnetMnist": fitnet([2, 2, 2], [(4, 2), (4, 2), (2, 2)], False, ceil=True),
    "nin": nin,
    "allCnn": all_cnn,
    "maxout": maxout_net,
    "vgg": vgg,
    "resnet20": resnet20,
    "caffenet": caffenet,
    "transformer": transformer,
    "perceptron": perceptron,
}
