"""Deeply-supervised nets: Lee, Xie, Gallagher, Zhang & Tu (2015).

s9xie/DSN, examples/best_augmented_cifar10_7.97/cifar-10.prototxt: network in network with a classifier on the
output of each block's first convolution, before its ReLU, and no ReLU after the last convolution. The prototxt
lowers the companions' learning rate to a thousandth; here their losses have a weight instead.
"""
import torch
import torch.nn.functional as F

from .net import global_average, widened
from .nin import CIFAR, MNIST


def dsn(net, x, blocks=CIFAR, classes=10, width=1.0, weight=0.001):
    for i, ((channels, size, padding), mixed) in enumerate(blocks):
        x = net.conv(x, widened(channels, width), size, padding=padding)
        net.side(weight, net.dense(x, classes))
        x = torch.relu(x)
        for channels in mixed:
            x = torch.relu(net.conv(x, widened(channels, width), 1))
        if i < 2:
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return global_average(net.conv(x, classes, 1))


def dsn_mnist(net, x, **options):
    """On network in network's trunk for MNIST, as the repository has no definition of its own."""
    return dsn(net, x, MNIST, **options)
