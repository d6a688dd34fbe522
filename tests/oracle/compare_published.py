"""Our tables of other people's files against Keras's: every stack that Keras can build from the file's own constants.

    python -m tests.oracle.compare_published FOLDER ...

Of each stack the layer calls alone are evaluated, one expression at a time: classes of keras.layers, literals, arithmetic and names
that the file binds once to such a thing. Anything else in a call leaves the stack out, and no statement of a file runs.
Prints what differs, and the counts.
"""

import ast
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shapecheck.api import check_file
from shapecheck.findings import FileReport, Stack
from shapecheck.layers.base import argument_names
from shapecheck.reader.records import Element, Model
from shapecheck.reader.values import Layer, Symbol
from tests.oracle.keras_side import keras

PLAIN = (
    ast.Expression, ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.FloorDiv,
    ast.Div, ast.Pow, ast.Name, ast.Load, ast.Starred,
)  # fmt: skip
BINDS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.With, ast.comprehension, ast.NamedExpr)
MOST_PARAMS = 60_000_000
LAYERS = {name: kind for name, kind in vars(keras.layers).items() if isinstance(kind, type)} | {"Input": keras.Input}


class Left(Exception):
    """The stack is left out, for the reason that is its argument."""


def constants(file: FileReport) -> dict[str, Any]:
    """Names of the file that are bound once, to literals and to arithmetic on such names."""
    bound: dict[str, list[ast.expr | None]] = {}
    for unit in file.units:
        for statement in unit.statements:
            for node in ast.walk(statement):
                for name in [target.id for target in ast.walk(node) if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)]:
                    simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
                    if isinstance(node, BINDS):
                        bound.setdefault(name, []).append(node.value if simple else None)  # type: ignore[union-attr]
                if isinstance(node, ast.arg):
                    bound.setdefault(node.arg, []).append(None)
    found: dict[str, Any] = {}
    for name, values in bound.items():
        if len(values) == 1 and values[0] is not None:
            try:
                found[name] = plain(values[0], found)
            except Left:
                continue
    return found


def plain(node: ast.expr, names: dict[str, Any]) -> Any:
    """The value of a literal, or of arithmetic on literals and constants. Raises Left."""
    inside = list(ast.walk(node))
    if not all(isinstance(part, PLAIN) for part in inside) or len(inside) > 200:
        raise Left("an argument is no constant")
    if not all(part.id in names for part in inside if isinstance(part, ast.Name)):
        raise Left("an argument is no constant")
    try:
        return eval(compile(ast.Expression(node), "<argument>", "eval"), {"__builtins__": {}}, names)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise Left(f"an argument cannot be evaluated: {error}") from None


class Maker:
    """Layer calls as Keras layers. `read` is set once an argument had to be taken as our reader understood it."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.read = False

    def layer(self, node: Any, rule: Any = None) -> Any:
        """The Keras layer of a call. Raises Left, and what Keras raises."""
        last = getattr(node, "func", None)
        name = getattr(last, "attr", getattr(last, "id", ""))
        if not isinstance(node, ast.Call) or name not in LAYERS:
            raise Left("not a class of keras.layers")
        if any(keyword.arg is None for keyword in node.keywords) or any(isinstance(one, ast.Starred) for one in node.args):
            raise Left("a * or ** hides arguments")
        order = argument_names(type(rule)) if rule is not None else ()
        args = [self.value(one, rule, order[place] if place < len(order) else "") for place, one in enumerate(node.args)]
        given = {str(keyword.arg): self.value(keyword.value, rule, str(keyword.arg)) for keyword in node.keywords}
        return LAYERS[name](*args, **given)

    def value(self, node: Any, rule: Any, argument: str) -> Any:
        """An argument: a layer of a wrapper, a constant, or else what our reader takes it for."""
        function = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(function, "attr", getattr(function, "id", "")) in LAYERS:
            return self.layer(node)
        try:
            return plain(node, self.names)
        except Left:
            if argument.endswith(("initializer", "regularizer", "constraint")):
                return None if argument.endswith(("regularizer", "constraint")) else "zeros"
            known = getattr(rule, "shape_accepted" if argument in ("shape", "batch_shape") else argument, None)
            if argument == "input_shape" and rule is not None and rule.declared_input is not None:
                known = tuple(rule.declared_input.dims or ())[1:]
            if argument == "shape" and known is not None:
                known = tuple(known.dims or ())[1:]
            if not isinstance(known, int | float | str | tuple | bool) or "?" in repr(known):
                raise
            self.read = True
            return known


class Builder:
    """One stack in Keras; each layer object of the file is made once."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.maker = Maker(names)
        self.layers: dict[int, Any] = {}

    def layer(self, thing: Any, rule: Any) -> Any:
        key = id(rule)
        if key not in self.layers:
            if isinstance(thing, Model) and thing.graph is not None:
                raise Left("a functional model inside")
            if isinstance(thing, Model):
                self.layers[key] = self.sequential(thing.elements)
            elif isinstance(thing, Layer):
                self.layers[key] = self.maker.layer(thing.origin.node, rule)
            else:
                raise Left("what this layer is cannot be told")
            if getattr(rule, "trainable", True) is False:
                self.layers[key].trainable = False
        return self.layers[key]

    def sequential(self, elements: list[Element]) -> Any:
        model = keras.Sequential()
        for element in elements:
            thing = element.value
            if not element.certain:
                raise Left("an element that may not be added")
            if isinstance(thing, Symbol):
                thing = thing.tensor.node.origin
            if isinstance(thing, Layer) and thing.class_name == "InputLayer":
                model.add(self.maker.layer(thing.origin.node, thing.rule))
            else:
                model.add(self.layer(thing, thing if isinstance(thing, Model) else thing.rule if isinstance(thing, Layer) else None))
        return model


