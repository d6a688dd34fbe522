"""TextVectorization: texts -> indices of words, by NumPy and a StringLookup. Rule: shapecheck.layers.text_preprocessing."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapecheck import layers as rules
from shapecheck.layers.base import Inference
from shapecheck.shapes import Shape
from tinyseq.engine.operator import Array
from tinyseq.engine.strings import texts
from tinyseq.layers.text_preprocessing import Categories, StringLookup, of_model

PUNCTUATION = str.maketrans("", "", "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'")
"""What standardize="strip_punctuation" takes out."""


class TextVectorization(rules.TextVectorization, Categories):
    """Texts -> indices of words, or a vector for each text; ngrams joins neighbours by a space. Rows are filled up with 0.

    Words are separated by whitespace; output_sequence_length cuts and fills rows of indices. `adapt` takes the vocabulary from texts.
    """

    input_dtype = "int64"
    takes_strings = True
    advice_for_sizes = "write output_sequence_length=100, the words of each text that count"
    _lookup: Any = None

    def infer_known(self, shape: Shape) -> Inference:
        """(n, 1) -> (n, depth): Keras 3.15 declares (n, 1, depth) here, and computes (n, depth)."""
        if self.output_mode != "int" and self.split is not None and shape.dims is not None and shape.dims[1:] == (1,):
            shape = Shape(shape.dims[:1])
        return super().infer_known(shape)

    def check_compute(self) -> None:
        super().check_compute()
        if self.ragged:
            raise NotImplementedError(f"{self.name}: ragged=True is not computed, all arrays are dense: leave it out")
        for argument, words in (("standardize", STANDARDS), ("split", ("whitespace", "character"))):
            value = getattr(self, argument)
            if not (value is None or callable(value) or value in words):
                raise ValueError(f"{self.name}: {argument}={value!r} is unknown: write one of {', '.join(words)}, None, or a function")

    def _table(self) -> StringLookup:
        """The lookup of words, with the vocabulary of this layer."""
        if self._lookup is None or self._lookup.vocabulary is not self.vocabulary:
            beside = {"vocabulary": self.vocabulary, "idf_weights": self.idf_weights}
            self._lookup = StringLookup(
                self.max_tokens, mask_token="", output_mode=self.output_mode, pad_to_max_tokens=self.pad_to_max_tokens, **beside
            )
        found: StringLookup = self._lookup
        return found

    def adapt(self, data: Any) -> None:
        """Takes the vocabulary from texts: an array or list of them, or an iterable of arrays.

        Raises ValueError if the vocabulary was passed as an argument, or if there are no texts.
        """
        if self.vocabulary is not None and not self._adapted:
            raise ValueError(f"{self.name}: already has its vocabulary from its arguments: remove it to use adapt()")
        batches = [data] if isinstance(data, (np.ndarray, list, tuple)) else data
        documents = [np.array(words, np.str_) for batch in batches for words in self._words(self.accepted(batch))]
        if not documents:
            raise ValueError(f"{self.name}: adapt() got no data: pass an array of texts")
        table = self._table()
        table.learn(documents)
        self._learnt(vocabulary=table.vocabulary, idf_weights=table.idf_weights)
        self._adapted = True

    _adapted: bool = False

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The words in the order of their indices.

        Arguments:
            include_special_tokens: False: without "" (no word) and "[UNK]"
        """
        return self._table().get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """How many indices there are."""
        return self._table().vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Replaces the vocabulary.

        Arguments:
            vocabulary: a list of words, or the path of a file with one in each line
            idf_weights: one for each word, with output_mode="tf_idf"
        """
        table = self._table()
        table.set_vocabulary(vocabulary, idf_weights)
        self._learnt(vocabulary=vocabulary, idf_weights=idf_weights)
        self._adapted = False

    def accepted(self, value: Any) -> Array:
        return texts(str(self.name), value)

    def _words(self, given: Array) -> list[list[str]]:
        """The words of each text, then their n-grams."""
        if self.split is not None and given.ndim > 1:
            if given.shape[-1] != 1:
                raise ValueError(f"{self.name}: got texts of shape {given.shape}: pass one for each sample, of shape {given.shape[:1]}")
            given = given[..., 0]
        standard = STANDARDS.get(self.standardize, self.standardize) if not callable(self.standardize) else self.standardize
        if callable(self.standardize):
            given = np.asarray(standard(given))
        elif standard is not None:
            given = np.array([standard(text) for text in given.reshape(-1).tolist()], np.str_).reshape(given.shape)
        if callable(self.split):
            found = [[str(word) for word in words] for words in self.split(given)]
        elif self.split is None:
            found = [np.atleast_1d(row).tolist() for row in given]
        else:
            found = [list(text) if self.split == "character" else text.split() for text in given.reshape(-1).tolist()]
        widths = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
        return found if widths is None else [[gram for width in widths for gram in _grams(words, width)] for words in found]

    def outcome(self, x: Array) -> Array:
        one = x.ndim == 0
        words, table = self._words(x.reshape(1) if one else x), self._table()
        longest = max(map(len, words), default=0)
        if self.output_mode == "int" and self.output_sequence_length is not None:
            longest = self.output_sequence_length
        rows = [row[:longest] + [""] * (longest - len(row)) for row in words]
        found = table.outcome(np.array(rows, np.str_).reshape(len(rows), longest))
        return found[0] if one else found

    def forward(self, ctx: Any, *inputs: Any) -> Any:
        ctx.output[...] = self.outcome(of_model(self, inputs[0]))
        return ctx.output


def _lower(text: str) -> str:
    """ASCII letters only, as Keras on TensorFlow."""
    return "".join(letter.lower() if letter < "\x80" else letter for letter in text)


def _grams(words: list[str], width: int) -> list[str]:
    return [" ".join(words[start : start + width]) for start in range(len(words) - width + 1)]


STANDARDS: dict[Any, Any] = {
    "lower_and_strip_punctuation": lambda text: _lower(text).translate(PUNCTUATION),
    "lower": _lower,
    "strip_punctuation": lambda text: text.translate(PUNCTUATION),
}
