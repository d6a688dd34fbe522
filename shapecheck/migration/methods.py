"""Methods of models, layers and optimizers that Keras 3 lacks, and arguments of those that it has."""

from __future__ import annotations

from shapecheck.diagnostics.migration import MisspeltName
from shapecheck.languages import Phrase, used, write
from shapecheck.migration import arguments, files, words
from shapecheck.migration.arguments import old_method
from shapecheck.migration.changes import Drop, Text, name_place, start
from shapecheck.migration.findings import argument, dotted, keyword, text_of
from shapecheck.migration.generators import RENAMED, STEPS, generator, steps
from shapecheck.migration.members import members
from shapecheck.migration.names import nearest
from shapecheck.migration.old_arguments import METHODS
from shapecheck.migration.prediction import classes
from shapecheck.repairs.edits import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.changes import Change
    from shapecheck.migration.findings import File
    from shapecheck.migration.scan import Use

GONE = {
    "to_yaml": used("to_json()"),
    "get_output_shape_for": used("compute_output_shape()"),
    "uses_learning_phase": Phrase("migration", "remove_it", "remove it"),
    "get_updates": Phrase("migration", "use_optimizer_apply_or", "use optimizer.apply() or apply_gradients()"),
    "get_gradients": Phrase("migration", "tensorflow_use_tf_gradienttape_2", "TensorFlow: use tf.GradientTape"),
    "_make_predict_function": Phrase("migration", "remove_it", "remove it"),
    "legacy_get_config": used("get_config()"),
    "state_updates": Phrase("migration", "remove_it", "remove it"),
    "add_update": Phrase("migration", "assign_to_the_variable", "assign to the variable in call()"),
    "add_metric": Phrase("migration", "pass_the_metric_to", "pass the metric to compile(metrics=[...]), or create it in __init__()"),
    "minimize": Phrase("migration", "tensorflow_use_tf_gradienttape", "TensorFlow: use tf.GradientTape and apply_gradients()"),
    "get_weights": Phrase("migration", "read_its_variables", "read its variables"),
    "set_weights": Phrase("migration", "assign_to_its_variables", "assign to its variables"),
}
"""Names that only old models, layers and optimizers have."""
OF_ONE = ("add_metric", "minimize", "get_weights", "set_weights", "uses_learning_phase", "state_updates", "get_updates", "get_gradients")
"""Methods of GONE that other objects have too: reported only for objects known to be Keras's."""
AT = {"get_output_at": "output", "get_input_at": "input", "get_output_shape_at": "output.shape", "get_input_shape_at": "input.shape"}
JUDGED = frozenset((*RENAMED, *GONE, *AT, "predict_proba", "predict_classes", "reset_states", "fit", "evaluate", "predict", "compile",
"train_on_batch",
                    "test_on_batch", "save", "save_weights", "load_weights", "pop", "add_weight"))  # fmt: skip
OTHERS = ("sklearn", "xgboost", "lightgbm", "catboost", "autosklearn", "tpot", "poutyne", "torch", "pytorch", "hmmlearn", "mlxtend")
"""Libraries whose objects have methods of the same names."""


def judge(file: File) -> None:
    """Every call of a method."""
    for use in file.scan.calls:
        func = use.node.func
        if use.guarded or func.__class__.__name__ != "Attribute":
            continue
        if func.attr in JUDGED and func.attr not in file.scan.defined:
            _method(file, use, func)
        elif func.attr not in KNOWN_METHODS:
            _misspelt(file, use, func)


def _method(file: File, use: Use, func: Any) -> None:
    name = func.attr
    names = dotted(func)
    if names and file.path_of(names, use.scope):
        return  # a function of a module
    kind = file.kind(func.value, use.scope)
    if kind == "other" or (kind in ("layer", "optimizer") and name not in AT and name not in GONE):
        return
    if name in ("fit", "evaluate", "predict", "compile", "train_on_batch", "test_on_batch"):
        _arguments(file, use, name, kind)
    elif name in ("save", "save_weights", "load_weights"):
        files.saved(file, use, name, kind)
    elif name in ("fit_generator", "evaluate_generator", "predict_generator"):
        generator(file, use, name)
        _arguments(file, use, RENAMED[name], "model")
    elif name == "predict_proba":
        if kind in ("model", "sequential"):
            old_method(file, use, func, [Text(use.unit, name_place(use.unit, func), "predict")], write("predict()"))
    elif name == "predict_classes":
        classes(file, use, func)
    elif name == "reset_states":
        if kind in ("model", "sequential"):
            _states(file, use, func)
    elif name in AT:
        _at(file, use, func)
    elif name == "add_weight":
        _weight(file, use, func)
    elif name in ("minimize", "get_weights", "set_weights") and kind != "optimizer":
        return
    elif name in GONE and (kind or name not in OF_ONE):
        old_method(file, use, func, None, GONE[name])


def _arguments(file: File, use: Use, name: str, kind: str) -> None:
    """fit(nb_epoch=), evaluate(workers=), compile(class_mode=)."""
    if name == "compile":
        words.compiled(file, use, kind)
    if name == "fit" and any(one.arg in ("x", "X", "y") and one.arg == "X" for one in use.node.keywords):
        return
    for one in use.node.keywords:
        new = METHODS[name].get(one.arg or "")
        if new is None or (not kind and not _unmistakable(file, one.arg)):
            continue
        if one.arg == "target_tensors" and getattr(one.value, "value", "") is None:
            new = ""
        if isinstance(new, Phrase):
            changes, advice = steps(file, use, one, name) if one.arg in STEPS else (None, new)
            arguments.old(file, use, one, f"{name}()", changes, advice)
        elif new and keyword(use.node, new) is None:
            arguments.old(file, use, one, f"{name}()", arguments.renamed(use, one, new), arguments.said(use, one, new))
        else:
            arguments.old(file, use, one, f"{name}()", [Drop(use.unit, use.node, one)], Phrase("migration", "remove_it", "remove it"))


