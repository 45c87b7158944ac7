"""Network in network: Lin, Chen & Yan (2014).

mavenlin/cuda-convnet, NIN/cifar-10_def, cifar-100_def and mnist_def: every convolution and 1×1 convolution
has ReLU, the last too; cuda-convnet's pooling covers what is left at the edge (ceil mode).
"""
import torch
import torch.nn.functional as F

from .net import global_average, widened

CIFAR = ((192, 5, 2), (160, 96)), ((192, 5, 2), (192, 192)), ((192, 3, 1), (192,))
MNIST = ((96, 5, 2), (64, 48)), ((128, 5, 2), (96, 48)), ((128, 5, 2), (96,))


def nin(net, x, blocks=CIFAR, classes=10, width=1.0):
    for i, ((channels, size, padding), mixed) in enumerate(blocks):
        x = torch.relu(net.conv(x, widened(channels, width), size, padding=padding))
        for channels in mixed:
            x = torch.relu(net.conv(x, widened(channels, width), 1))
        if i < 2:
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return global_average(torch.relu(net.conv(x, classes, 1)))


def nin_mnist(net, x, **options):
    return nin(net, x, MNIST, **options)
