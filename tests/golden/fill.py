"""The numbers of fill.ts: the same from the same seed in both languages."""
import numpy as np


def fill(n, seed, scale):
    """`n` numbers between `-scale` and `scale`, as float32."""
    u = np.uint32
    with np.errstate(over="ignore"):
        h = (np.arange(1, n + 1, dtype=u) * u(0x9E3779B1)) ^ u(seed * 0x85EBCA6B & 0xFFFFFFFF)
        h = (h ^ (h >> u(15))) * u(0x2C1B3C6D)
        h = (h ^ (h >> u(12))) * u(0x297A2D39)
        h = h ^ (h >> u(15))
    return ((h.astype(np.float64) / 2147483648 - 1) * scale).astype(np.float32)
