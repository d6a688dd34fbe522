"""Arguments of layers and of Model(...): old spellings, windows as separate numbers, inputs that a layer declares itself."""

from __future__ import annotations

import re

from shapecheck.diagnostics.migration import OldArgument, OldWord, ShapeIsANumber
from shapecheck.languages import Phrase, write
from shapecheck.migration import special
from shapecheck.migration.arguments import ORDERS, old, renamed, said
from shapecheck.migration.changes import Change, Drop, Text, from_to, keyword_place
from shapecheck.migration.findings import File, keyword, text_of
from shapecheck.migration.old_arguments import of_layer
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Imported, Use


def judge(file: File, use: Use, name: str, written_name: str, known: tuple[str, ...], near: Imported | None) -> None:
    """One layer's call. `name` is its class today, `written_name` its name in the file."""
    call = use.node
    _windows(file, use, written_name)
    _number(file, use, name)
    for one in call.keywords:
        if one.arg is None or (one.arg in known and (name, one.arg) not in (("Embedding", "input_length"),)):
            _constraint_word(file, use, one)
            continue
        if one.arg in ("nb_row", "nb_col") and keyword(call, "nb_row") and keyword(call, "nb_col"):
            continue  # reported for the window
        if name == "LeakyReLU" and one.arg == "alpha":
            old(file, use, one, name, renamed(use, one, "negative_slope"), said(use, one, "negative_slope"), True)
            continue
        if name == "InputLayer" and one.arg in ("input_shape", "batch_input_shape"):
            continue  # it takes both
        if one.arg == "input_length":
            _length(file, use, one, name, near)
            continue
        if one.arg in ("batch_input_shape", "batch_input_dim") and name != "InputLayer":
            made = special.batch_input(file, use, one, near, "batch_shape") if one.arg == "batch_input_shape" else None
            old(
                file,
                use,
                one,
                name,
                made[0] if made else None,
                made[1] if made else Phrase("migration", "put_input_batch_shape", "put Input(batch_shape=...) before the layer"),
            )
            continue
        new = of_layer(name, one.arg, known)
        if new is None and "**" in known:
            continue
        if new is None:
            continue  # SC403 lists the arguments of this layer
        _keyword(file, use, one, name, new, written_name)


def _number(file: File, use: Use, name: str) -> None:
    """shape=5, input_shape=(1024)."""
    names = ("shape", "batch_shape", "input_shape") if name in ("Input", "InputLayer") else ("input_shape",)
    given = [one.value for one in use.node.keywords if one.arg in names]
    if name in ("Input", "InputLayer") and use.node.args:
        given.append(use.node.args[0])
    for node in given:
        if type(getattr(node, "value", None)) is int and type(node).__name__ == "Constant":
            place, text = use.unit.place(node), f"({node.value},)"
            line = use.unit.lines[place.line - 1]
            if line[: place.column - 1].endswith("(") and line[place.end_column - 1 :].startswith(")") and use.node.args[:1] != [node]:
                place.column, place.end_column = place.column - 1, place.end_column + 1
            diagnostic = ShapeIsANumber(
                Phrase("migration", "number_is_a_number", "{number} is a number, not a shape", number=node.value), write(f"{text}"), "shape"
            )
            file.add(diagnostic, use.unit, place, [Text(use.unit, place, text)], write(f"{text}"))


def _keyword(file: File, use: Use, one: Any, name: str, new: str, written_name: str) -> None:
    call = use.node
    if one.arg == "mode" and name == "BatchNormalization" and getattr(one.value, "value", None) == 0:
        new = ""
    if one.arg == "output_shape" and written_name.startswith(("Deconv", "Conv")):
        old(
            file,
            use,
            one,
            name,
            [Drop(use.unit, call, one)],
            Phrase("migration", "remove_it_the_size", "remove it: the size follows from strides and padding"),
        )
        return
    if one.arg == "batch_input_shape":
        new = "batch_shape"
    if one.arg == "forget_bias_init" and text_of(one.value) in ("one", "ones", "zero", "zeros"):
        value = "True" if one.value.value.startswith("one") else "False"
        changes: list[Change] = [Text(use.unit, use.unit.place(one), f"unit_forget_bias={value}")]
        old(file, use, one, name, changes, write(f"unit_forget_bias={value}"))
    elif isinstance(new, Phrase):
        old(file, use, one, name, None, new)
    elif not new:
        old(file, use, one, name, [Drop(use.unit, call, one)], Phrase("migration", "remove_it", "remove it"))
    elif keyword(call, new) is not None:
        old(file, use, one, name, None, Phrase("migration", "write_new_alone", "write {new}= alone", new=new))
    else:
        old(file, use, one, name, renamed(use, one, new), said(use, one, new))


