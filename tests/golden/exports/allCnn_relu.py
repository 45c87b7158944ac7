"""allCnn relu for 32x32x3 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 3, 32, 32]
"""
import json
from collections import OrderedDict

import torch
from torch import nn


class Net(nn.Sequential):
    class_names = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
        "truck",
    ]

    def __init__(self):
        super().__init__(OrderedDict([
            ("conv1", nn.Conv2d(3, 96, 3, padding=1)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(96, 96, 3, padding=1)), ("relu2", nn.ReLU()),
            ("conv3", nn.Conv2d(96, 96, 3, stride=2, padding=1)), ("relu3", nn.ReLU()),
            ("conv4", nn.Conv2d(96, 192, 3, padding=1)), ("relu4", nn.ReLU()),
            ("conv5", nn.Conv2d(192, 192, 3, padding=1)), ("relu5", nn.ReLU()),
            ("conv6", nn.Conv2d(192, 192, 3, stride=2, padding=1)), ("relu6", nn.ReLU()),
            ("conv7", nn.Conv2d(192, 192, 3, padding=0)), ("relu7", nn.ReLU()),
            ("conv8", nn.Conv2d(192, 192, 1, padding=0)), ("relu8", nn.ReLU()),
            ("conv9", nn.Conv2d(192, 10, 1, padding=0)), ("relu9", nn.ReLU()),
            ("pool1", nn.AdaptiveAvgPool2d(1)),
            ("flatten1", nn.Flatten()),
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
