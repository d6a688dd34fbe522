"""Preprocessing of words, categories and numbers into indices or vectors of counts."""

from __future__ import annotations

from shapecheck.diagnostics.arguments import BadArgument
from shapecheck.diagnostics.base import ShapeError
from shapecheck.languages import Phrase, because, for_example
from shapecheck.layers import arguments as check
from shapecheck.layers.base import Inference, OneInput
from shapecheck.shapes import Dim, Shape, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from shapecheck.layers.base import Options

OUTPUT_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
OLDER_MODES = {"binary": "multi_hot", "tf-idf": "tf_idf"}
"""Names that Keras still accepts."""


def _mode(value: Any) -> Any:
    """A checked output mode, with an older name replaced by today's."""
    value = OLDER_MODES.get(value, value) if isinstance(value, str) else value
    return check.word("output_mode", value, OUTPUT_MODES)


class Encoding(OneInput):
    """Common base of the encodings: indices ("int"), or a vector of `depth` numbers for each value or sample."""

    output_mode: Any

    @property
    def depth(self) -> Dim:
        """The length of the vectors: the number of different indices."""
        raise NotImplementedError

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """A single value, without a batch axis, as dataset.map() passes it, has a single index."""
        if inputs[0].dims == () and self.output_mode == "int" and self.least_rank:
            return Inference(inputs[0])
        return super().infer(inputs)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        if isinstance(self.output_mode, Unknown):
            return Inference(Shape(None, why=self.output_mode.why))
        if self.output_mode == "int":
            return Inference(shape)
        single = len(shape.dims) > 1 and shape.dims[-1] == 1
        if self.output_mode == "one_hot" and not single:
            return Inference(Shape((*shape.dims, self.depth)), window="new")
        return Inference(Shape((*shape.dims[:-1], self.depth)), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        if self.output_mode == "int":
            return Inference(shape)
        return Inference(Shape(None, self.depth, shape.why))


def vocabulary_depth(layer: Any, more: int) -> Dim:
    """max_tokens if padded to it, else the vocabulary's size plus `more` indices for unknown words."""
    if layer.pad_to_max_tokens and layer.max_tokens is not None:
        return layer.max_tokens  # type: ignore[no-any-return]
    if isinstance(layer.vocabulary, str) or not hasattr(layer.vocabulary, "__len__"):
        return Unknown("vocabulary size", because("the vocabulary comes from adapt() or a file"))
    return len(layer.vocabulary) + more


class TextVectorization(Encoding):
    """() strings -> (words,) indices, or a vector of counts: text to numbers.

    output_sequence_length fixes how many indices a text has; None: as many as the longest.

    >>> print(TextVectorization(output_sequence_length=7).infer((Shape((None,)),)).output)
    (None, 7)
    """

    least_rank = 0

    def __init__(
        self, max_tokens: int | None = None, standardize: Any = "lower_and_strip_punctuation",
        split: Any = "whitespace", ngrams: Any = None, output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False, vocabulary: Any = None, idf_weights: Any = None, sparse: bool = False,
        ragged: bool = False, encoding: str = "utf-8", **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.max_tokens = None if max_tokens is None else check.whole("max_tokens", max_tokens)
        self.standardize = standardize
        self.split = split
        self.ngrams = ngrams
        self.output_mode = _mode(output_mode)
        self.output_sequence_length = None if output_sequence_length is None else check.whole(
            "output_sequence_length", output_sequence_length
        )
        self.pad_to_max_tokens = check.flag("pad_to_max_tokens", pad_to_max_tokens)
        self.vocabulary = vocabulary
        self.idf_weights = idf_weights
        self.sparse = check.flag("sparse", sparse)
        self.ragged = check.flag("ragged", ragged)
        self.encoding = encoding

    @property
    def depth(self) -> Dim:
        return vocabulary_depth(self, 1)

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        if isinstance(self.output_mode, Unknown):
            return Inference(Shape(None, why=self.output_mode.why))
        if self.output_mode == "int":
            return Inference(Shape((*shape.dims[:1], self.output_sequence_length)), window="new")
        if self.split is None and len(shape.dims) > 1:
            return Inference(Shape((*shape.dims[:-1], self.depth)), window="new")
        return Inference(Shape((*shape.dims, self.depth)), window="new")

    def infer_unknown(self, shape: Shape) -> Inference:
        if self.output_mode == "int":
            return Inference(Shape((Unknown("batch", shape.why), self.output_sequence_length)))
        return super().infer_unknown(shape)


class StringLookup(Encoding):
    """(...) strings -> (...) indices into a vocabulary, or one-hot vectors, counts ...

    >>> print(StringLookup(vocabulary=["a", "b"], output_mode="one_hot").infer((Shape((None, 1)),)).output)
    (None, 3)
    """

    def __init__(
        self, max_tokens: int | None = None, num_oov_indices: int = 1, mask_token: Any = None,
        oov_token: Any = "[UNK]", vocabulary: Any = None, idf_weights: Any = None, invert: bool = False,
        output_mode: str = "int", pad_to_max_tokens: bool = False, sparse: bool = False, encoding: str = "utf-8",
        salt: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.max_tokens = None if max_tokens is None else check.whole("max_tokens", max_tokens)
        self.num_oov_indices = check.whole("num_oov_indices", num_oov_indices, least=0)
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.vocabulary = vocabulary
        self.idf_weights = idf_weights
        self.invert = check.flag("invert", invert)
        self.output_mode = _mode(output_mode)
        self.pad_to_max_tokens = check.flag("pad_to_max_tokens", pad_to_max_tokens)
        self.sparse = check.flag("sparse", sparse)
        self.encoding = encoding
        self.salt = salt

    @property
    def depth(self) -> Dim:
        return vocabulary_depth(self, self.num_oov_indices if isinstance(self.num_oov_indices, int) else 1)


class IntegerLookup(Encoding):
    """(...) integers -> (...) indices into a vocabulary, or one-hot vectors, counts ...

    >>> print(IntegerLookup(vocabulary=[3, 5, 7]).infer((Shape((None, 4)),)).output)
    (None, 4)
    """

    def __init__(
        self, max_tokens: int | None = None, num_oov_indices: int = 1, mask_token: Any = None, oov_token: Any = -1,
        vocabulary: Any = None, vocabulary_dtype: str = "int64", idf_weights: Any = None, invert: bool = False,
        output_mode: str = "int", sparse: bool = False, pad_to_max_tokens: bool = False,
        oov_method: str = "floormod", salt: Any = None, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.max_tokens = None if max_tokens is None else check.whole("max_tokens", max_tokens, least=2)
        self.num_oov_indices = check.whole("num_oov_indices", num_oov_indices, least=0)
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.vocabulary = vocabulary
        self.vocabulary_dtype = check.word("vocabulary_dtype", vocabulary_dtype, ("int64",))
        self.idf_weights = idf_weights
        self.invert = check.flag("invert", invert)
        self.output_mode = _mode(output_mode)
        self.sparse = check.flag("sparse", sparse)
        self.pad_to_max_tokens = check.flag("pad_to_max_tokens", pad_to_max_tokens)
        self.oov_method = check.word("oov_method", oov_method, ("floormod", "farmhash"))
        self.salt = salt

    @property
    def depth(self) -> Dim:
        return vocabulary_depth(self, self.num_oov_indices if isinstance(self.num_oov_indices, int) else 1)


class CategoryEncoding(Encoding):
    """(...) whole numbers below num_tokens -> vectors of num_tokens numbers.

    >>> print(CategoryEncoding(6).infer((Shape((None, 4)),)).output)
    (None, 6)
    """

    def __init__(
        self, num_tokens: int | None = None, output_mode: str = "multi_hot", sparse: bool = False,
        **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.num_tokens = check.whole("num_tokens", num_tokens)
        self.output_mode = check.word("output_mode", output_mode, ("one_hot", "multi_hot", "count"))
        self.sparse = check.flag("sparse", sparse)

    @property
    def depth(self) -> Dim:
        return self.num_tokens  # type: ignore[no-any-return]


class Discretization(Encoding):
    """(...) numbers -> (...) indices of the bins they fall into, or vectors.

    >>> print(Discretization([0.0, 1.0, 2.0], output_mode="one_hot").infer((Shape((None, 1)),)).output)
    (None, 4)
    """

    def __init__(
        self, bin_boundaries: Any = None, num_bins: int | None = None, epsilon: float = 0.01, output_mode: str = "int",
        sparse: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.bin_boundaries = bin_boundaries
        self.num_bins = None if num_bins is None else check.whole("num_bins", num_bins)
        self.epsilon = epsilon
        self.output_mode = _mode(output_mode)
        self.sparse = check.flag("sparse", sparse)
        if (bin_boundaries is None) == (num_bins is None):
            expected = Phrase("arguments", "either_bin_boundaries_or", "either bin_boundaries or num_bins")
            raise ShapeError(BadArgument("bin_boundaries", bin_boundaries, expected, for_example("num_bins=10")))

    @classmethod
    def from_arguments(cls, **config: Any) -> Any:
        """With the boundaries that adapt() found, which Keras writes beside num_bins."""
        return cls(**config if config.get("bin_boundaries") is None else {**config, "num_bins": None})

    @property
    def depth(self) -> Dim:
        if hasattr(self.bin_boundaries, "__len__"):
            return len(self.bin_boundaries) + 1
        return self.num_bins if self.bin_boundaries is None else Unknown("bins", because("the boundaries are unknown"))


class Hashing(Encoding):
    """(...) words or numbers -> (...) indices below num_bins, by a hash.

    >>> print(Hashing(5).infer((Shape((None, 4)),)).output)
    (None, 4)
    """

    def __init__(
        self, num_bins: int, mask_value: Any = None, salt: Any = None, output_mode: str = "int",
        sparse: bool = False, **options: Unpack[Options],
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self.num_bins = check.whole("num_bins", num_bins)
        self.mask_value = mask_value
        self.salt = salt
        self.output_mode = _mode(output_mode)
        self.sparse = check.flag("sparse", sparse)

    @property
    def depth(self) -> Dim:
        return self.num_bins  # type: ignore[no-any-return]

    def infer_known(self, shape: Shape) -> Inference:
        assert shape.dims is not None
        if self.output_mode == "int" or isinstance(self.output_mode, Unknown):
            return super().infer_known(shape)
        return Inference(Shape((*shape.dims[:-1], self.depth)), window="new")
