"""CaffeNet: BVLC/caffe, models/bvlc_reference_caffenet/train_val.prototxt.

AlexNet on one device (Krizhevsky, Sutskever & Hinton 2012) with pooling before local response normalization.
"""
import torch
import torch.nn.functional as F

from .net import widened


def lrn(x):
    """Across five channels, α 1e-4 times their mean, β 0.75, k 1."""
    return F.local_response_norm(x, 5, 1e-4, 0.75, 1.0)


def caffenet(net, x, classes=1000, width=1.0):
    def conv(x, channels, *args, **options):
        return torch.relu(net.conv(x, widened(channels, width), *args, **options))

    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    x = lrn(pool(conv(x, 96, 11, stride=4)))
    x = lrn(pool(conv(x, 256, 5, padding=2, groups=2)))
    x = conv(x, 384, 3, padding=1)
    x = conv(x, 384, 3, padding=1, groups=2)
    x = pool(conv(x, 256, 3, padding=1, groups=2))
    x = torch.relu(net.dense(x, widened(4096, width)))
    x = torch.relu(net.dense(x, widened(4096, width)))
    return net.dense(x, classes)
