"""A layer before any weight exists: frozen arguments and a shape rule.

For given input shapes a rule infers the output shapes, the weights, the multiply-adds of one sample, the receptive field, and the
arithmetic of each size (as data, so that it can be printed or drawn).

How to write one: a class with an explicit `__init__` whose parameters are the layer's arguments, each checked and
stored under its own name, `**options` for the common ones (name, trainable, input_shape ...), and `infer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby

from shapecheck.diagnostics.arguments import BadArgument, UnknownKeyword
from shapecheck.diagnostics.base import Diagnostic, ShapeError
from shapecheck.diagnostics.rank import WrongRank
from shapecheck.languages import Phrase, for_example
from shapecheck.layers.arguments import edit
from shapecheck.shapes import Dim, Shape, Unknown, exact, is_size, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, TypedDict

    class Options(TypedDict, total=False):
        """Keyword arguments that every layer accepts."""

        name: str | None
        trainable: bool
        dtype: Any
        input_shape: Any
        input_dim: Any
        batch_input_shape: Any
        batch_size: Any
        autocast: bool

    Sizes = int | tuple[int, ...] | list[int]
    """One integer for every axis, or one for each."""


class WeightSpec:
    """A weight before it exists: its name in the layer, its shape, its initializer, whether training changes it.

    fans: how many inputs and outputs the initializer counts, where they do not follow from the last two axes.
    """

    __slots__ = ("fans", "initializer", "name", "shape", "trainable")

    def __init__(
        self,
        name: str,
        shape: tuple[Dim, ...],
        initializer: Any = "zeros",
        trainable: bool | Unknown = True,
        fans: tuple[Dim, Dim] | None = None,
    ) -> None:
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.trainable = trainable
        self.fans = fans

    @property
    def size(self) -> Dim:
        """How many numbers it holds."""
        return multiply(*self.shape)

    def __repr__(self) -> str:
        return f"WeightSpec({self.name!r}, {self.shape}, trainable={self.trainable})"


class Arithmetic:
    """The arithmetic of one size: `formula` in words, `values` for its words, `result`.

    >>> print(Arithmetic("height", "floor((size-window)/stride)+1", {"size": 28, "window": 3, "stride": 1}, 26))
    floor((28-3)/1)+1 = 26
    """

    __slots__ = ("axis", "formula", "result", "values")

    def __init__(self, axis: str, formula: str, values: Mapping[str, Any], result: Dim) -> None:
        self.axis = axis
        self.formula = formula
        self.values = dict(values)
        self.result = result

    def __str__(self) -> str:
        filled = "".join([str(self.values.get(part, part)) for part in _words(self.formula)])
        return f"{filled} = {self.result}"


@lru_cache(1000)
def _words(formula: str) -> list[str]:
    """A formula split into its words and the text between them."""
    return ["".join(letters) for _, letters in groupby(formula, lambda letter: letter == "_" or "a" <= letter <= "z")]


class Window:
    """How an output sees its input along each spatial axis.

    extents: input pixels under one window, dilation included; strides: input pixels from window to window; positions:
    how many windows there are (the output's size); factors: by how much the axis was stretched before (UpSampling,
    transposed convolution); padding: "valid", "same" or "causal".
    """

    __slots__ = ("extents", "factors", "padding", "positions", "strides")

    def __init__(
        self,
        extents: tuple[Dim, ...],
        strides: tuple[Dim, ...],
        positions: tuple[Dim, ...],
        factors: tuple[Dim, ...] = (),
        padding: Any = "valid",
    ) -> None:
        self.extents = extents
        self.strides = strides
        self.positions = positions
        self.factors = factors or (1,) * len(extents)
        self.padding = padding


class Inference:
    """What a rule infers for one use of its layer.

    outputs: one shape for each output. weights: in Keras's order. multiply_adds: for one sample, bias adds not counted
    (None: depends on a size known at run time). window: for the receptive field; "all" if every output sees the whole
    input, "new" if the axes are no longer positions of the input (Reshape), None if each output sees only its own position.
    """

    __slots__ = ("arithmetic", "multiply_adds", "outputs", "weights", "window")

    def __init__(
        self,
        outputs: Shape | tuple[Shape, ...],
        weights: tuple[WeightSpec, ...] = (),
        multiply_adds: Dim = 0,
        arithmetic: tuple[Arithmetic, ...] = (),
        window: Window | str | None = None,
    ) -> None:
        self.outputs = (outputs,) if isinstance(outputs, Shape) else outputs
        self.weights = weights
        self.multiply_adds = multiply_adds
        self.arithmetic = arithmetic
        self.window = window

    @property
    def output(self) -> Shape:
        """The first output's shape."""
        return self.outputs[0]


