"""SC0: files of models: what is unsafe in them, what they need, and what keeps them from being read or loaded."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic


class _Advised(Diagnostic):
    """What there is in the file, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice

    def help(self) -> str:
        return self.advice


@diagnostic("SC001", "warning")
class UnsafeCode(_Advised):
    """The file contains code, or names a place from which code or data would be loaded.

    A loader that trusts the file runs it with your rights. shapecheck and tinyseq never do.

    Bad:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Lambda", "config": {"name": "double", "function_type": "lambda", "function": ["4wEAAAA=", null, null]}}]}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Rescaling", "config": {"name": "double", "scale": 2.0}}]}}
    """

    example = "model.json"

    def __init__(self, what: str, why: str, advice: str) -> None:
        super().__init__(what, advice)
        self.why = why

    def message(self) -> str:
        return f"{self.what} {self.why}"


@diagnostic("SC002", "note")
class CustomClass(Diagnostic):
    """A class or function that is not one of Keras's: the program that loads the file must pass it.

    Its output shape is unknown here, unless the file has it.

    Bad:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Swish", "config": {"name": "swish"}}]}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Activation", "config": {"name": "swish", "activation": "silu"}}]}}
    """

    example = "model.json"

    def __init__(self, name: str, what: str, key: str = "") -> None:
        self.name = name
        self.what = what
        self.key = key or name

    def message(self) -> str:
        return f"the {self.what} {self.name!r} is not one of Keras's"

    def help(self) -> str:
        value = self.name if self.name.isidentifier() and self.key == self.name else "f"
        return f"pass it: load_model(..., custom_objects={{{self.key!r}: {value}}})"


@diagnostic("SC003", "note")
class NotSupported(_Advised):
    """Something in the file that tinyseq does not compute: load_model() refuses the file.

    The table is that of the file all the same.

    Bad:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "sparse": true, "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "sparse": false, "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}
    """

    example = "model.json"

    def message(self) -> str:
        return f"tinyseq does not load this file: {self.what}"


@diagnostic("SC004", "note")
class ForeignFile(Diagnostic):
    """The model of another program, or another form of Keras's: recognised by its bytes, and not read here.

    The advice names the commands that convert it.

    Bad:
        class_name: Sequential
        config:
          layers: []

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}
    """

    example = "model.yaml"

    def __init__(self, kind: str, what: str, recipe: str) -> None:
        self.kind = kind
        """With its article."""
        self.what = what
        self.recipe = recipe

    def message(self) -> str:
        return f"the file is {self.kind}, {self.what}"

    def help(self) -> str:
        return self.recipe


@diagnostic("SC005", "note")
class WithoutModel(_Advised):
    """A file of weights or of other data: it has no layers, so that there is no table.

    Bad:
        {"metadata": {"total_size": 76}, "weight_map": {"/layers/dense/vars": ["model_00000.weights.h5"]}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}
    """

    example = "model.json"

    def message(self) -> str:
        return f"the file contains {self.what} without layers"


@diagnostic("SC006")
class DamagedModel(Diagnostic):
    """The file is damaged, or made to mislead: parts of it contradict each other, or it would unpack to far more than it holds.

    Bad:
        {"class_name": "Sequential", "class_name": "Functional", "config": {"name": "net", "layers": []}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}
    """

    example = "model.json"

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def message(self) -> str:
        return self.reason.replace("\n", " ").rstrip(".")

    def help(self) -> str:
        return "copy or download it again, or save it again where it was made"
