"""Every argument of a layer is computed or refused by name: none is ignored."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from shapecheck.diagnostics.arguments import UnknownKeyword
from shapecheck.diagnostics.base import ShapeError
from shapecheck.layers import MERGES
from shapecheck.layers.base import OPTIONS, argument_names, defaults
from shapecheck.nodes import Tensor
from tinyseq.engine.operator import Operator, told
from tinyseq.layers.image_data_format import image_data_format
from tinyseq.weights import constraints, initializers, regularizers, seeds

GETTERS: dict[str, Callable[[Any], Any]] = {
    "initializer": initializers.get,
    "regularizer": regularizers.get,
    "constraint": constraints.get,
}
DTYPES = (None, "float32")


def check(layer: Operator) -> None:
    """Raises NotImplementedError or ValueError naming the argument."""
    arguments = layer.arguments()
    for name, value in arguments.items():
        get = GETTERS.get(name.rpartition("_")[2])
        if get is not None and value is not None:
            try:
                get(value)
            except ValueError as error:
                raise ValueError(f"{layer.name}: {name}: {error}") from None
    if arguments.get("data_format") == "channels_first" and not (layer.either_data_format or (layer.turns and told(layer, "forward"))):
        raise NotImplementedError(
            f'{layer.name}: data_format="channels_first" has a shape rule but is not computed: put channels last, '
            f"np.moveaxis(x, 1, -1)"
        )
    dtype = getattr(layer.dtype, "__name__", layer.dtype)
    if dtype not in DTYPES:
        raise NotImplementedError(f"{layer.name}: dtype={layer.dtype!r} is not computed: weights and values are float32")
    if layer._has_rule:
        seeds.checked_seed(str(layer.name), arguments.get("seed"))
    layer.check_compute()


def at_the_layer(init: Any) -> Any:
    """A layer's __init__, whose errors begin with the layer: its name if it has one, else its class."""

    @wraps(init)
    def checked(self: Operator, *arguments: Any, **options: Any) -> None:
        kind = type(self).__name__
        if arguments and _holds_tensors(arguments[0]) and kind in MERGES.values():
            raise TypeError(f"{kind}: got tensors for its first argument: write {kind}({'axes=1' if kind == 'Dot' else ''})([a, b])")
        if image_data_format() != "channels_last":
            arguments, options = with_data_format(init, self, arguments, options)
        if not type(self).__module__.startswith("tinyseq."):
            self.__dict__.setdefault("_given_arguments", plain_arguments(type(self), arguments, options))
        try:
            init(self, *arguments, **options)
        except ShapeError as error:
            name = options.get("name")
            raise error.at(name if isinstance(name, str) and name else type(self).__name__) from None
        except TypeError as error:  # "missing kernel_size": it may be misspelt
            known = (*argument_names(type(self)), *OPTIONS)
            unknown = [name for name in options if name not in known]
            if not unknown or not self._has_rule or "missing" not in str(error):
                raise
            raise ShapeError(UnknownKeyword(unknown[0], type(self).__name__, known), type(self).__name__) from None

    return checked


def plain_arguments(kind: type[Operator], arguments: tuple[Any, ...], options: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a layer of the user's own that are numbers, texts, or lists of them: its configuration, as in Keras, if it stores
    them nowhere."""
    known = defaults(kind)
    given = {**known, **dict(zip(known, arguments, strict=False)), **{name: one for name, one in options.items() if name in known}}
    return {name: one for name, one in given.items() if one is not ... and _is_plain(one)}


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(one) for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str))


def with_data_format(
    init: Any, layer: Operator, arguments: tuple[Any, ...], options: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments, with a data_format that is None or was not given as keras.backend has it."""
    known = signature(init)
    if "data_format" not in known.parameters:
        return arguments, options
    try:
        given = known.bind_partial(layer, *arguments, **options).arguments.get("data_format")
    except TypeError:  # init says better what is wrong
        return arguments, options
    place = list(known.parameters).index("data_format") - 1
    if given is not None:
        return arguments, options
    if place < len(arguments):
        return (*arguments[:place], image_data_format(), *arguments[place + 1 :]), options
    return arguments, {**options, "data_format": image_data_format()}


def _holds_tensors(value: Any) -> bool:
    return any(isinstance(one, Tensor) for one in (value if isinstance(value, (list, tuple)) else (value,)))
