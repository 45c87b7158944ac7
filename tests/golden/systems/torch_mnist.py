"""The digit classifier of Torch's demos, as the blog trained it.

torch/demos, train-a-digit-classifier/train-on-mnist.lua; yobibyte/torch-lsuv, mnist-example.lua, with ReLU for Tanh
and without padding in the first pooling, on images of 28 × 28.
"""
import torch
import torch.nn.functional as F


def torch_mnist(net, x, classes=10):
    x = F.max_pool2d(torch.relu(net.conv(x, 32, 5)), 3, 3)
    x = F.max_pool2d(torch.relu(net.conv(x, 64, 5)), 2, 2)
    return net.dense(torch.relu(net.dense(x, 200)), classes)
