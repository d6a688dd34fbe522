"""MNIST: 70,000 handwritten digits, 28 x 28 (downloads 11 MB once).

Y. LeCun and C. Cortes hold the copyright; licence CC BY-SA 3.0. File, address and hash are Keras's.
"""

import numpy as np

from tinyseq.datasets.download import get_file
from tinyseq.datasets.embedded import Split

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path: str = "mnist.npz") -> Split:
    """-> (x_train, y_train), (x_test, y_test): (60000, 28, 28), (60000,), (10000, 28, 28), (10000,), all uint8.

    path: name of the file in the cache folder. Images hold 0 to 255. DownloadError if the file is neither in the cache
    nor reachable.
    """
    with np.load(get_file(path, ORIGIN, file_hash=SHA256), allow_pickle=False) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])
