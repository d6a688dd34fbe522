"""What repairs are called: the edit in words, in the language in which it is printed."""

from __future__ import annotations

from shapecheck.languages import Phrase

ALL_FIVE = Phrase("repairs", "all_five", "all five")
ALL_FOUR = Phrase("repairs", "all_four", "all four")
ALL_SIX = Phrase("repairs", "all_six", "all six")
ALL_THREE = Phrase("repairs", "all_three", "all three")
BOTH = Phrase("repairs", "both", "both")
CONVOLUTIONS = Phrase("repairs", "convolutions", "convolutions")
ONE = Phrase("repairs", "one", "one")
ONE_CHANNEL = Phrase("repairs", "one_channel", "a last axis of 1")
WINDOWED = Phrase("repairs", "windowed", "layers with a window")
WITHOUT_IT = Phrase("repairs", "without_it", "without it")


def all_of(count: object) -> Phrase:
    """all {count}."""
    return Phrase("repairs", "all_of", "all {count}", count=count)


def another_layer(where: object, code: object) -> Phrase:
    """{where}: another layer, {code}."""
    return Phrase("repairs", "another_layer", "{where}: another layer, {code}", where=where, code=code)


def before(code: object, where: object) -> Phrase:
    """{code} before {where}."""
    return Phrase("repairs", "before", "{code} before {where}", code=code, where=where)


def before_it(where: object, code: object) -> Phrase:
    """{where}: {code} before it."""
    return Phrase("repairs", "before_it", "{where}: {code} before it", where=where, code=code)


def call(where: object, tensor: object) -> Phrase:
    """{where}: call it, ...({tensor})."""
    return Phrase("repairs", "call", "{where}: call it, ...({tensor})", where=where, tensor=tensor)


def channels_last(shape: object) -> Phrase:
    """input shape {shape}: channels last."""
    return Phrase("repairs", "channels_last", "input shape {shape}: channels last", shape=shape)


def cropped(where: object) -> Phrase:
    """{where}: the larger branch cropped."""
    return Phrase("repairs", "cropped", "{where}: the larger branch cropped", where=where)


def exchanged(where: object, first: object, second: object) -> Phrase:
    """{where}: {first} and {second} exchanged."""
    return Phrase("repairs", "exchanged", "{where}: {first} and {second} exchanged", where=where, first=first, second=second)


def fixed_size(shape: object) -> Phrase:
    """input of a fixed size, for example {shape}."""
    return Phrase("repairs", "fixed_size", "input of a fixed size, for example {shape}", shape=shape)


def halves(size: object) -> Phrase:
    """input of {size}, which halves evenly."""
    return Phrase("repairs", "halves", "input of {size}, which halves evenly", size=size)


def input_shape(shape: object) -> Phrase:
    """input shape {shape}."""
    return Phrase("repairs", "input_shape", "input shape {shape}", shape=shape)


def instead(where: object, name: object) -> Phrase:
    """{where}: {name} instead of Flatten."""
    return Phrase("repairs", "instead", "{where}: {name} instead of Flatten", where=where, name=name)


def larger_input(size: object) -> Phrase:
    """input of at least {size}."""
    return Phrase("repairs", "larger_input", "input of at least {size}", size=size)


def last_axis(shape: object) -> Phrase:
    """input shape {shape}: a last axis of 1."""
    return Phrase("repairs", "last_axis", "input shape {shape}: a last axis of 1", shape=shape)


def one_list(where: object) -> Phrase:
    """{where}: the tensors in one list."""
    return Phrase("repairs", "one_list", "{where}: the tensors in one list", where=where)


def pair(where: object) -> Phrase:
    """{where}: a pair for the kernel."""
    return Phrase("repairs", "pair", "{where}: a pair for the kernel", where=where)


def pair_not_strides(where: object) -> Phrase:
    """{where}: a pair for the kernel, not strides."""
    return Phrase("repairs", "pair_not_strides", "{where}: a pair for the kernel, not strides", where=where)


def same(count: object, layers: object) -> Phrase:
    """padding="same" on {count} {layers}."""
    return Phrase("repairs", "same", 'padding="same" on {count} {layers}', count=count, layers=layers)


def same_only(where: object) -> Phrase:
    """padding="same" on {where} only."""
    return Phrase("repairs", "same_only", 'padding="same" on {where} only', where=where)


def second_layer(where: object) -> Phrase:
    """{where}: a second layer like it."""
    return Phrase("repairs", "second_layer", "{where}: a second layer like it", where=where)


def steps_first(code: object) -> Phrase:
    """{code}: the steps first, without the batch axis."""
    return Phrase("repairs", "steps_first", "{code}: the steps first, without the batch axis", code=code)


def time_axis(shape: object) -> Phrase:
    """input shape {shape}: with a time axis."""
    return Phrase("repairs", "time_axis", "input shape {shape}: with a time axis", shape=shape)


def together(titles: object) -> Phrase:
    """all of these together: {titles}."""
    return Phrase("repairs", "together", "all of these together: {titles}", titles=titles)


def trail(sizes: object, size: object, where: object) -> Phrase:
    """{sizes}   ({size} fails on {where})."""
    return Phrase("repairs", "trail", "{sizes}   ({size} fails on {where})", sizes=sizes, size=size, where=where)


def two_edits(first: object, second: object) -> Phrase:
    """{first}, {second}."""
    return Phrase("repairs", "two_edits", "{first}, {second}", first=first, second=second)


def what(code: object, what: object) -> Phrase:
    """{code}, {what}."""
    return Phrase("repairs", "what", "{code}, {what}", code=code, what=what)


def without_argument(where: object, argument: object) -> Phrase:
    """{where}: without {argument}."""
    return Phrase("repairs", "without_argument", "{where}: without {argument}", where=where, argument=argument)


def without_batch(shape: object) -> Phrase:
    """input shape {shape}: without the batch axis."""
    return Phrase("repairs", "without_batch", "input shape {shape}: without the batch axis", shape=shape)


def write(code: object) -> Phrase:
    """write {code}."""
    return Phrase("repairs", "write", "write {code}", code=code)


def placed(where: str, edit: str) -> Phrase:
    """A title: where, and what is written there."""
    return Phrase("repairs", "placed", "{where}: {edit}", where=where, edit=edit)


def line(number: int | str) -> Phrase:
    """A line in words, or several: line 5, 7."""
    return Phrase("repairs", "line", "line {line}", line=number)


def without(layer: str) -> Phrase:
    """The title of a repair that removes a layer."""
    return Phrase("repairs", "without_layer", "without {layer}", layer=layer)
