"""Fashion-MNIST: 70,000 pictures of clothes in 10 classes, 28 x 28 (downloads 30 MB once).

Copyright Zalando SE, MIT licence (https://github.com/zalandoresearch/fashion-mnist). Files and address are Keras's;
the hashes are of the unpacked contents, so that copies compressed by others (Debian's dataset-fashion-mnist) are
valid too.
"""

import gzip

import numpy as np

from tinyseq.datasets.download import get_file
from tinyseq.datasets.embedded import Array, Split

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
CONTENTS = {
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
}
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def load_data() -> Split:
    """-> (x_train, y_train), (x_test, y_test): (60000, 28, 28), (60000,), (10000, 28, 28), (10000,), all uint8.

    Images hold 0 to 255; label k means CLASSES[k]. DownloadError if a file is neither in the cache nor reachable.
    """
    y_train, x_train, y_test, x_test = (_read_idx(name) for name in CONTENTS)
    return (x_train, y_train), (x_test, y_test)


def _read_idx(name: str) -> Array:
    """One IDX file: bytes 0, 0, type, rank, then `rank` big-endian 32-bit sizes, then the values."""
    path = get_file(name, ORIGIN + name, CONTENTS[name], cache_subdir="datasets/fashion-mnist", unpack=gzip.open)
    with gzip.open(path) as file:
        rank = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * rank), ">i4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape).copy()
