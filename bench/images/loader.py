"""PyTorch's DataLoader on a folder of JPEGs: images per second, as JSON.

torchvision's RandomResizedCrop(224), RandomHorizontalFlip and ToTensor, written with Pillow as torchvision has
them, so that Pillow and PyTorch are all that is needed.

    python3 bench/images/loader.py FOLDER --workers 2 --batch 64 --images 1800
"""

import argparse
import json
import math
import os
import random
import resource
import time

import numpy as np
import PIL
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


def random_part(width, height):
    area, low, high = width * height, math.log(3 / 4), math.log(4 / 3)
    for _ in range(10):
        target, ratio = area * random.uniform(0.08, 1), math.exp(random.uniform(low, high))
        w, h = round(math.sqrt(target * ratio)), round(math.sqrt(target / ratio))
        if 0 < w <= width and 0 < h <= height:
            return random.randint(0, width - w), random.randint(0, height - h), w, h
    return 0, 0, width, height


class Pictures(Dataset):
    def __init__(self, folder, count, crop):
        found = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
        self.files, self.count, self.crop = sorted(found), count, crop

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        with open(self.files[index % len(self.files)], "rb") as file:
            image = Image.open(file).convert("RGB")
        x, y, w, h = random_part(*image.size)
        image = image.crop((x, y, x + w, y + h)).resize((self.crop, self.crop), Image.BILINEAR)
        if random.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        # torchvision's to_tensor.
        pixels = torch.from_numpy(np.array(image, np.uint8, copy=True))
        return pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255), index % 10


def resident():
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--images", type=int, default=1800)
    parser.add_argument("--crop", type=int, default=224)
    options = parser.parse_args()
    torch.set_num_threads(1)
    data = Pictures(options.folder, options.images, options.crop)
    loader = DataLoader(data, batch_size=options.batch, num_workers=options.workers, drop_last=True)
    began = warm = time.perf_counter()
    batches = 0
    for images, labels in loader:
        batches += 1
        if batches == 4:
            warm = time.perf_counter()
    seconds = time.perf_counter() - warm
    del loader
    own, workers = resident()
    print(json.dumps({
        "torch": torch.__version__,
        "pillow": PIL.__version__,
        "images": (batches - 4) * options.batch,
        "imagesPerSecond": round((batches - 4) * options.batch / seconds),
        "firstBatchesSeconds": round(warm - began, 3),
        "megabytes": round((own + options.workers * workers) / 1000),
    }))


main()
