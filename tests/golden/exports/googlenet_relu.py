"""googlenet shrink 16 batchnorm yes stem small relu for 32x32x3 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 3, 32, 32]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Concat(nn.Module):
    """The channels of all branches of one x."""

    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


class Companion(nn.Module):
    """The identity; in training the head's output had a loss of its own, of this weight."""

    def __init__(self, weight, *, head):
        super().__init__()
        self.weight = weight
        self.head = head

    def forward(self, x):
        return x


class Net(nn.Sequential):
    class_names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
        "truck",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(3, 4, 3, padding=1, bias=False)),
            ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(4, 4, 1, padding=0, bias=False)),
            ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
            ("conv3", nn.Conv2d(4, 12, 3, padding=1, bias=False)),
            ("batchnorm3", nn.BatchNorm2d(12, eps=0.00001, momentum=0.1)), ("relu3", nn.ReLU()),
            ("pool1", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("concat1", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(12, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(12, 6, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(6, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(6, 8, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(12, 1, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(1, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(1, 2, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(12, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("concat2", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(8, 12, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(12, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 6, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(6, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(16, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("pool2", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("concat3", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(30, 12, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(12, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(30, 6, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(6, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(6, 13, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(13, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(30, 1, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(1, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(1, 3, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(3, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(30, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("companion1", Companion(0.3,
                head=nn.Sequential(OrderedDict([
                    ("pool1", nn.AvgPool2d(5, 3, ceil_mode=True)),
                    ("conv1", nn.Conv2d(32, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("flatten1", nn.Flatten()),
                    ("dense1", nn.Linear(32, 64)), ("relu2", nn.ReLU()),
                    ("dense2", nn.Linear(64, 10)),
                ])),
            )),
            ("concat4", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 10, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(10, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 7, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(7, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(7, 14, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(14, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 4, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(32, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("concat5", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(8, 16, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 4, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(32, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("concat6", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 7, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(7, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 9, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(9, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(9, 18, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(18, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 4, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(32, 4, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("companion2", Companion(0.3,
                head=nn.Sequential(OrderedDict([
                    ("pool1", nn.AvgPool2d(5, 3, ceil_mode=True)),
                    ("conv1", nn.Conv2d(33, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("flatten1", nn.Flatten()),
                    ("dense1", nn.Linear(32, 64)), ("relu2", nn.ReLU()),
                    ("dense2", nn.Linear(64, 10)),
                ])),
            )),
            ("concat7", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(33, 16, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(33, 10, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(10, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(10, 20, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(20, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(33, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 8, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(33, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("pool3", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("concat8", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 16, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(16, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 10, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(10, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(10, 20, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(20, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 2, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(2, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(2, 8, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(52, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("concat9", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 24, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(24, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 12, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(12, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(12, 24, 3, padding=1, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(24, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(52, 3, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(3, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                    ("conv2", nn.Conv2d(3, 8, 5, padding=2, bias=False)),
                    ("batchnorm2", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu2", nn.ReLU()),
                ])),
                branch4=nn.Sequential(OrderedDict([
                    ("pool1", nn.MaxPool2d(3, 1, padding=1)),
                    ("conv1", nn.Conv2d(52, 8, 1, padding=0, bias=False)),
                    ("batchnorm1", nn.BatchNorm2d(8, eps=0.00001, momentum=0.1)), ("relu1", nn.ReLU()),
                ])),
            )),
            ("pool4", nn.AdaptiveAvgPool2d(1)),
            ("flatten1", nn.Flatten()),
            ("classifier", nn.Linear(64, 10)),
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