def _unmistakable(file: File, name: str | None) -> bool:
    """True for keywords that only Keras methods have, in a file without another library with such methods."""
    return name in ("nb_epoch", "nb_val_samples", "samples_per_epoch", "max_queue_size", "use_multiprocessing", "max_q_size",
    "pickle_safe",
                    "show_accuracy", "class_mode", "workers") and not _others(file)  # fmt: skip


def _others(file: File) -> bool:
    return any(one.path.partition(".")[0] in OTHERS for one in file.scan.imports)


def _states(file: File, use: Use, func: Any) -> None:
    """model.reset_states() as a statement: a loop over the layers that have states."""
    unit, call = use.unit, use.node
    place = unit.place(call)
    line = unit.lines[place.line - 1]
    head, tail = line[: place.column - 1], unit.lines[place.end_line - 1][place.end_column - 1 :]
    receiver = written(unit, func.value)
    name = "layer" if not file.scan.taken("layer") else "one_layer"
    text = f'for {name} in {receiver}.layers:\n{head}    if hasattr({name}, "reset_states"):\n{head}        {name}.reset_states()'
    alone = not head.strip() and not tail.strip().rstrip(";") and not call.args
    advice = Phrase(
        "migration",
        "reset_the_layers_for",
        "reset the layers: for {name} in {receiver}.layers, where it has reset_states()",
        name=name,
        receiver=receiver,
    )
    old_method(
        file,
        use,
        func,
        [Text(unit, place, text)] if alone else None,
        advice,
        Phrase("migration", "a_model_has_no_reset", "a model has no reset_states() in Keras 3, but its layers do"),
    )


def _weight(file: File, use: Use, func: Any) -> None:
    """self.add_weight("kernel", shape=...) -> self.add_weight(name="kernel", shape=...): Keras 3 takes the shape first."""
    args = use.node.args
    if not args or text_of(args[0]) is None or keyword(use.node, "name") is not None or getattr(func.value, "id", "") != "self":
        return
    shape = keyword(use.node, "shape") is None and len(args) == 2
    changes: list[Change] = [Text(use.unit, start(use.unit, one), f"{word}=") for one, word in zip(args, ("name", "shape"), strict=False)]
    both = Phrase("migration", "name_and_shape_first", "write name= and shape= before the first two")
    advice = both if shape else Phrase("migration", "name_first", "write name= before the name")
    what = Phrase("migration", "add_weight", "add_weight() takes the shape first in Keras 3, and the name only as name=")
    old_method(file, use, func, changes if len(args) == 1 or shape else None, advice, what)


def _at(file: File, use: Use, func: Any) -> None:
    """layer.get_output_at(0) -> layer.output."""
    unit, call = use.unit, use.node
    first = argument(call, 0, "node_index")
    new = AT[func.attr]
    if getattr(first, "value", None) == 0:
        place = name_place(unit, func)
        whole = unit.place(call)
        whole.line, whole.column = place.line, place.column
        old_method(file, use, func, [Text(unit, whole, new)], write(f".{new}"))
    else:
        old_method(
            file,
            use,
            func,
            None,
            Phrase("migration", "keep_the_result_of", "keep the result of that call; .{new} is that of the first call", new=new),
        )


def _misspelt(file: File, use: Use, func: Any) -> None:
    """model.compil(): a method that models do not have, if it is similar to one that they have."""
    name = func.attr
    if len(name) < 3 or name in file.scan.defined or name.startswith("_"):
        return
    value = func.value
    if type(value).__name__ not in ("Name", "Attribute") or file.kind(value, use.scope) not in ("model", "sequential"):
        return
    names = dotted(func)
    if names and file.path_of(names, use.scope):
        return

    kind = "Sequential" if file.kind(value, use.scope) == "sequential" else "Model"
    known = members(f"keras.models.{kind}") | {
        "optimizer",
        "name",
        "built",
        "stop_training",
        "inputs",
        "outputs",
        "input",
        "output",
        "history",
    }
    if name in known:
        return
    near = nearest(name, sorted(known))
    if near:
        place = name_place(use.unit, func)
        file.add(
            MisspeltName(Phrase("migration", "a_model_has_no_method", "a model has no method {name}", name=name), write(f"{near}")),
            use.unit,
            place,
            [Text(use.unit, place, near)],
            write(f"{near}"),
        )


KNOWN_METHODS = frozenset((
    "add", "append", "astype", "reshape", "format", "join", "summary", "get_layer", "load_data", "mean", "sum", "flow", "shape", "items",
    "keys",
    "to_categorical", "predict_on_batch", "get_weights", "set_weights", "count_params", "to_json", "build", "call", "split", "plot",
    "show",
    "imread", "flow_from_directory", "load_model", "array", "zeros", "ones", "arange", "get_config", "load_img", "img_to_array", "max",
    "min",
))  # fmt: skip
"""Frequent methods that need no check."""
