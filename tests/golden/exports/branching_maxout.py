"""branching maxout for 32x32x3 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 3, 32, 32]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Maxout(nn.Module):
    """The maximum over `pieces` groups of channels; group k is the k-th block of channels."""

    def __init__(self, pieces):
        super().__init__()
        self.pieces = pieces

    def forward(self, x):
        return x.reshape(x.shape[0], self.pieces, -1, *x.shape[2:]).amax(1)


class Concat(nn.Module):
    """The channels of all branches of one x."""

    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


class Net(nn.Sequential):
    class_names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
        "truck",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(3, 32, 3, padding=1)), ("maxout1", Maxout(2)),
            ("pool1", nn.MaxPool2d(2, 2)),
            ("concat1", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 16, 1, padding=0)), ("maxout1", Maxout(2)),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 32, 3, padding=1)), ("maxout1", Maxout(2)),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(16, 16, 5, padding=2)), ("maxout1", Maxout(2)),
                ])),
            )),
            ("pool2", nn.MaxPool2d(2, 2)),
            ("concat2", Concat(
                branch1=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 32, 1, padding=0)), ("maxout1", Maxout(2)),
                ])),
                branch2=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 64, 3, padding=1)), ("maxout1", Maxout(2)),
                ])),
                branch3=nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(32, 32, 5, padding=2)), ("maxout1", Maxout(2)),
                ])),
            )),
            ("pool3", nn.AdaptiveMaxPool2d(1)),
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
