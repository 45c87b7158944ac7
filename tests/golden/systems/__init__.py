"""Every system of the paper's tables in PyTorch, each read from its own source.

A net is a function of a `Net`, which gives it layers with parameters, and of a batch of images NCHW. Its
first run declares the parameters in execution order; later runs use them.
"""