class Documentation(str):
    """The docstring of a class, followed by its arguments, each described once for all layers (descriptions.py)."""

    __slots__ = ()

    def __get__(self, rule: Rule | None, kind: type[Rule]) -> str:
        from shapecheck.layers.descriptions import documented

        return documented(str(self), kind.__name__, defaults(kind), OPTIONS)


class Rule:
    """A layer's arguments (frozen) and its shape rule. Two equal-looking rules are two layers: equality is identity."""

    children: tuple[Rule, ...] = ()
    """Inner layers: of a wrapper, of a nested model."""
    unseen: ClassVar[bool] = False
    """True if its content is unknown, or only partly known: it may declare its own input."""
    renamed: ClassVar[Mapping[str, str]] = {}
    """Arguments whose attribute has another name, because the layer uses that name for something else (weights)."""
    several_inputs: ClassVar[bool] = False
    """True if `infer` accepts a list of inputs (Add, Concatenate, a Model of several inputs)."""
    operation: ClassVar[bool] = False
    """True for an operation on tensors that is not a layer (x + 1): `model.layers` omits it."""
    refusal: Diagnostic | None = None
    """The error of a layer that cannot be created, whatever comes before it."""
    name: str | None
    trainable: bool | Unknown
    declared_input: Shape | None
    """The shape of input_shape=, input_dim= or batch_input_shape=, batch axis included."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if text := vars(cls).get("__doc__"):
            cls.__doc__ = Documentation(text)

    def __init__(self, **options: Any) -> None:
        unknown = next((key for key in options if key not in OPTIONS), None)
        if unknown is not None:
            allowed = (*argument_names(type(self)), *OPTIONS)
            raise ShapeError(UnknownKeyword(unknown, type(self).__name__, allowed))
        self.name = _checked_name(options.get("name"))
        self.trainable = options.get("trainable", True)
        self.dtype = options.get("dtype")
        self.declared_input = _declared_input(options)

    def __setattr__(self, attribute: str, value: Any) -> None:
        if attribute in self.__dict__ and attribute in argument_names(type(self)):
            place = f"{type(self).__name__}.{attribute}"
            raise AttributeError(f"{place} is fixed when the layer is created; create a new layer with {attribute}=...")
        object.__setattr__(self, attribute, value)

    @property
    def class_name(self) -> str:
        """The class, as users write it and tables print it."""
        return type(self).__name__

    @property
    def layer_made(self) -> Rule:
        """The layer that the user created: itself, unless it is a twin of one for a call with options, which shares its weights."""
        return self

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        """Shapes, weights and costs for these input shapes. Raises ShapeError if they do not fit."""
        raise NotImplementedError

    def check_beside(self, inputs: tuple[Shape, ...], beside: Mapping[str, tuple[Shape, ...]]) -> None:
        """Checks tensors that a call passes besides its input (initial_state=, mask=). Raises ShapeError if they do not fit."""

    def arguments(self) -> dict[str, Any]:
        """The arguments by name, in canonical form if the rule converted them."""
        return {name: getattr(self, self.renamed.get(name, name)) for name in argument_names(type(self))}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' ' + self.name if self.name else ''}>"


class OneInput(Rule):
    """A rule of one input. Subclasses define `infer_known`, and `infer_unknown` if they know something even then."""

    rank: ClassVar[int | None] = None
    """The number of axes the input must have, batch included; None: any from `least_rank` on."""
    least_rank: ClassVar[int] = 1

    def infer(self, inputs: tuple[Shape, ...]) -> Inference:
        (shape,) = inputs
        if shape.rank is None:
            return self.infer_unknown(shape)
        if shape.rank < (self.rank or self.least_rank) or (self.rank is not None and shape.rank > self.rank):
            expected = self.rank or self.least_rank
            raise ShapeError(WrongRank(shape, expected, self.rank is None, self.rank_advice(shape), self.axes_read()))
        return self.infer_known(shape)

    def infer_known(self, shape: Shape) -> Inference:
        """`infer` for an input whose rank is known and right; its sizes may be None or Unknown."""
        raise NotImplementedError

    def infer_unknown(self, shape: Shape) -> Inference:
        """`infer` for an input of unknown rank."""
        return Inference(Shape(None, why=shape.why))

    def rank_advice(self, shape: Shape) -> str:
        """The advice for an input of the wrong rank."""
        return ""

    def axes_read(self) -> tuple[str, ...]:
        """The names of the axes that it reads, batch included; () if it takes inputs of several ranks."""
        if self.rank is None:
            return ("batch", "features") if self.least_rank == 2 else ()
        space = {3: ("steps",), 4: ("height", "width"), 5: ("depth", "height", "width")}.get(self.rank)
        if space is None:
            return ("batch", "features") if self.rank == 2 else ()
        first = getattr(self, "data_format", "") == "channels_first"
        return ("batch", "channels", *space) if first else ("batch", *space, "channels")


def _checked_name(name: Any) -> Any:
    if name is None or isinstance(name, Unknown) or (isinstance(name, str) and name):
        return name
    raise ShapeError(
        BadArgument(
            "name",
            name,
            Phrase("arguments", "a_word", "a word"),
            Phrase("arguments", "write_name_first_or", 'write name="first", or remove it'),
        )
    )


OPTIONS = ("name", "trainable", "dtype", "input_shape", "input_dim", "batch_input_shape", "batch_size", "autocast")

_ARGUMENT_NAMES: dict[type, tuple[str, ...]] = {}


def argument_names(rule: type[Rule]) -> tuple[str, ...]:
    """The names of a rule's own arguments, in order, read from its `__init__`."""
    names = _ARGUMENT_NAMES.get(rule)
    if names is None:
        function = rule.__init__
        function = getattr(function, "__wrapped__", function)  # tinyseq's layers report their name if an argument is wrong
        code = function.__code__
        names = _ARGUMENT_NAMES[rule] = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    return names


