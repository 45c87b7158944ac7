"""The systems: each net, its source, its size as published and counted, and the small one that is trained.

`published` is what its authors or the paper's tables say, `counted` what a hand count gives. Options are named
as those of the library's nets; `width` is a factor of the numbers of channels.
"""
from .all_cnn import all_cnn
from .nin import nin, nin_mnist
from .vgg_like import vgg_like

COLOR, GRAY = [32, 32, 3], [28, 28, 1]


def sgd(rate, decay=5e-4, momentum=0.9, nesterov=False):
    return {"learningRate": rate, "momentum": momentum, "nesterov": nesterov, "weightDecay": decay}


def system(net, source, small, rate, *, full=None, **rest):
    defaults = {"full": full or {"input": COLOR}, "loss": "crossEntropy", "gain": 2.0}
    return {"net": net, "source": source, "small": small, "optimizer": sgd(*rate), **defaults, **rest}


SYSTEMS = {
    "nin": system(
        nin, "mavenlin/cuda-convnet, NIN/cifar-10_def",
        {"input": [17, 17, 3], "batch": 4, "options": {"width": 0.125}}, (0.05, 1e-5), counted=966_986,
        published="0.97M",
    ),
    "nin_mnist": system(
        nin_mnist, "mavenlin/cuda-convnet, NIN/mnist_def",
        {"input": [14, 14, 1], "batch": 4, "options": {"width": 0.125}}, (0.01, 5e-4), full={"input": GRAY},
    ),
    "all_cnn_c": system(
        all_cnn, "Springenberg et al. (2015), arXiv:1412.6806, tables 1 and 2",
        {"input": [16, 16, 3], "batch": 4, "options": {"width": 0.125}}, (0.05, 1e-3), counted=1_369_738,
        published="1.4M",
    ),
    "vgg_like_bn": system(
        vgg_like, "szagoruyko/cifar.torch, models/vgg_bn_drop.lua",
        {"input": [32, 32, 3], "batch": 8, "options": {"width": 0.125}}, (0.005, 5e-4),
    ),
}
