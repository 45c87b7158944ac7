"""fitnetMnist gelu for 28x28x1 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 1, 28, 28]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Net(nn.Sequential):
    class_names = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(1, 16, 3, padding=1)), ("gelu1", nn.GELU()),
            ("conv2", nn.Conv2d(16, 16, 3, padding=1)), ("gelu2", nn.GELU()),
            ("pool1", nn.MaxPool2d(4, 2, ceil_mode=True)),
            ("conv3", nn.Conv2d(16, 16, 3, padding=1)), ("gelu3", nn.GELU()),
            ("conv4", nn.Conv2d(16, 16, 3, padding=1)), ("gelu4", nn.GELU()),
            ("pool2", nn.MaxPool2d(4, 2, ceil_mode=True)),
            ("conv5", nn.Conv2d(16, 12, 3, padding=1)), ("gelu5", nn.GELU()),
            ("conv6", nn.Conv2d(12, 12, 3, padding=1)), ("gelu6", nn.GELU()),
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
