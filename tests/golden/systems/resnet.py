"""ResNet-20 and ResNet-56 for CIFAR: He, Zhang, Ren & Sun (2015), section 4.2.

Shortcuts without parameters (option A): every other pixel, and channels of zeros behind. Convolutions have no
biases, batch norm after each.
"""
import torch
import torch.nn.functional as F

from .net import global_average, widened


def conv_norm(net, x, channels, stride=1):
    return net.batch_norm(net.conv(x, channels, 3, stride, 1, bias=False))


def shortcut(x, channels, stride):
    x = x[:, :, ::stride, ::stride]
    return F.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))


def resnet(net, x, depth=20, classes=10, width=1.0):
    x = torch.relu(conv_norm(net, x, widened(16, width)))
    for stage, channels in enumerate((16, 32, 64)):
        channels = widened(channels, width)
        for block in range((depth - 2) // 6):
            stride = 2 if stage > 0 and block == 0 else 1
            y = conv_norm(net, torch.relu(conv_norm(net, x, channels, stride)), channels)
            x = torch.relu(y + shortcut(x, channels, stride))
    return net.dense(global_average(x), classes)
