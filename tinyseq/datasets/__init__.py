"""Data sets. `digits`, `devanagari` and `photographs` are inside the package; the others are downloaded when you load them.

    digits            1,797 handwritten digits, 8 x 8                      embedded, no network
    devanagari        1,500 Devanagari digits drawn from fonts, 28 x 28    embedded, no network
    photographs       one colour photograph, 250 x 250                     embedded, no network
    mnist             70,000 handwritten digits, 28 x 28                   11 MB, once
    fashion_mnist     70,000 pictures of clothes, 28 x 28                  30 MB, once
    cifar10, cifar100 60,000 colour photographs, 32 x 32                   170 MB, once

Every `load_data()` returns `(x_train, y_train), (x_test, y_test)`, NumPy arrays of uint8, as Keras's loaders do.
Downloads are stored where Keras stores them (`~/.keras/datasets`, or under `KERAS_HOME`) under the same names, so that
the two share one copy.
"""

from typing import TYPE_CHECKING

from tinyseq.datasets import cifar10, cifar100, devanagari, digits, fashion_mnist, mnist, photographs
from tinyseq.did_you_mean import attributes_of

__all__ = ["cifar10", "cifar100", "devanagari", "digits", "fashion_mnist", "mnist", "photographs"]

if not TYPE_CHECKING:  # so that mypy still reports names that do not exist
    __getattr__ = attributes_of(__name__)
