"""Lines for the preprocessing layers, which take strings, indices and images: which layer, on which data. Data only."""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Line:
    """`given`: the array, or for an image its shape. `adapt`: what the layer adapts on."""

    layer: str
    arguments: dict[str, Any]
    given: Any
    adapt: Any = None

    @property
    def key(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        adapted = f" adapted on {zlib.crc32(repr(self.adapt).encode())}" if self.adapt is not None else ""
        return f"{self.layer}({arguments}) on {self.given}{adapted}"


WORDS = [["b", "z", "a"], ["c", "c", "yy"]]
DOCUMENTS = [["b", "a", "a"], ["c", "a", "d"], ["d", "e", "[UNK]"]]
NUMBERS = [[3, 9, 5], [7, 7, -4]]
LONG = [["", "a", "four", "eight888"], ["seventeen letters", "x" * 33, "of sixty-four bytes " * 4, "हिन्दी का एक लंबा वाक्य " * 9]]
TEXTS = ["The cat sat on the cat.", "a DOG, the cat sat;  É", "", "sat\tcat!"]
SPREAD = [[round(float(np.sin(i * j)) * 3, 3) for j in range(1, 8)] for i in range(1, 40)]

LINES = [
    Line("CategoryEncoding", {"num_tokens": 5}, [[0, 3, 3], [1, 4, 2]]),
    Line("CategoryEncoding", {"num_tokens": 5, "output_mode": "count"}, [[0, 3, 3], [1, 4, 2]]),
    Line("CategoryEncoding", {"num_tokens": 5, "output_mode": "count"}, [0, 3, 3]),
    Line("CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, [[0], [3]]),
    Line("CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, [[0, 3], [1, 4]]),
    *(
        Line("Discretization", {"bin_boundaries": [-1.0, 0.5, 2.0], "output_mode": mode}, [[-1.0, 0.49, 7.0], [-9.0, 2.0, 0.5]])
        for mode in ("int", "one_hot", "multi_hot", "count")
    ),
    Line("Discretization", {"num_bins": 4}, [[-1.0, 0.5], [2.0, 9.0]], SPREAD),
    Line("Discretization", {"num_bins": 5, "epsilon": 0.05}, [[-1.0, 0.5], [2.0, 9.0]], SPREAD),
    Line("Hashing", {"num_bins": 1000003}, LONG),
    Line("Hashing", {"num_bins": 1000003, "salt": 17}, LONG),
    Line("Hashing", {"num_bins": 1000003, "salt": [17, 5]}, LONG),
    Line("Hashing", {"num_bins": 7, "mask_value": "a"}, WORDS),
    Line("Hashing", {"num_bins": 7}, NUMBERS),
    Line("Hashing", {"num_bins": 7, "output_mode": "count"}, NUMBERS),
    Line("Hashing", {"num_bins": 4, "output_mode": "one_hot"}, [["a"], ["b"]]),
    Line("HashedCrossing", {"num_bins": 1000003}, [["A", "B", "A", "हिन्दी"], [101, 102, -7, 0]]),
    Line("HashedCrossing", {"num_bins": 5, "output_mode": "one_hot"}, [[[1], [2]], [[3], [4]], [[5], [6]]]),
    Line("HashedCrossing", {"num_bins": 9}, [["x", "y"], ["y", "x"]]),
    Line("StringLookup", {"vocabulary": ["a", "b", "c"]}, WORDS),
    Line("StringLookup", {"vocabulary": ["", "[UNK]", "a", "b", "c"], "mask_token": ""}, [["", "a", "x"]]),
    Line("StringLookup", {"vocabulary": ["a", "b"], "mask_token": "c", "output_mode": "count"}, WORDS),
    Line("StringLookup", {"vocabulary": ["a", "b", "c"], "num_oov_indices": 3}, WORDS),
    Line("StringLookup", {"vocabulary": ["a", "b", "c"], "invert": True}, [[1, 3, 0], [2, 2, 9]]),
    Line("StringLookup", {"vocabulary": ["a", "b", "c"], "output_mode": "one_hot"}, [["a"], ["x"]]),
    Line("StringLookup", {"vocabulary": ["a", "b", "c"], "output_mode": "multi_hot", "max_tokens": 6, "pad_to_max_tokens": True}, WORDS),
    Line("StringLookup", {"vocabulary": ["a", "b"], "output_mode": "tf_idf", "idf_weights": [0.5, 2.0]}, WORDS),
    Line("StringLookup", {}, WORDS, DOCUMENTS),
    Line("StringLookup", {"max_tokens": 4}, WORDS, DOCUMENTS),
    Line("StringLookup", {"output_mode": "tf_idf"}, WORDS, DOCUMENTS),
    Line("TextVectorization", {"vocabulary": ["cat", "sat"]}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["cat", "sat"], "output_sequence_length": 2}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["cat", "sat"], "output_sequence_length": 9}, [[text] for text in TEXTS]),
    Line("TextVectorization", {"vocabulary": ["The", "cat."], "standardize": None}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["the", "cat."], "standardize": "lower"}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["The", "cat"], "standardize": "strip_punctuation"}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["a", "t", "É", "é"], "split": "character"}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["cat", "cat sat"], "ngrams": 2}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["cat", "the cat sat"], "ngrams": (1, 3), "output_mode": "count"}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["sat"], "output_mode": "multi_hot", "max_tokens": 5, "pad_to_max_tokens": True}, TEXTS),
    Line("TextVectorization", {"vocabulary": ["cat", "sat"], "output_mode": "tf_idf", "idf_weights": [0.5, 2.0]}, TEXTS),
    Line("TextVectorization", {}, TEXTS, TEXTS),
    Line("TextVectorization", {"max_tokens": 5}, TEXTS, TEXTS),
    Line("TextVectorization", {"output_mode": "tf_idf", "ngrams": 2}, TEXTS, TEXTS),
    Line("IntegerLookup", {"vocabulary": [3, 5, 7]}, NUMBERS),
    Line("IntegerLookup", {"vocabulary": [3, 5, 7], "mask_token": 9}, NUMBERS),
    Line("IntegerLookup", {"vocabulary": [3, 5, 7], "num_oov_indices": 2}, NUMBERS),
    Line("IntegerLookup", {"vocabulary": [3, 5, 7], "output_mode": "multi_hot"}, NUMBERS),
    Line("IntegerLookup", {"vocabulary": [3, 5, 7], "invert": True}, [[0, 1], [3, 2]]),
    Line("IntegerLookup", {}, NUMBERS, [[3, 3, 8], [8, 3, 5]]),
]

