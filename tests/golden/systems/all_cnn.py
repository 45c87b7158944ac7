"""Striving for simplicity: Springenberg, Dosovitskiy, Brox & Riedmiller (2015), tables 1 to 3.

The bases have max pooling of 3 × 3 and stride 2; in the all convolutional nets a convolution of 3 × 3,
stride 2 and as many channels takes its place; "strided" nets give its stride to the convolution before it,
and "conv-pool" nets put one more convolution before it. ReLU also after the last convolution.
"""
import torch
import torch.nn.functional as F

from .net import global_average, widened

# The convolutions of the first two blocks, (size, padding) each.
BLOCKS = {"A": ((5, 2),), "B": ((5, 2), (1, 0)), "C": ((3, 1), (3, 1))}


def relu_conv(net, x, *args, **options):
    return torch.relu(net.conv(x, *args, **options))


def block(net, x, channels, variant, downsampling):
    convs = BLOCKS[variant]
    for i, (size, padding) in enumerate(convs):
        strided = downsampling == "stride" and i == len(convs) - 1
        x = relu_conv(net, x, channels, size, padding=padding, stride=2 if strided else 1)
    if downsampling == "conv-pool":
        x = relu_conv(net, x, channels, 3, padding=1)
    if downsampling in ("pool", "conv-pool"):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)
    return relu_conv(net, x, channels, 3, stride=2, padding=1) if downsampling == "conv" else x


def all_cnn(net, x, variant="C", downsampling="conv", classes=10, width=1.0):
    x = block(net, x, widened(96, width), variant, downsampling)
    x = block(net, x, widened(192, width), variant, downsampling)
    x = relu_conv(net, x, widened(192, width), 3)
    x = relu_conv(net, x, widened(192, width), 1)
    return global_average(relu_conv(net, x, classes, 1))
