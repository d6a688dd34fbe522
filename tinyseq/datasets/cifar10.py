"""CIFAR-10: 60,000 colour photographs in 10 classes, 32 x 32 (downloads 170 MB once).

A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009),
https://www.cs.toronto.edu/~kriz/cifar.html. Archive, name in the cache, address and hash are Keras's; the archive is
read without unpacking it.
"""

import numpy as np

from tinyseq.datasets.cifar import read_batch
from tinyseq.datasets.download import get_file
from tinyseq.datasets.embedded import Split

ORIGIN = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def load_data() -> Split:
    """-> (x_train, y_train), (x_test, y_test): (50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1), all
    uint8.

    Images hold 0 to 255; label k means CLASSES[k]. DownloadError if the file is neither in the cache nor reachable.
    """
    archive = get_file("cifar-10-batches-py-target_archive", ORIGIN, file_hash=SHA256)
    names = [f"data_batch_{i}" for i in range(1, 6)]
    batches = [read_batch(archive, f"cifar-10-batches-py/{name}", "labels") for name in names]
    x_train, y_train = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    return (x_train, y_train), read_batch(archive, "cifar-10-batches-py/test_batch", "labels")
