"""SC0: files of models: what is unsafe in them, what they need, and what keeps them from being read or loaded."""

from __future__ import annotations

from shapecheck.diagnostics.base import Diagnostic, diagnostic
from shapecheck.languages import because


class _Advised(Diagnostic):
    """What there is in the file, and what to do."""

    def __init__(self, what: str, advice: str) -> None:
        self.what = what
        self.advice = advice

    def help(self) -> str:
        return str(self.advice)


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

    A drawing:
        file -> a loader that trusts it -> code of the file runs with your rights
        file -> shapecheck, tinyseq     -> read as data: the table, and this finding

    Which repair, and when:
        a layer that needs no code of its own      if one does the same: Rescaling for lambda x: 2 * x
        your own function, custom_objects={...}    if you have the program that made the file and have read it
        another file                               if you do not know who made it

    A question:
        A friend's file holds a Lambda. Is it safe because the friend is? (No: what counts is what the code does; read it.)
    """

    example = "model.json"

    def message(self) -> str:
        return str(self.what)


CUSTOM = {
    "layer": because("layer"),
    "function": because("function"),
    "initializer": because("initializer"),
    "regularizer": because("regularizer"),
    "constraint": because("constraint"),
    "object": because("object"),
}
"""What a class or function of the user's is."""


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

    The sum:
        a file keeps names and numbers, not code: class_name is "Swish", but what Swish computes is in the program that made it

    Which repair, and when:
        custom_objects={"Swish": Swish} when it is loaded    if you have the class
        Keras's own name for it                              if there is one: Activation("silu") is swish
        save it again from the program that made it          if that can write the layer with Keras's classes

    A question:
        Why does another custom layer after it stay unknown too? (Its input shape is the first one's output shape.)
    """

    example = "model.json"

    def __init__(self, name: str, what: str, key: str = "") -> None:
        self.name = name
        self.what = what
        self.key = key or name

    def message(self) -> str:
        if self.what == "lambda":
            return self.say("message.lambda", "the function of a Lambda is in the program that made the file")
        return self.say("message", "the {what} {name!r} is not one of Keras's", what=CUSTOM[self.what], name=self.name)

    def help(self) -> str:
        value = self.name if self.name.isidentifier() and self.key == self.name else "f"
        return self.say("help", "pass it: load_model(..., custom_objects={{{key!r}: {value}}})", key=self.key, value=value)


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

    Which repair, and when:
        the setting that the advice names    if the model does not need it: sparse=False
        the library that made the file       if it does need it

    A question:
        Does the table show the layers although load_model() refuses the file? (Yes: shapes need no numbers.)
    """

    example = "model.json"

    def message(self) -> str:
        return self.say("message", "tinyseq does not load this file: {what}", what=self.what)


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

    A drawing:
        bytes at the start     what it is
        PK 03 04               a zip: .keras, .npz
        89 H D F               HDF5: .h5
        .. .. .. .. T F L 3    TensorFlow Lite
        {                      JSON

    Which repair, and when:
        the commands of the advice    run where the program that wrote it is installed
        save it again as .keras       if the model still exists in a program

    A question:
        A SavedModel folder is renamed to model.h5. Does that make it an HDF5 file? (No: the bytes stay the same.)
    """

    example = "model.yaml"

    def __init__(self, name: str, what: str, recipe: str) -> None:
        self.name = name
        """"the file is an ONNX model"."""
        self.what = what
        self.recipe = recipe

    def message(self) -> str:
        return self.say("message", "{name}, {what}", name=self.name, what=self.what)

    def help(self) -> str:
        return str(self.recipe)


@diagnostic("SC005", "note")
class WithoutModel(_Advised):
    """A file of weights or of other data: it has no layers, so that there is no table.

    Bad:
        {"metadata": {"total_size": 76}, "weight_map": {"/layers/dense/vars": ["model_00000.weights.h5"]}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}

    The sum:
        weights alone: 4 * 3 + 3 = 15 numbers of a Dense(3) do not say which activation follows, or what comes before

    Which repair, and when:
        model.save("model.keras")               if you can save it again: layers and weights together
        build the model, then load_weights()    if you have the program that builds it

    A question:
        Why can two different models have weight files of the same size? (relu or softmax have no weights.)
    """

    example = "model.json"

    def message(self) -> str:
        return self.say("message", "the file contains {what} without layers", what=self.what)


@diagnostic("SC006")
class DamagedModel(Diagnostic):
    """The file is damaged, or made to mislead: parts of it contradict each other, or it would unpack to far more than it holds.

    Bad:
        {"class_name": "Sequential", "class_name": "Functional", "config": {"name": "net", "layers": []}}

    Good:
        {"class_name": "Sequential", "config": {"name": "net", "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "x"}},
            {"class_name": "Dense", "config": {"name": "out", "units": 3}}]}}

    The sum:
        one key, two values: "Sequential" and "Functional"; two programs could read two different models from it

    Which repair, and when:
        download or copy it again                      if the transfer was cut off: compare the sizes
        save it again from the program that made it    if you have it
        do not load it                                 if you do not know who made it: such files are made to mislead a check

    A question:
        A zip of 1 MB says that it unpacks to 10 GB. Damaged, or made on purpose? (Treat it as the second.)
    """

    example = "model.json"

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def message(self) -> str:
        return str(self.reason).replace("\n", " ").rstrip(".")

    def help(self) -> str:
        return self.say("help", "copy or download it again, or save it again where it was made")
