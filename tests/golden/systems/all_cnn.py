"""Striving for simplicity: Springenberg, Dosovitskiy, Brox & Riedmiller (2015), tables 1 to 3.

The bases have max pooling of 3 × 3 and stride 2; in the all convolutional nets a convolution of 3 × 3,
stride 2 and as many channels takes its place; "strided" nets give its stride to the convolution before it,
and "convPool" nets put one more convolution before it. ReLU also after the last convolution.
"""
import torch
import torch.nn.functional as F

from .net import global_average, widened

# The convolutions of the first two blocks, (size, padding) each.
BLOCKS = {"A": ((5, 2),), "B": ((5, 2), (1, 0)), "C": ((3, 1), (3, 1))}


def relu_conv(net, x, *args, **options):
    return torch.relu(net.conv(x, *args, **options))


def block(net, x, channels, family, downsampling):
    convs = BLOCKS[family]
    for i, (size, padding) in enumerate(convs):
        strided = downsampling == "stride" and i == len(convs) - 1
        x = relu_conv(net, x, channels, size, padding=padding, stride=2 if strided else 1)
    if downsampling == "convPool":
        x = relu_conv(net, x, channels, 3, padding=1)
    if downsampling in ("maxPool", "convPool"):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)
    return relu_conv(net, x, channels, 3, stride=2, padding=1) if downsampling == "convolution" else x


def all_cnn(net, x, family="C", downsampling="convolution", classes=10, width=1.0):
    x = block(net, x, widened(96, width), family, downsampling)
    x = block(net, x, widened(192, width), family, downsampling)
    x = relu_conv(net, x, widened(192, width), 3)
    x = relu_conv(net, x, widened(192, width), 1)
    return global_average(relu_conv(net, x, classes, 1))


def large_all_cnn(net, x, stages=5, classes=10, width=1.0):
    """The large net of the paper's appendix, for images of 126 × 126: windows of 2 × 2 without padding, the last
    convolution of each stage with stride 2, leaky ReLU (a third of the gradient, as in Graham's nets, whose sizes
    these are). With three stages it is for images of 30 × 30."""
    def leaky(x, channels, size, stride=1):
        return F.leaky_relu(net.conv(x, widened(channels, width), size, stride=stride), 0.333)

    for stage in range(stages):
        channels = 320 * (stage + 1)
        x = leaky(leaky(leaky(x, channels, 2), channels, 2), channels, 2, 2)
    x = leaky(leaky(x, 320 * (stages + 1), 2), 320 * (stages + 1), 1)
    return global_average(net.conv(x, classes, 1))
