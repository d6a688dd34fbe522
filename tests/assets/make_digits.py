"""Make tinyseq/datasets/files/digits.npz from the digits inside scikit-learn's wheel.

    python tests/assets/make_digits.py        needs scikit-learn 1.9.1 (not a dependency of tinyseq)

The 1,797 rows are the test part of UCI's "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998, CC BY
4.0). They come form by form: people copied one printed form of 130 digits, so the sequence of the labels starts anew
with every form (a few digits were lost on the way). FORM_STARTS keeps those places, so that a split can keep whole
forms together; `resembles_first_form` checks them.
"""

from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TARGET = Path(__file__).parents[2] / "tinyseq" / "datasets" / "files" / "digits.npz"
FORM_STARTS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)


def resembles_first_form(labels: NDArray[np.uint8], start: int, stop: int) -> bool:
    """Do rows start..stop-1 spell the printed form, up to the digits that were lost (8 of 130 at most)?"""
    form, rows = ("".join(map(str, labels[part])) for part in (slice(0, 130), slice(start, stop)))
    return SequenceMatcher(None, form, rows, autojunk=False).ratio() > 0.9


def main() -> None:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images = bunch.images.astype(np.uint8)  # (1797, 8, 8), 0 paper ... 16 ink
    labels = bunch.target.astype(np.uint8)
    assert np.array_equal(images, bunch.images) and images.shape == (1797, 8, 8) and images.max() == 16
    assert all(resembles_first_form(labels, start, stop) for start, stop in pairwise((*FORM_STARTS, 1797)))
    np.savez_compressed(TARGET, images=images, labels=labels, form_starts=np.array(FORM_STARTS, dtype=np.int64))
    print(TARGET.name, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
