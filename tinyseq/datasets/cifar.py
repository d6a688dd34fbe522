"""Common code of CIFAR-10 and CIFAR-100: Python pickles inside a .tar.gz, read without trusting the pickles."""

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tinyseq.datasets.embedded import Array

# All that the pickles of 2009 name. Anything else is refused, because unpickling a class runs code.
ALLOWED: dict[tuple[str, str], Callable[[], Any]] = {
    ("numpy.core.multiarray", "_reconstruct"): lambda: np.zeros(0).__reduce__()[0],
    ("numpy", "ndarray"): lambda: np.ndarray,
    ("numpy", "dtype"): lambda: np.dtype,
    ("_codecs", "encode"): lambda: __import__("codecs").encode,
}


class _Pickles(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"a CIFAR file contains only arrays and lists, not {module}.{name}: not opened")
        return ALLOWED[module, name]()


def read_batch(archive: Path, member: str, labels: str) -> tuple[Array, Array]:
    """-> images (n, 32, 32, 3) uint8, labels (n, 1) uint8 from one pickle in the archive; `labels` is the key of
    the labels.
    """
    with tarfile.open(archive) as tar:
        file = tar.extractfile(member)
        assert file is not None, member  # the hash has been checked: it is the known archive
        batch = _Pickles(io.BytesIO(file.read()), encoding="bytes").load()
    planes = batch[b"data"].reshape(-1, 3, 32, 32)  # red, green, blue, each row by row
    images = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
    return images, np.array(batch[labels.encode()], np.uint8).reshape(-1, 1)
