"""The VGG-like net for CIFAR of the blog's experiment.

szagoruyko/cifar.torch, models/vgg_bn_drop.lua: convolutions with biases and batch norm (ε 1e-3), pooling in
ceil mode, a hidden dense layer with batch norm (ε 1e-5).
"""
import torch
import torch.nn.functional as F

from .net import widened

BLOCKS = (64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)


def vgg_like(net, x, classes=10, width=1.0, batchNorm=True):
    norm = net.batch_norm if batchNorm else lambda x, epsilon=None: x
    for block in BLOCKS:
        for channels in block:
            x = torch.relu(norm(net.conv(x, widened(channels, width), 3, padding=1), 1e-3))
        x = F.max_pool2d(x, 2, ceil_mode=True)
    x = torch.relu(norm(net.dense(x, widened(512, width))))
    return net.dense(x, classes)
