"""GoogLeNet: Szegedy et al. (2015), table 1; BVLC/caffe, models/bvlc_googlenet/train_val.prototxt.

Two side classifiers of weight 0.3 on inception 4a and 4d. Caffe's pooling covers what is left at the edge.

With batch norm: after every convolution, whose biases it replaces (as ducha-aiki/caffenet-benchmark,
prototxt/architectures/googlenet128_bn_lim0606.prototxt: bias_term false, ε 1e-5), and in place of local response
normalization (Ioffe & Szegedy 2015, section 4.2.1); the dense layers keep their biases and have none.
"""
import torch
import torch.nn.functional as F

from .caffenet import lrn
from .net import global_average, widened

# 1×1; 3×3 and 5×5, each with its reduction; projection of the pooling.
MODULES = {
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}
SIDE_WEIGHT = 0.3


class Parts:
    """The parts of a GoogLeNet: convolutions and dense layers with what follows them, modules, classifiers."""

    def __init__(self, net, classes, width, batch_norm):
        self.net, self.classes, self.width, self.batch_norm = net, classes, width, batch_norm

    def after(self, y):
        return torch.relu(self.net.batch_norm(y) if self.batch_norm else y)

    def conv(self, x, channels, size, stride=1, padding=0):
        channels, bias = widened(channels, self.width), not self.batch_norm
        return self.after(self.net.conv(x, channels, size, stride, padding, bias=bias))

    def module(self, x, one, three, five, pool):
        branches = [
            self.conv(x, one, 1),
            self.conv(self.conv(x, three[0], 1), three[1], 3, padding=1),
            self.conv(self.conv(x, five[0], 1), five[1], 5, padding=2),
            self.conv(F.max_pool2d(x, 3, 1, 1), pool, 1),
        ]
        return torch.cat(branches, 1)

    def side(self, x):
        x = self.conv(F.avg_pool2d(x, 5, 3, ceil_mode=True), 128, 1)
        x = torch.relu(self.net.dense(x, widened(1024, self.width)))
        self.net.side(SIDE_WEIGHT, self.net.dense(x, self.classes))


def pool(x):
    return F.max_pool2d(x, 3, 2, ceil_mode=True)


def googlenet(net, x, classes=1000, width=1.0, batchNorm=False, sides=True):
    parts = Parts(net, classes, width, batchNorm)
    norm = (lambda x: x) if batchNorm else lrn
    x = norm(pool(parts.conv(x, 64, 7, 2, 3)))
    x = norm(parts.conv(parts.conv(x, 64, 1), 192, 3, padding=1))
    x = pool(x)
    for name, module in MODULES.items():
        if name in ("4a", "5a"):
            x = pool(x)
        x = parts.module(x, *module)
        if sides and name in ("4a", "4d"):
            parts.side(x)
    return net.dense(global_average(x), classes)
