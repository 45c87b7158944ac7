"""The nets of bench/nets in PyTorch: functions of a source of parameters, and of a batch.

Those of the paper's tables are defined in tests/golden/systems.
"""
import os
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/golden"))
from systems import (  # noqa: E402
    all_cnn, caffenet, dsn, fitnet, googlenet, highway, maxout, min_net, nin, resnet, vgg, vgg_like
)
from systems.net import Net  # noqa: E402


def loss_of(define, params, x, y):
    """The mean loss of a net's output, and of its branches times their weights."""
    net = Net(params)
    loss = F.cross_entropy(define(net, x), y)
    for weight, _, output in net.sides:
        loss = loss + weight * F.cross_entropy(output, y)
    return loss


def layer_norm(net, x):
    p = net.values
    return F.layer_norm(x, x.shape[-1:], next(p), next(p))


def dense(net, x):
    """Of the last axis."""
    return F.linear(x, next(net.values), next(net.values))


def attention(net, x, heads):
    batch, time, features = x.shape
    split = lambda y: y.view(batch, time, heads, -1).transpose(1, 2)
    q, k, v = [split(dense(net, x)) for _ in range(3)]
    scores = q @ k.transpose(2, 3) * (features / heads) ** -0.5
    mixed = torch.softmax(scores, -1) @ v
    return dense(net, mixed.transpose(1, 2).reshape(batch, time, features))


def transformer(net, x):
    for _ in range(4):
        x = x + attention(net, layer_norm(net, x), 8)
        x = x + dense(net, F.gelu(dense(net, layer_norm(net, x))))
    return dense(net, x.mean(1))


def perceptron(net, x):
    return dense(net, torch.relu(dense(net, torch.relu(dense(net, x)))))


def chosen(define, **options):
    return lambda net, x: define(net, x, **options)


NETS = {
    "fitnet1": fitnet.fitnet1,
    "fitnet4": fitnet.fitnet4,
    "fitnetMnist": fitnet.fitnet_mnist,
    "fitResNet4": fitnet.fit_res_net4,
    "nin": nin.nin,
    "ninMnist": nin.nin_mnist,
    "allCnn": all_cnn.all_cnn,
    "largeAllCnn": all_cnn.large_all_cnn,
    "dsn": dsn.dsn,
    "dsnMnist": dsn.dsn_mnist,
    "minNet": min_net.min_net,
    "minNetMnist": min_net.min_net_mnist,
    "maxoutNet": maxout.maxout_cifar,
    "maxoutNetMnist": maxout.maxout_mnist,
    "highway19": highway.highway19,
    "highwayMlp": highway.highway_mlp,
    "highway10": highway.highway10,
    "vggCifar": vgg_like.vgg_like,
    "vggCifarPlain": chosen(vgg_like.vgg_like, batchNorm=False),
    "resnet20": resnet.resnet,
    "resnet56": chosen(resnet.resnet, depth=56),
    "googlenet": googlenet.googlenet,
    "googlenetNorm": chosen(googlenet.googlenet, batchNorm=True),
    "caffenet": caffenet.caffenet,
    "vgg16": vgg.vgg,
    "vgg19": chosen(vgg.vgg, depth=19),
    "transformer": transformer,
    "perceptron": perceptron,
}