def defaults(rule: type[Rule]) -> dict[str, Any]:
    """A rule's own arguments by name, each with its default; Ellipsis for a required one."""
    function = rule.__init__
    function = getattr(function, "__wrapped__", function)
    code, names = function.__code__, argument_names(rule)
    positional = names[: code.co_argcount - 1]
    given = function.__defaults__ or ()
    found = dict.fromkeys(names, ...) | dict(zip(positional[len(positional) - len(given) :], given, strict=True))
    return found | (function.__kwdefaults__ or {})


def _declared_input(options: Mapping[str, Any]) -> Shape | None:
    """The input shape that a layer's options declare, batch axis included; None if they declare none."""
    batch = batch_argument(options.get("batch_size"))
    if options.get("batch_input_shape") is not None:
        return Shape(shape_argument("batch_input_shape", options["batch_input_shape"]))
    if options.get("input_shape") is not None:
        return Shape((batch, *shape_argument("input_shape", options["input_shape"])))
    if options.get("input_dim") is not None:
        return Shape((batch, *shape_argument("input_dim", (options["input_dim"],))))
    return None


def batch_argument(value: Any) -> Any:
    """batch_size: a positive integer, None, or Unknown."""
    if value is None or isinstance(value, Unknown) or (is_size(value) and value >= 1):
        return value
    advice = edit(
        "batch_size", value, _are_sizes, Phrase("arguments", "remove_it_then_any", "remove it: then any number of samples is accepted")
    )
    raise ShapeError(BadArgument("batch_size", value, Phrase("arguments", "a_positive_integer_or", "a positive integer or None"), advice))


def _are_sizes(value: Any) -> bool:
    sizes = value if isinstance(value, (tuple, list)) else (value,)
    return all(size is None or isinstance(size, Unknown) or (is_size(size) and size >= 1) for size in sizes)


def _size_advice(argument: str, value: Any) -> str:
    if argument == "input_dim":
        return edit(argument, value[0], _are_sizes, for_example("input_dim=4"))
    meant = value if isinstance(value, (tuple, list)) else (value,)
    return edit(argument, meant, _are_sizes, for_example(f"{argument}=(28, 28, 1)"))


def shape_argument(argument: str, value: Any) -> tuple[Dim, ...]:
    """A shape as users write it: a tuple or list of sizes, or one int (the guide's Input(shape=(784)))."""
    if isinstance(value, Unknown):
        raise TypeError(f"{argument} is unknown: its rank must be known here")
    sizes = (value,) if is_size(value) else value
    if not isinstance(sizes, (tuple, list)):
        raise ShapeError(
            BadArgument(argument, value, Phrase("arguments", "a_tuple_of_sizes", "a tuple of sizes"), _size_advice(argument, value))
        )
    if not _are_sizes(sizes):
        raise ShapeError(
            BadArgument(
                argument,
                value,
                Phrase("arguments", "sizes_that_are_positive", "sizes that are positive integers or None"),
                _size_advice(argument, value),
            )
        )
    return tuple(exact(size) if is_size(size) else size for size in sizes)
