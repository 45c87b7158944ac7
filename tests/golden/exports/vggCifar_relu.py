"""vggCifar shrink 16 relu for 32x32x3 images in 10 classes, written by goodinit.

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
            ("conv1", nn.Conv2d(3, 4, 3, padding=1)),
            ("batchnorm1", nn.BatchNorm2d(4, eps=0.001, momentum=0.1)), ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(4, 4, 3, padding=1)),
            ("batchnorm2", nn.BatchNorm2d(4, eps=0.001, momentum=0.1)), ("relu2", nn.ReLU()),
            ("pool1", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("conv3", nn.Conv2d(4, 8, 3, padding=1)),
            ("batchnorm3", nn.BatchNorm2d(8, eps=0.001, momentum=0.1)), ("relu3", nn.ReLU()),
            ("conv4", nn.Conv2d(8, 8, 3, padding=1)),
            ("batchnorm4", nn.BatchNorm2d(8, eps=0.001, momentum=0.1)), ("relu4", nn.ReLU()),
            ("pool2", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("conv5", nn.Conv2d(8, 16, 3, padding=1)),
            ("batchnorm5", nn.BatchNorm2d(16, eps=0.001, momentum=0.1)), ("relu5", nn.ReLU()),
            ("conv6", nn.Conv2d(16, 16, 3, padding=1)),
            ("batchnorm6", nn.BatchNorm2d(16, eps=0.001, momentum=0.1)), ("relu6", nn.ReLU()),
            ("conv7", nn.Conv2d(16, 16, 3, padding=1)),
            ("batchnorm7", nn.BatchNorm2d(16, eps=0.001, momentum=0.1)), ("relu7", nn.ReLU()),
            ("pool3", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("conv8", nn.Conv2d(16, 32, 3, padding=1)),
            ("batchnorm8", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu8", nn.ReLU()),
            ("conv9", nn.Conv2d(32, 32, 3, padding=1)),
            ("batchnorm9", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu9", nn.ReLU()),
            ("conv10", nn.Conv2d(32, 32, 3, padding=1)),
            ("batchnorm10", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu10", nn.ReLU()),
            ("pool4", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("conv11", nn.Conv2d(32, 32, 3, padding=1)),
            ("batchnorm11", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu11", nn.ReLU()),
            ("conv12", nn.Conv2d(32, 32, 3, padding=1)),
            ("batchnorm12", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu12", nn.ReLU()),
            ("conv13", nn.Conv2d(32, 32, 3, padding=1)),
            ("batchnorm13", nn.BatchNorm2d(32, eps=0.001, momentum=0.1)), ("relu13", nn.ReLU()),
            ("pool5", nn.MaxPool2d(2, 2, ceil_mode=True)),
            ("flatten1", nn.Flatten()),
            ("hidden", nn.Linear(32, 32)),
            ("batchnorm14", nn.BatchNorm1d(32, eps=0.00001, momentum=0.1)), ("relu14", nn.ReLU()),
            ("classifier", nn.Linear(32, 10)),
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
