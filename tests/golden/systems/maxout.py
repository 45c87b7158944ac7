"""Maxout networks: Goodfellow, Warde-Farley, Mirza, Courville & Bengio (2013).

lisa-lab/pylearn2, pylearn2/scripts/papers/maxout: cifar10.yaml, cifar100 with its classes, and mnist.yaml. Its
pooling (cuda-convnet's) covers what is left at the edge. The maximum over pieces comes before the pooling.
"""
import torch.nn.functional as F

from .net import widened

# Channels, size, padding and pieces of a convolution, and the size of its pooling of stride 2.
CIFAR = (96, 8, 4, 2, 4), (192, 8, 3, 2, 4), (192, 5, 3, 2, 2)
MNIST = (48, 8, 0, 2, 4), (48, 8, 3, 2, 4), (24, 5, 3, 4, 2)


def trunk(net, x, convs, width):
    for channels, size, padding, pieces, pool in convs:
        x = net.conv(x, widened(channels, width), size, padding=padding, pieces=pieces)
        x = F.max_pool2d(x, pool, 2, ceil_mode=True)
    return x


def maxout_cifar(net, x, classes=10, width=1.0):
    x = trunk(net, x, CIFAR, width)
    return net.dense(net.dense(x, widened(500, width), pieces=5), classes)


def maxout_mnist(net, x, classes=10, width=1.0):
    return net.dense(trunk(net, x, MNIST, width), classes)
