"""The systems: each net, its source, its size as published and counted, and the small one that is trained.

`published` is what its authors or the paper's tables say, `counted` what a hand count gives. Options are named
as those of the nets here; `width` is a factor of the numbers of channels.
"""
from .all_cnn import all_cnn, large_all_cnn
from .caffenet import caffenet
from .dsn import dsn, dsn_mnist
from .fitnet import fit_res_net4, fitnet1_bn, fitnet4, hint_student, teacher, teacher_hint
from .googlenet import googlenet
from .highway import highway10, highway19, highway_mlp
from .maxout import maxout_cifar, maxout_mnist
from .min_net import min_net, min_net_mnist
from .nin import nin, nin_mnist
from .resnet import resnet
from .torch_mnist import torch_mnist
from .vgg import vgg
from .vgg_like import vgg_like

COLOR, GRAY, LARGE = [32, 32, 3], [28, 28, 1], [224, 224, 3]
EIGHTH = {"width": 0.125}


def sgd(rate, decay=5e-4, momentum=0.9, nesterov=False):
    return {"learningRate": rate, "momentum": momentum, "nesterov": nesterov, "weightDecay": decay}


def system(net, source, small, optimizer, *, input=COLOR, options=None, **rest):
    """A system; `small` is the batch, the shape of an example and the options of the net that is trained."""
    batch, shape, chosen = small
    full = {"input": input, "options": options or {}}
    defaults = {"full": full, "loss": "crossEntropy", "gain": 2.0, "optimizer": sgd(*optimizer)}
    small = {"batch": batch, "input": shape, "options": {**(options or {}), **chosen}}
    return {"net": net, "source": source, "small": small, **defaults, **rest}


def all_cnn_system(family, downsampling, published, rate=0.03, **rest):
    # Where pooling halves an odd size, the window at the edge is a part of one.
    options = {"family": family, "downsampling": downsampling}
    return system(
        all_cnn, "Springenberg et al. (2015), arXiv:1412.6806, tables 1 and 2",
        (4, [17, 17, 3], EIGHTH), (rate, 1e-3), options=options, published=published, **rest,
    )


HIGHWAY = "flukeskywalker/highway-networks, examples/highways"
DSN = "s9xie/DSN, examples/best_augmented_cifar10_7.97/cifar-10.prototxt"
GOOGLENET = "BVLC/caffe, models/bvlc_googlenet/train_val.prototxt"
FITNETS = "adri-romsor/FitNets"
PYLEARN2 = "lisa-lab/pylearn2, pylearn2/scripts/papers/maxout"

