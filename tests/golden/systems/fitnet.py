"""FitNets: Romero, Ballas, Kahou, Chassang, Gatta & Bengio (2015); the student's two stages, and residual links.

adri-romsor/FitNets: yaml/cifar10_fitnet19_all.yaml (FitNet-4), scripts/fitnets_stage1.py (the regressor),
costs/HintCost.py and costs/KDCost.py. A layer of theirs is a convolution, the maximum over its two pieces, and its
pooling, so that the guided layer, the 11th, is seen after pooling.

FitResNet-4 has no published definition (Mishkin & Matas, arXiv:1511.06422v7 names it): the links are around pairs of
convolutions, with channels of zeros where there are more (option A of He et al. 2015), and pooling stays in place.
"""
import torch
import torch.nn.functional as F

from .maxout import CIFAR, trunk
from .net import maxout, widened
from .resnet import shortcut

# Channels of each convolution; a pooling follows each block.
FITNET1 = (16,) * 3, (32,) * 3, (48, 48, 64)
FITNET_MNIST = ((16, 16), 4), ((16, 16), 4), ((12, 12), 2)  # and the window of the pooling of stride 2
FITNET4 = (32, 32, 32, 48, 48), (80,) * 6, (128,) * 6
GUIDED = 2  # blocks up to the guided layer
TEMPERATURE, TEACHER_WEIGHT = 3.0, 4.0


def conv(net, x, channels, width):
    return net.conv(x, widened(channels, width), 3, padding=1, pieces=2)


def blocks(net, x, channels, width):
    for i, block in enumerate(channels):
        for n in block:
            x = conv(net, x, n, width)
        x = F.max_pool2d(x, 2) if i < len(FITNET4) - 1 else x.amax((2, 3))
    return x


def fitnet1(net, x, classes=10, width=1.0):
    return classify(net, blocks(net, x, FITNET1, width), classes, width)


def fitnet1_bn(net, x, classes=10, width=1.0):
    """Batch normalization of each piece, before the maximum."""
    def normalized(x, pieces):
        return maxout(net.batch_norm(x), pieces)

    for i, block in enumerate(FITNET1):
        for n in block:
            x = normalized(net.conv(x, 2 * widened(n, width), 3, padding=1), 2)
        x = F.max_pool2d(x, 2) if i < len(FITNET1) - 1 else x.amax((2, 3))
    return net.dense(normalized(net.dense(x, 5 * widened(500, width)), 5), classes)


def fitnet4(net, x, classes=10, width=1.0):
    return classify(net, blocks(net, x, FITNET4, width), classes, width)


def fitnet_mnist(net, x, classes=10):
    """The MNIST FitNet of the paper: no hidden dense layer, poolings that cover what is left at the edge."""
    for channels, window in FITNET_MNIST:
        for n in channels:
            x = conv(net, x, n, 1)
        x = F.max_pool2d(x, window, 2, ceil_mode=True)
    return net.dense(x, classes)


def classify(net, x, classes, width):
    return net.dense(net.dense(x, widened(500, width), pieces=5), classes)


def hint_student(net, x, width=1.0, hint=(192, 7)):
    """FitNet-4 up to its guided layer, and the regressor: a maxout convolution with as many channels as the
    teacher's hint, whose window leaves as many positions as that has."""
    x = blocks(net, x, FITNET4[:GUIDED], width)
    channels, size = hint
    return net.conv(x, channels, x.shape[2] - size + 1, pieces=2)


def teacher(net, x, classes=10, width=1.0):
    """The maxout net of Goodfellow et al. for CIFAR."""
    return classify(net, trunk(net, x, CIFAR, width), classes, width)


def teacher_hint(net, x, width=1.0):
    """The output of the teacher's second layer."""
    return trunk(net, x, CIFAR[:2], width)


def hint_loss(output, labels, target):
    """Half the sum over channels of squared differences, averaged over images and positions."""
    return (0.5 * (target - output).square()).sum(1).mean()


def distillation_loss(output, labels, target):
    """Cross-entropy with the labels, plus λ times that with the teacher's softened probabilities."""
    soft = torch.softmax(target / TEMPERATURE, 1)
    of_teacher = -(soft * torch.log_softmax(output / TEMPERATURE, 1)).sum(1).mean()
    return F.cross_entropy(output, labels) + TEACHER_WEIGHT * of_teacher


def fit_res_net4(net, x, classes=10, width=1.0):
    x = conv(net, x, 32, width)
    for i, pairs in enumerate(((32, 48), (80, 80, 80), (128, 128, 128))):
        if i > 0:
            x = F.max_pool2d(x, 2)
        for channels in pairs:
            y = conv(net, conv(net, x, channels, width), channels, width)
            x = y + shortcut(x, y.shape[1], 1)
    return classify(net, x.amax((2, 3)), classes, width)
