"""Words, categories and numbers -> indices or vectors, by NumPy. Rules: shapecheck.layers.text_preprocessing.

Layers that take strings compute on arrays, and as the first layers of a model: after keras.Input(shape, dtype="string").
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from shapecheck import layers as rules
from tinyseq.engine.operator import Array
from tinyseq.engine.strings import are_strings, strings, texts
from tinyseq.layers import bins
from tinyseq.layers.by_numpy import ByNumPy
from tinyseq.layers.encodings import dense_only, encoded
from tinyseq.layers.farm_hash import bucket


class Categories(ByNumPy):
    """Common base: whole numbers out, no gradient."""

    differentiable = False
    output_mode: Any

    @property
    def output_dtype(self) -> str:  # type: ignore[override]
        return "int64" if self.output_mode == "int" else "float32"

    def check_compute(self) -> None:
        dense_only(self)

    def _learnt(self, **arguments: Any) -> None:
        """Replaces arguments, which are fixed otherwise, by what the data say."""
        self.__dict__.update(arguments)
        self._engines.clear()


class CategoryEncoding(rules.CategoryEncoding, Categories):
    input_dtype = "int64"

    def outcome(self, x: Array) -> Array:
        if x.size and not 0 <= x.min() <= x.max() < self.num_tokens:
            first = x[(x < 0) | (x >= self.num_tokens)][0]
            raise ValueError(
                f"{self.name}: category {first} is outside of 0..{self.num_tokens - 1}: make num_tokens greater than every category, "
                f"and categories 0 or more"
            )
        return encoded(str(self.name), x, self.output_mode, self.num_tokens)


class Discretization(rules.Discretization, Categories):
    def adapt(self, data: Any) -> None:
        """Takes boundaries from data, an array or an iterable of batches, so that bins hold equally many numbers.

        Raises ValueError if the boundaries were passed as an argument, or if there is no data.
        """
        if self.num_bins is None:
            raise ValueError(f"{self.name}: already has the boundaries from its arguments: write num_bins= to use adapt()")
        summary = np.zeros((2, 0), np.float32)
        for batch in [data] if isinstance(data, np.ndarray) else data:
            part = bins.summary_of(np.asarray(batch, np.float32), self.epsilon)
            summary = bins.joined(part, summary, self.epsilon)
        if not summary.size:
            raise ValueError(f"{self.name}: adapt() got no data: pass an array, or a list of arrays")
        self._learnt(bin_boundaries=bins.boundaries(summary, self.num_bins))

    def outcome(self, x: Array) -> Array:
        if self.bin_boundaries is None:
            raise ValueError(f"{self.name}: has no boundaries yet: call adapt(data) first, or pass bin_boundaries=[...]")
        found = np.digitize(x, np.asarray(self.bin_boundaries, np.float32))
        return encoded(str(self.name), found, self.output_mode, len(self.bin_boundaries) + 1)

    @classmethod
    def from_arguments(cls, **config: Any) -> Discretization:
        """With the boundaries that adapt() found, beside num_bins."""
        if config.get("num_bins") is None or config.get("bin_boundaries") is None:
            return cls(**config)
        layer = cls(**{**config, "bin_boundaries": None})
        layer._learnt(bin_boundaries=config["bin_boundaries"])
        return layer

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Discretization:
        return cls.from_arguments(**config)


def of_model(layer: Any, x: Array) -> Array:
    """The strings that a layer of a model gets. ValueError if they are numbers."""
    if are_strings(x):
        return strings(x)
    raise ValueError(
        f"{layer.name}: {type(layer).__name__} takes strings, and its input has numbers: begin the model with "
        f"keras.Input(shape, dtype='string')"
    )


def each(function: Any, values: Array, kind: Any) -> Array:
    """function(value) of all values, computed once for each different one."""
    different, places = np.unique(values, return_inverse=True)
    return np.array([function(value) for value in different.tolist()], kind)[places].reshape(values.shape)


class Hashing(rules.Hashing, Categories):
    """The bins are Keras's: FarmHash, or SipHash with a salt. Whole numbers are hashed as text."""

    input_dtype = "int64"
    takes_strings = True

    def accepted(self, value: Any) -> Array:
        array = np.asarray(value)
        return array.astype(np.int64) if array.dtype.kind in "biuf" else texts(str(self.name), array)

    def outcome(self, x: Array) -> Array:
        x = strings(x) if are_strings(x) else x
        masked = self.mask_value is not None and self.num_bins > 1
        used = self.num_bins - 1 if masked else self.num_bins
        found = each(lambda value: bucket(str(value), used, self.salt), x, np.int64)
        if masked:
            found = np.where(x == self.mask_value, 0, found + 1)
        single = self.output_mode == "one_hot" and x.shape[-1:] == (1,)
        return encoded(str(self.name), found[..., 0] if single else found, self.output_mode, self.num_bins)

    def check_compute(self) -> None:
        super().check_compute()
        if self.output_mode == "tf_idf":
            raise NotImplementedError(f"{self.name}: Hashing has no output_mode='tf_idf': write 'count'")