SYSTEMS = {
    "nin": system(
        nin, "mavenlin/cuda-convnet, NIN/cifar-10_def", (4, [17, 17, 3], EIGHTH), (0.05, 1e-5),
        published="1M", counted=966_986,
    ),
    "nin_mnist": system(
        nin_mnist, "mavenlin/cuda-convnet, NIN/mnist_def", (4, [14, 14, 1], EIGHTH), (0.01, 5e-4), input=GRAY,
    ),
    "all_cnn_a": all_cnn_system("A", "convolution", "1.28M"),
    "all_cnn_b": all_cnn_system("B", "convolution", "1.35M"),
    "all_cnn_c": all_cnn_system("C", "convolution", "1.4M", counted=1_369_738),
    "all_cnn_base_a": all_cnn_system("A", "maxPool", "0.9M", 0.01),
    "all_cnn_base_b": all_cnn_system("B", "maxPool", "1M", 0.01),
    "all_cnn_base_c": all_cnn_system("C", "maxPool", "1.3M", 0.003),
    "all_cnn_strided_c": all_cnn_system("C", "stride", "1.3M"),
    "all_cnn_convpool_c": all_cnn_system("C", "convPool", "1.4M", 0.003),
    "all_cnn_large": system(
        large_all_cnn, "Springenberg et al. (2015), arXiv:1412.6806, appendix, \"Large All-CNN\"",
        (4, [30, 30, 3], {"width": 1 / 16, "stages": 3}), (0.0005, 1e-3), input=[126, 126, 3],
    ),
    "dsn": system(dsn, DSN, (4, [17, 17, 3], {**EIGHTH, "weight": 0.3}), (0.003, 5e-4),
        published="1M without companions",
    ),
    "dsn_svm": system(
        dsn, DSN, (4, [17, 17, 3], {**EIGHTH, "weight": 0.3}), (0.0005, 5e-4), loss="squaredHinge",
        published="1M without companions",
    ),
    "dsn_mnist": system(
        dsn_mnist, f"{DSN} on the trunk of mavenlin/cuda-convnet, NIN/mnist_def",
        (4, [14, 14, 1], {**EIGHTH, "weight": 0.3}), (0.003, 5e-4), input=GRAY,
        published="350K without companions",
    ),
    "maxout": system(
        maxout_cifar, f"{PYLEARN2}/cifar10.yaml", (4, [17, 17, 3], EIGHTH), (0.005, 0, 0.5), gain=0.5,
        published=">5M",
    ),
    "maxout_mnist": system(
        maxout_mnist, f"{PYLEARN2}/mnist.yaml", (4, [28, 28, 1], EIGHTH), (0.01, 0, 0.5), gain=0.5, input=GRAY,
        published="420K",
    ),
    "min": system(
        min_net, "JiaRenChang/Batch_Normalized_Maxout_NIN, example/cifar/cnn_cifar_init_mnin.m",
        (8, [12, 12, 3], EIGHTH), (0.01, 5e-4), published="1.6M",
    ),
    "min_mnist": system(
        min_net_mnist, "Chang & Chen (2015), arXiv:1511.02583, table 2; its channels are reconstructed",
        (8, [12, 12, 1], EIGHTH), (0.01, 5e-4), input=GRAY, published="447K",
    ),
    "highway19": system(
        highway19, f"{HIGHWAY}/cifar10-19layers/cifar10_network.prototxt",
        (4, [16, 16, 3], EIGHTH), (0.02, 1e-3, 0.9, True), published="2.3M",
    ),
    "highway10_16": system(
        highway10, f"{HIGHWAY}/mnist-10layers/mnist_network.prototxt",
        (4, [21, 21, 1], EIGHTH), (0.02, 1e-3, 0.9, True), input=GRAY, options={"width": 0.5},
        published="39K",
    ),
    "highway10_32": system(
        highway10, f"{HIGHWAY}/mnist-10layers/mnist_network.prototxt",
        (4, [24, 24, 1], {"width": 0.25}), (0.02, 1e-3, 0.9, True), input=GRAY, published="151K",
    ),
    "highway_mlp": system(
        highway_mlp, "Srivastava, Greff & Schmidhuber (2015), arXiv:1505.00387, section 3.1",
        (8, [7, 7, 1], {"units": 12}), (0.02, 1e-3), input=GRAY,
    ),
    "caffenet": system(
        caffenet, "BVLC/caffe, models/bvlc_reference_caffenet/train_val.prototxt",
        (4, [67, 67, 3], {**EIGHTH, "classes": 10}), (0.0005, 5e-4), input=[227, 227, 3],
        published="60,965,224", counted=60_965_224,
    ),
    "vgg16": system(
        vgg, "Simonyan & Zisserman (2015), arXiv:1409.1556, table 1, D",
        (4, [32, 32, 3], {**EIGHTH, "classes": 10}), (0.003, 5e-4), input=LARGE,
        published="138M", counted=138_357_544,
    ),
    "vgg19": system(
        vgg, "Simonyan & Zisserman (2015), arXiv:1409.1556, table 1, E",
        (4, [32, 32, 3], {**EIGHTH, "classes": 10}), (0.01, 5e-4), input=LARGE, options={"depth": 19},
        published="144M", counted=143_667_240,
    ),
    "vgg_like": system(
        vgg_like, "szagoruyko/cifar.torch, models/vgg_bn_drop.lua, without batch norm",
        (8, [32, 32, 3], EIGHTH), (0.01, 5e-4), options={"batchNorm": False},
    ),
    "vgg_like_bn": system(
        vgg_like, "szagoruyko/cifar.torch, models/vgg_bn_drop.lua", (8, [32, 32, 3], EIGHTH), (0.005, 5e-4),
    ),
    "googlenet": system(
        googlenet, GOOGLENET, (4, [80, 80, 3], {**EIGHTH, "classes": 10}), (0.02, 2e-4), input=LARGE,
        published="7M without the side classifiers",
    ),
    # Each of its many batch normalizations makes a difference larger: float32 agrees to fewer digits.
    "googlenet_bn": system(
        googlenet, GOOGLENET, (6, [80, 80, 3], {**EIGHTH, "classes": 10}), (0.00001, 2e-4), input=LARGE,
        options={"batchNorm": True}, rounding=2**-20, most_spread=2e-4,
    ),
    "resnet20": system(
        resnet, "He, Zhang, Ren & Sun (2015), arXiv:1512.03385, section 4.2",
        (4, [16, 16, 3], {"width": 0.25}), (0.01, 1e-4), published="0.27M",
    ),
    "resnet56": system(
        resnet, "He, Zhang, Ren & Sun (2015), arXiv:1512.03385, section 4.2",
        (4, [16, 16, 3], {"width": 0.25}), (0.005, 1e-4), options={"depth": 56}, published="0.85M",
    ),
    "fitnet_hint": system(
        hint_student, f"{FITNETS}, scripts/fitnets_stage1.py and costs/HintCost.py",
        (4, [16, 16, 3], {**EIGHTH, "hint": [24, 3]}), (0.0005, 0), gain=1.0, loss="hint",
        teacher=teacher_hint, teacher_options=EIGHTH,
    ),
    "fitnet_distillation": system(
        fitnet4, f"{FITNETS}, yaml/cifar10_fitnet19_all.yaml and costs/KDCost.py",
        (4, [16, 16, 3], EIGHTH), (0.003, 0), gain=1.0, loss="distillation", published="2.5M",
        teacher=teacher, teacher_options=EIGHTH,
    ),
    "fitnet1_bn": system(
        fitnet1_bn, "FitNet-1 with batch norm of each piece, as JiaRenChang/Batch_Normalized_Maxout_NIN has it",
        (8, [16, 16, 3], {}), (0.001, 5e-4),
    ),
    "fit_res_net4": system(
        fit_res_net4, "Mishkin & Matas, arXiv:1511.06422v7, which names it; reconstructed",
        (4, [16, 16, 3], EIGHTH), (0.001, 5e-4), gain=0.5, published="2.5M", counted=2_742_102,
    ),
    "torch_mnist": system(
        torch_mnist, "yobibyte/torch-lsuv, mnist-example.lua", (4, [28, 28, 1], {}), (0.002, 0, 0), input=GRAY,
        counted=105_506,
    ),
}
