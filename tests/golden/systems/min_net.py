"""Batch-normalized maxout network in network: Chang & Chen (2015), arXiv:1511.02583.

JiaRenChang/Batch_Normalized_Maxout_NIN, example/cifar/cnn_cifar_init_mnin.m (as vlfeat/autonn,
matlab/+models/MaxoutNIN.m): each convolution has biases and batch norm (MatConvNet's ε, 1e-4); the first of a block
has no activation, the 1×1 ones the maximum over five pieces of what is normalized, so that batch norm has
5 · channels parameters. Average pooling of 3 × 3 and stride 2 leaves out what lies outside the image.
"""
import torch.nn.functional as F

from .net import global_average, maxout, widened

PIECES, EPSILON = 5, 1e-4
CIFAR = ((192, 5, 2), (160, 96)), ((192, 5, 2), (192, 192)), ((192, 3, 1), (192, None))
# Not published: of MNIST's net the paper gives nine layers and 447K parameters.
MNIST = ((128, 5, 2), (96, 48)), ((128, 5, 2), (96, 48)), ((128, 3, 1), (96, None))


def min_net(net, x, blocks=CIFAR, classes=10, width=1.0):
    for i, ((channels, size, padding), mixed) in enumerate(blocks):
        x = net.batch_norm(net.conv(x, widened(channels, width), size, padding=padding), EPSILON)
        for channels in mixed:
            units = widened(channels, width) if channels else classes
            x = maxout(net.batch_norm(net.conv(x, PIECES * units, 1), EPSILON), PIECES)
        if i < 2:
            x = F.avg_pool2d(x, 3, 2, ceil_mode=True, count_include_pad=False)
    return global_average(x)


def min_net_mnist(net, x, **options):
    return min_net(net, x, MNIST, **options)
