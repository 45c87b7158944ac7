"""fitnetMnist maxout for 28x28x1 images in 10 classes, written by goodinit.

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
            ("conv1", nn.Conv2d(1, 32, 3, padding=1)), ("maxout1", Maxout(2)),
            ("conv2", nn.Conv2d(16, 32, 3, padding=1)), ("maxout2", Maxout(2)),
            ("pool1", nn.MaxPool2d(4, 2, ceil_mode=True)),
            ("conv3", nn.Conv2d(16, 32, 3, padding=1)), ("maxout3", Maxout(2)),
            ("conv4", nn.Conv2d(16, 32, 3, padding=1)), ("maxout4", Maxout(2)),
            ("pool2", nn.MaxPool2d(4, 2, ceil_mode=True)),
            ("conv5", nn.Conv2d(16, 24, 3, padding=1)), ("maxout5", Maxout(2)),
            ("conv6", nn.Conv2d(12, 24, 3, padding=1)), ("maxout6", Maxout(2)),
            ("pool3", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("flatten1", nn.Flatten()),
            ("classifier", nn.Linear(108, 10)),
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
