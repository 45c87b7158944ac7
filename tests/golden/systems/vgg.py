"""VGG-16 and VGG-19: Simonyan & Zisserman (2015), table 1, configurations D and E."""
import torch
import torch.nn.functional as F

from .net import widened

CONVS = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def vgg(net, x, depth=16, classes=1000, width=1.0):
    for channels, count in zip((64, 128, 256, 512, 512), CONVS[depth]):
        for _ in range(count):
            x = torch.relu(net.conv(x, widened(channels, width), 3, padding=1))
        x = F.max_pool2d(x, 2)
    for _ in range(2):
        x = torch.relu(net.dense(x, widened(4096, width)))
    return net.dense(x, classes)
