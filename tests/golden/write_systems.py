#!/usr/bin/env python3
"""Writes systems/NAME.json: parameters and three training steps of every system of the paper's tables.

    python3 tests/golden/write_systems.py            # all, a few minutes on one core
    python3 tests/golden/write_systems.py nin        # only these
"""
import os
import sys

import torch

from systems.catalogue import SYSTEMS
from systems.training import golden
from write_golden import write

torch.set_num_threads(1)


def main(names):
    for name in names or SYSTEMS:
        path = f"systems/{name}.json"
        write(path, golden(name, SYSTEMS[name]))


if __name__ == "__main__":
    main(sys.argv[1:])