def _windows(file: File, use: Use, name: str) -> None:
    """Convolution2D(64, 3, 3) of Keras 1."""
    numbers = special.windows(name, use.node, file)
    if numbers is None:
        return
    values = [one.value if type(one).__name__ == "keyword" else one for one in numbers]
    window = ", ".join(written(use.unit, one) for one in values)
    place = from_to(use.unit, use.unit.place(numbers[0]), use.unit.place(numbers[-1]))
    diagnostic = OldArgument(
        Phrase("migration", "name_a_window_is", "{name}: a window is one argument since Keras 2", name=name),
        write(f"({window})"),
        "kernel_size",
    )
    file.add(diagnostic, use.unit, place, special.window_changes(use, numbers), write(f"({window})"))
    proof = f"it writes the window of {name} as Keras 1 does"
    file.proof = file.proof or proof
    file.found[-1].proof = proof


def _length(file: File, use: Use, one: Any, name: str, near: Imported | None) -> None:
    """input_length=: the number of steps of the input, which the input shape declares today."""
    call, unit = use.node, use.unit
    text = written(unit, one.value)
    first = special.element(unit, call) is not None or _added_first(file, use)
    ignored = name == "Embedding"
    dim = keyword(call, "input_dim") if not ignored else None
    if getattr(one.value, "value", "") is None or (keyword(call, "input_shape") is not None):
        old(file, use, one, name, [Drop(unit, call, one)], Phrase("migration", "remove_it", "remove it"), ignored)
    elif ignored and first:
        shape = f"({text},)"
        old(file, use, one, name, [Text(unit, unit.place(one), f"input_shape={shape}")], write(f"input_shape={shape}"), True)
    elif ignored:
        old(file, use, one, name, [Drop(unit, call, one)], Phrase("migration", "remove_it", "remove it"), True)
    elif dim is not None:
        shape = f"({text}, {written(unit, dim.value)})"
        old(
            file,
            use,
            one,
            name,
            [Text(unit, unit.place(one), f"input_shape={shape}"), Drop(unit, call, dim)],
            write(f"input_shape={shape}"),
        )
    else:
        old(file, use, one, name, None, Phrase("migration", "put_input_shape_before", "put Input(shape=...) before the layer"))


def _added_first(file: File, use: Use) -> bool:
    """True if the layer is the argument of `model.add(...)`."""
    place = use.unit.place(use.node)
    return re.search(r"\.add\(\s*$", use.unit.lines[place.line - 1][: place.column - 1]) is not None


def _constraint_word(file: File, use: Use, one: Any) -> None:
    """kernel_constraint="maxnorm"."""
    new = {"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}.get(text_of(one.value) or "")
    if one.arg and one.arg.endswith("_constraint") and new:
        place = use.unit.place(one.value)
        file.add(
            OldWord(
                Phrase("migration", "word_is_a_constraint", "{word!r} is a constraint of an older Keras", word=one.value.value),
                write(f'"{new}"'),
                one.arg,
            ),
            use.unit,
            place,
            [Text(use.unit, place, f'"{new}"')],
            write(f'"{new}"'),
        )
    elif one.arg in ("data_format",) and text_of(one.value) in ORDERS:
        place, text = use.unit.place(one.value), ORDERS[one.value.value]
        file.add(
            OldWord(
                Phrase("migration", "word_is_an_order", "{word!r} is an order of axes of an older Keras", word=one.value.value),
                write(f"{text}"),
                one.arg,
            ),
            use.unit,
            place,
            [Text(use.unit, place, text)],
            write(f"{text}"),
        )


def model(file: File, use: Use, name: str, known: tuple[str, ...], near: Imported | None) -> None:
    """Model(input=, output=)."""
    for one in use.node.keywords:
        new = {"input": "inputs", "output": "outputs"}.get(one.arg or "") if name == "Model" else None
        if new is not None and keyword(use.node, new) is None:
            old(file, use, one, name, [Text(use.unit, keyword_place(use.unit, one), new)], write(f"{new}="))
