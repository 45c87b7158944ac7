"""resnet20 shrink 4 relu for 32x32x3 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 3, 32, 32]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Residual(nn.Module):
    """x + branch(x); where the branch has fewer pixels and more channels, every `stride`-th pixel of x
    and channels of zeros."""

    def __init__(self, stride=1, *, branch):
        super().__init__()
        self.stride = stride
        self.branch = branch

    def forward(self, x):
        y = self.branch(x)
        if self.stride > 1:
            x = x[:, :, :: self.stride, :: self.stride]
        if y.shape[1] > x.shape[1]:
            x = nn.functional.pad(x, (0, 0, 0, 0, 0, y.shape[1] - x.shape[1]))
        return x + y


class Net(nn.Sequential):
    class_names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
        "truck",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(3, 4, 3, padding=1, bias=False)),
            ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
            ("residual1", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu2", nn.ReLU()),
            ("residual2", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu3", nn.ReLU()),
            ("residual3", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(4, 4, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu4", nn.ReLU()),
            ("residual4", Residual(2,
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(4, 8, 3, stride=2, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(8, 8, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu5", nn.ReLU()),
            ("residual5", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(8, 8, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu6", nn.ReLU()),
            ("residual6", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(8, 8, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu7", nn.ReLU()),
            ("residual7", Residual(2,
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 16, 3, stride=2, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(16, 16, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu8", nn.ReLU()),
            ("residual8", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 16, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(16, 16, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu9", nn.ReLU()),
            ("residual9", Residual(
                branch=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 16, 3, padding=1, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(16, 16, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)),
                ])),
            )), ("relu10", nn.ReLU()),
            ("pool1", nn.AdaptiveAvgPool2d(1)),
            ("flatten1", nn.Flatten()),
            ("classifier", nn.Linear(16, 10)),
        ]))
        self.register_buffer("mean", torch.zeros(3, 32, 32))

    def preprocess(self, pixels):
        x = pixels - pixels.mean((1, 2, 3), keepdim=True)
        norm = x.square().sum((1, 2, 3), keepdim=True).sqrt() / 55
        return x / torch.where(norm < 1e-8, torch.ones_like(norm), norm) - self.mean


def load(path="model.safetensors"):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    raw = {name: bytearray(data[slice(*t["data_offsets"])]) for name, t in header.items()}
    flat = {name: torch.frombuffer(raw[name], dtype=torch.float32) for name in raw}
    net = Net()
    net.load_state_dict({name: x.reshape(header[name]["shape"]) for name, x in flat.items()})
    return net.eval()
