"""minNetMnist shrink 16 maxout for 28x28x1 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 1, 28, 28]
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


class Net(nn.Sequential):
    class_names = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(1, 8, 5, padding=2)),
            ("batchnorm1", nn.BatchNorm2d(8, eps=0.0001, momentum=0.1)),
            ("conv2", nn.Conv2d(8, 30, 1, padding=0)),
            ("batchnorm2", nn.BatchNorm2d(30, eps=0.0001, momentum=0.1)), ("maxout1", Maxout(5)),
            ("conv3", nn.Conv2d(6, 15, 1, padding=0)),
            ("batchnorm3", nn.BatchNorm2d(15, eps=0.0001, momentum=0.1)), ("maxout2", Maxout(5)),
            ("pool1", nn.AvgPool2d(3, 2, ceil_mode=True, count_include_pad=False)),
            ("conv4", nn.Conv2d(3, 8, 5, padding=2)),
            ("batchnorm4", nn.BatchNorm2d(8, eps=0.0001, momentum=0.1)),
            ("conv5", nn.Conv2d(8, 30, 1, padding=0)),
            ("batchnorm5", nn.BatchNorm2d(30, eps=0.0001, momentum=0.1)), ("maxout3", Maxout(5)),
            ("conv6", nn.Conv2d(6, 15, 1, padding=0)),
            ("batchnorm6", nn.BatchNorm2d(15, eps=0.0001, momentum=0.1)), ("maxout4", Maxout(5)),
            ("pool2", nn.AvgPool2d(3, 2, ceil_mode=True, count_include_pad=False)),
            ("conv7", nn.Conv2d(3, 8, 3, padding=1)),
            ("batchnorm7", nn.BatchNorm2d(8, eps=0.0001, momentum=0.1)),
            ("conv8", nn.Conv2d(8, 30, 1, padding=0)),
            ("batchnorm8", nn.BatchNorm2d(30, eps=0.0001, momentum=0.1)), ("maxout5", Maxout(5)),
            ("conv9", nn.Conv2d(6, 50, 1, padding=0)),
            ("batchnorm9", nn.BatchNorm2d(50, eps=0.0001, momentum=0.1)), ("maxout6", Maxout(5)),
            ("pool3", nn.AdaptiveAvgPool2d(1)),
            ("flatten1", nn.Flatten()),
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