class Lookup(Categories):
    """Common base of the lookups: a table of tokens. `vocabulary` is without mask and unknown tokens."""

    invert: Any
    vocabulary: Any
    idf_weights: Any
    mask_token: Any
    oov_token: Any
    num_oov_indices: Any
    max_tokens: Any
    pad_to_max_tokens: Any
    salt: Any
    _adapted: bool = False

    def tokens_of(self, value: Any) -> Array:
        """An array of tokens."""
        raise NotImplementedError

    def unknown_index(self, token: Any) -> int:
        """Which of several unknown indices, from 0 on."""
        raise NotImplementedError

    @property
    def _special(self) -> list[Any]:
        """The tokens of the first indices: mask and unknown ones."""
        mask = [self.mask_token] if self.mask_token is not None and self.output_mode == "int" else []
        return mask + [self.oov_token] * self.num_oov_indices

    def _known(self) -> list[Any]:
        """The tokens of the vocabulary, without special ones."""
        if self.vocabulary is None:
            raise ValueError(f"{self.name}: has no vocabulary yet: call adapt(data) first, or pass vocabulary=[...]")
        listed = self.vocabulary
        if isinstance(listed, str):
            listed = Path(listed).read_text(encoding="utf-8").splitlines()
        tokens: list[Any] = self.tokens_of(listed).tolist()
        special = self._special
        tokens = tokens[len(special) :] if special and tokens[: len(special)] == special else tokens
        if len(set(tokens)) < len(tokens):
            twice = next(token for place, token in enumerate(tokens) if token in tokens[:place])
            raise ValueError(f"{self.name}: vocabulary has {twice!r} twice: leave one out")
        if self.max_tokens is not None and len(special) + len(tokens) > self.max_tokens:
            raise ValueError(
                f"{self.name}: vocabulary has {len(special) + len(tokens)} indices, max_tokens={self.max_tokens}: make max_tokens greater"
            )
        return tokens

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """The tokens in the order of their indices.

        Arguments:
            include_special_tokens: False: without the mask and the unknown token
        """
        return (self._special if include_special_tokens else []) + self._known()

    def vocabulary_size(self) -> int:
        """How many indices there are, with those of mask and unknown tokens."""
        return len(self.get_vocabulary())

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Replaces the vocabulary.

        Arguments:
            vocabulary: a list of tokens, or the path of a file with one in each line
            idf_weights: one for each token, with output_mode="tf_idf"
        """
        before = self.vocabulary, self.idf_weights
        self._learnt(vocabulary=vocabulary, idf_weights=idf_weights)
        try:
            self._known()
        except ValueError:
            self._learnt(vocabulary=before[0], idf_weights=before[1])
            raise
        self._adapted = False

    def adapt(self, data: Any) -> None:
        """Takes the vocabulary from data, the most frequent tokens first: an array, a list, or an iterable of arrays.

        Raises ValueError if the vocabulary was passed as an argument, or if there is no data.
        """
        if self.vocabulary is not None and not self._adapted:
            raise ValueError(f"{self.name}: already has its vocabulary from its arguments: remove it to use adapt()")
        whole = isinstance(data, (np.ndarray, list, tuple))
        documents = [row for batch in ([data] if whole else data) for row in self._documents(batch, alone=whole)]
        if not documents:
            raise ValueError(f"{self.name}: adapt() got no data: pass an array, or an iterable of arrays")
        self.learn(documents)

    def _documents(self, batch: Any, alone: bool) -> Iterable[Array]:
        tokens = self.tokens_of(batch)
        return tokens.reshape((-1, 1) if alone else (1, -1)) if tokens.ndim < 2 else tokens.reshape(len(tokens), -1)

    def learn(self, documents: list[Array]) -> None:
        """The vocabulary of these documents, each an array of tokens: by frequency, then from the last in the alphabet on."""
        tokens, counts = np.unique(np.concatenate(documents), return_counts=True)
        order = np.lexsort((tokens, counts))[::-1]
        kept = [token for token in tokens[order].tolist() if token not in (self.mask_token, self.oov_token)]
        room = None if self.max_tokens is None else max(self.max_tokens - len(self._special), 0)
        kept, factors = kept[:room], None
        if self.output_mode == "tf_idf":
            different = np.concatenate([np.unique(document) for document in documents])
            found = dict(zip(*(part.tolist() for part in np.unique(different, return_counts=True)), strict=True))
            factors = [float(np.log(1 + len(documents) / (1 + found[token]))) for token in kept]
        self._learnt(vocabulary=kept, idf_weights=factors)
        self._adapted = True

    def indices(self, tokens: Array) -> Array:
        """The index of each token. -1 for the mask where the output is not indices."""
        first = len(self._special)
        table = {token: first + place for place, token in enumerate(self._known())}
        start = first - self.num_oov_indices

        def index(token: Any) -> int:
            if self.mask_token is not None and token == self.mask_token:
                return 0 if self.output_mode == "int" else -1
            found = table.get(token)
            if found is not None:
                return int(found)
            if self.num_oov_indices == 0:
                raise ValueError(f"{self.name}: {token!r} is not in the vocabulary: write num_oov_indices=1 to accept unknown tokens")
            return int(start + (self.unknown_index(token) if self.num_oov_indices > 1 else 0))

        return each(index, tokens, np.int64)

    def outcome(self, x: Array) -> Array:
        if self.invert:
            return self._inverted(x)
        found, mode = self.indices(x), self.output_mode
        size = self.vocabulary_size()
        depth = self.max_tokens if self.pad_to_max_tokens and self.max_tokens is not None else size
        vectors = encoded(str(self.name), found, "count" if mode == "tf_idf" else mode, depth)
        return vectors * self._idf(depth) if mode == "tf_idf" else vectors

    def _idf(self, depth: int) -> Array:
        """A factor for each index; unknown tokens have the mean."""
        if self.idf_weights is None:
            raise ValueError(f"{self.name}: output_mode='tf_idf' needs idf_weights beside a vocabulary: pass them, or call adapt(data)")
        factors = np.asarray(self.idf_weights, np.float32)
        if len(factors) == len(self._known()):
            factors = np.concatenate([np.full(len(self._special), factors.mean(), np.float32), factors])
        if len(factors) != self.vocabulary_size():
            raise ValueError(
                f"{self.name}: got {len(factors)} idf_weights for {len(self._known())} tokens: pass one for each token of the vocabulary"
            )
        return np.pad(factors, (0, depth - len(factors)))

    def _inverted(self, x: Array) -> Array:
        names = dict(enumerate(self.get_vocabulary()))
        tokens = [names.get(index, self.oov_token) for index in x.reshape(-1).tolist()]
        return self.tokens_of(tokens).reshape(x.shape)


class StringLookup(rules.StringLookup, Lookup):
    input_dtype = "int64"
    takes_strings = True

    def tokens_of(self, value: Any) -> Array:
        return texts(str(self.name), value)

    def unknown_index(self, token: Any) -> int:
        return bucket(token, self.num_oov_indices, self.salt)

    def accepted(self, value: Any) -> Array:
        return np.asarray(value, np.int64) if self.invert else self.tokens_of(value)

    def forward(self, ctx: Any, *inputs: Any) -> Any:
        if self.invert:
            raise NotImplementedError(
                f"{self.name}: StringLookup(invert=True) returns strings, and what a model returns are numbers: call the layer on its "
                f"output"
            )
        ctx.output[...] = self.outcome(of_model(self, inputs[0]))
        return ctx.output


class IntegerLookup(rules.IntegerLookup, Lookup):
    input_dtype = "int64"

    def tokens_of(self, value: Any) -> Array:
        return np.asarray(value, np.int64)

    def unknown_index(self, token: Any) -> int:
        if self.oov_method != "farmhash":
            return int(token % self.num_oov_indices)
        return bucket(str(token), self.num_oov_indices, self.salt)
