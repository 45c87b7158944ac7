"""caffenet shrink 16 stem small relu for 35x35x3 images in 10 classes, written by goodinit.

    net = load(); logits = net(net.preprocess(pixels))  # pixels 0 to 255, [batch, 3, 35, 35]
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
            ("conv1", nn.Conv2d(3, 6, 5, padding=2)), ("relu1", nn.ReLU()),
            ("pool1", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("lrn1", nn.LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=1)),
            ("conv2", nn.Conv2d(6, 16, 5, padding=2, groups=2)), ("relu2", nn.ReLU()),
            ("pool2", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("lrn2", nn.LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=1)),
            ("conv3", nn.Conv2d(16, 24, 3, padding=1)), ("relu3", nn.ReLU()),
            ("conv4", nn.Conv2d(24, 24, 3, padding=1, groups=2)), ("relu4", nn.ReLU()),
            ("conv5", nn.Conv2d(24, 16, 3, padding=1, groups=2)), ("relu5", nn.ReLU()),
            ("pool3", nn.MaxPool2d(3, 2, ceil_mode=True)),
            ("flatten1", nn.Flatten()),
            ("hidden1", nn.Linear(256, 256)), ("relu6", nn.ReLU()),
            ("hidden2", nn.Linear(256, 256)), ("relu7", nn.ReLU()),
            ("classifier", nn.Linear(256, 10)),
        ]))
        self.register_buffer("mean", torch.zeros(3, 35, 35))

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
