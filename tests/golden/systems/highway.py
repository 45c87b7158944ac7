"""Highway networks: Srivastava, Greff & Schmidhuber (2015).

flukeskywalker/highway-networks, examples/highways: cifar10-19layers/cifar10_network.prototxt and
mnist-10layers/mnist_network.prototxt. A highway layer is t · relu(transform) + (1 - t) · x with t = σ(gate), the
gate's biases starting at the transform bias (src/caffe/layers/cudnn_highway_layer.cpp); Caffe's pooling covers
what is left at the edge.
"""
import torch
import torch.nn.functional as F

from .net import flat, global_average, widened


def carry(x, transformed, gate):
    t = torch.sigmoid(gate)
    return t * torch.relu(transformed) + (1 - t) * x


def highway_conv(net, x, transform_bias):
    channels = x.shape[1]
    h = net.conv(x, channels, 3, padding=1)
    return carry(x, h, net.conv(x, channels, 3, padding=1, bias_at=transform_bias))


def highway_dense(net, x, transform_bias):
    h = net.dense(x, x.shape[1])
    return carry(x, h, net.dense(x, x.shape[1], bias_at=transform_bias))


def highway19(net, x, classes=10, width=1.0, transformBias=-2.0):
    for channels, layers, pool in ((32, 4, True), (80, 5, True), (128, 5, False)):
        x = torch.relu(net.conv(x, widened(channels, width), 3, padding=1))
        for _ in range(layers):
            x = highway_conv(net, x, transformBias)
        if pool:
            x = F.max_pool2d(x, 2, ceil_mode=True)
    # The prototxt has as many channels as classes of CIFAR-100, for CIFAR-10 too.
    x = global_average(torch.relu(net.conv(x, widened(100, width), 1)))
    return net.dense(x, classes)


def highway10(net, x, classes=10, width=1.0, transformBias=-1.0):
    x = torch.relu(net.conv(x, widened(32, width), 5))
    for layers, size in ((2, 3), (3, 3), (3, 2)):
        for _ in range(layers):
            x = highway_conv(net, x, transformBias)
        x = F.max_pool2d(x, size, 2, ceil_mode=True)
    return net.dense(x, classes)


def highway_mlp(net, x, classes=10, depth=10, units=50, transformBias=-1.0):
    """A first dense layer, `depth - 1` highway layers, the classifier: section 3.1 of the paper, where layers are
    of 50 units and transform biases are chosen from -1 to -10."""
    x = torch.relu(net.dense(flat(x), units))
    for _ in range(depth - 1):
        x = highway_dense(net, x, transformBias)
    return net.dense(x, classes)
