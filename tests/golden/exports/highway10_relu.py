"""highway10 shrink 4 relu for 28x28x1 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 1, 28, 28]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Highway(nn.Module):
    """t * h(x) + (1 - t) * x with t = sigmoid(gate(x))."""

    def __init__(self, *, h, gate):
        super().__init__()
        self.h = h
        self.gate = gate

    def forward(self, x):
        t = torch.sigmoid(self.gate(x))
        return t * self.h(x) + (1 - t) * x


class Net(nn.Sequential):
    class_names = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(1, 8, 5, padding=0)), ("relu1", nn.ReLU()),
            ("highway1", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("highway2", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("pool1", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("highway3", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("highway4", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("highway5", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("pool2", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("highway6", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("highway7", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("highway8", Highway(
                h=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)), ("relu1", nn.ReLU()),
                ])),
                gate=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(8, 8, 3, padding=1)),
                ])),
            )),
            ("pool3", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("flatten1", nn.Flatten()),
            ("classifier", nn.Linear(72, 10)),
        ]))

    def preprocess(self, pixels):
        return pixels * 0.004


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
