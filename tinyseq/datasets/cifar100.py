"""CIFAR-100: 60,000 colour photographs in 100 classes of 20 groups, 32 x 32 (downloads 170 MB once).

A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009),
https://www.cs.toronto.edu/~kriz/cifar.html. Archive, name in the cache, address and hash are Keras's; the archive is
read without unpacking it.
"""

from tinyseq.datasets.cifar import read_batch
from tinyseq.datasets.download import get_file
from tinyseq.datasets.embedded import Split

ORIGIN = "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
SHA256 = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"


def load_data(label_mode: str = "fine") -> Split:
    """-> (x_train, y_train), (x_test, y_test): (50000, 32, 32, 3), (50000, 1), (10000, 32, 32, 3), (10000, 1), all
    uint8.

    label_mode: "fine" for labels 0 to 99, "coarse" for the 20 groups; ValueError for anything else.
    DownloadError if the file is neither in the cache nor reachable.
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError(f'label_mode must be "fine" (100 classes) or "coarse" (20 groups), got {label_mode!r}')
    archive = get_file("cifar-100-python-target_archive", ORIGIN, file_hash=SHA256)
    train, test = (
        read_batch(archive, f"cifar-100-python/{part}", f"{label_mode}_labels") for part in ("train", "test")
    )
    return train, test