def keras_rows(stack: Stack, builder: Builder) -> list[tuple[list[Any], int, int] | None]:
    """Output shape, parameters, trainable ones of every row of ours. Raises Left, and what Keras raises."""
    assert stack.model is not None
    if stack.model.graph is None:
        model = builder.sequential(stack.model.elements)
        if not model.built and stack.input_shape.known:
            builder.maker.read = True
            model.build(tuple(stack.input_shape.dims or ()))
        if not model.built:
            raise Left("Keras does not build it without data")
        layers = list(model.layers)
        outputs = [layer.output for layer in layers]
        if len(stack.rows) == len(layers) + 1:
            return [None, *(facts(layer, output) for layer, output in zip(layers, outputs, strict=True))]
        return [facts(layer, output) for layer, output in zip(layers, outputs, strict=True)]
    rows: list[tuple[list[Any], int, int] | None] = []
    tensors: dict[Any, Any] = {}
    for node in stack.nodes:
        origin = node.origin
        if not node.inputs:
            if not isinstance(origin, Layer):
                raise Left("an input that is not written as Input(...)")
            tensors[node] = builder.maker.layer(origin.origin.node, node.rule)
            rows.append(None)
            continue
        if not isinstance(origin, Layer) or not isinstance(origin.origin.node, ast.Call):
            raise Left("an operation that is no layer call")
        layer = builder.layer(origin, node.rule)
        given = [tensors[feed.node] for feed in node.inputs]
        tensors[node] = layer(given if len(given) > 1 or getattr(node.rule, "several_inputs", False) else given[0])
        if isinstance(tensors[node], list | tuple):
            raise Left("a layer of several outputs")
        rows.append(facts(layer, tensors[node]))
    return rows


def facts(layer: Any, output: Any) -> tuple[list[Any], int, int]:
    """As the table of record_stacks."""
    return list(output.shape), layer.count_params(), sum(int(keras.ops.size(weight)) for weight in layer.trainable_weights)


def compared(file: FileReport, stack: Stack, names: dict[str, Any]) -> str:
    """"equal", "left: why", or what differs."""
    total = stack.table.params
    if isinstance(total, int) and total > MOST_PARAMS:
        return "left: too large to build here"
    broken = any(row.verdict in ("broken", "not-reached") for row in stack.rows)
    builder = Builder(names)
    try:
        rows = keras_rows(stack, builder)
    except Left as why:
        return f"left: {why}"
    except Exception as error:
        text = " ".join(str(error).split())[:150]
        if broken or file.dialect.version < 3 or any(row.verdict != "proved" for row in stack.rows):
            return f"left: Keras does not build it{' either' if broken else ''}"
        wrong = [finding.code for finding in file.findings if finding.stack is stack and finding.severity == "error"]
        return f"left: an error is reported ({wrong[0]})" if wrong else f"DIFFERS: proved, but Keras says {type(error).__name__}: {text}"
    if broken:
        return "DIFFERS: broken, but Keras builds it"
    for place, (ours, theirs) in enumerate(zip(stack.rows, rows, strict=True)):
        if theirs is not None and ours.verdict == "proved":
            mine = (list(ours.output.dims or ()), ours.params, ours.trainable_params)
            if mine != theirs:
                return f"DIFFERS: row {place} {ours.class_name}: {mine}, Keras {theirs}"
    whole = all(row.verdict == "proved" for row in stack.rows)
    return ("equal" if whole else "equal in the proved rows") + (", some arguments as our reader takes them" if builder.maker.read else "")


def files(folders: list[str]) -> Iterator[str]:
    for folder in folders:
        if os.path.isfile(folder):
            yield folder
        yield from (str(path) for path in sorted(Path(folder).rglob("*")) if path.suffix in (".py", ".ipynb") and path.is_file())


def main() -> None:
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    for path in files(sys.argv[1:]):
        (file,) = check_file(path).files
        names = constants(file) if file.stacks else {}
        for stack in file.stacks:
            keras.backend.clear_session()
            said = compared(file, stack, names)
            counts[said.partition(":")[0] if said.startswith("DIFFERS") else said] += 1
            if said.startswith("DIFFERS"):
                print(f"{path}: {stack.name} (line {stack.place.line if stack.place else '?'}): {said}", flush=True)
    for said, count in counts.most_common():
        print(f"{count:6} {said}")


if __name__ == "__main__":
    main()