SHAPE = (2, 5, 7, 3)
PIXELS = [
    *(Line("Resizing", {"height": 4, "width": 9, "interpolation": how}, SHAPE) for how in ("nearest", "bilinear", "bicubic")),
    *(Line("Resizing", {"height": 11, "width": 3, "interpolation": how}, SHAPE) for how in ("nearest", "bilinear", "bicubic")),
    Line("Resizing", {"height": 3, "width": 8, "crop_to_aspect_ratio": True}, SHAPE),
    Line("Resizing", {"height": 4, "width": 9, "data_format": "channels_first"}, (2, 3, 5, 7)),
    Line("CenterCrop", {"height": 2, "width": 4}, SHAPE),
    Line("CenterCrop", {"height": 4, "width": 9}, SHAPE),
    Line("CenterCrop", {"height": 2, "width": 4, "data_format": "channels_first"}, (2, 3, 5, 7)),
]


def given_of(line: Line) -> Any:
    """What the layer is called on: an array, or for a crossing the list of its columns."""
    return [np.array(column) for column in line.given] if line.layer == "HashedCrossing" else np.array(line.given)


def images(line: Line) -> NDArray[np.float32]:
    """Images of a line."""
    return np.asarray(np.random.default_rng(zlib.crc32(line.key.encode())).uniform(0, 255, line.given), np.float32)
