"""Methods and attributes of models, layers and optimizers that Keras 3 lacks, and their arguments."""

from __future__ import annotations

from shapecheck.diagnostics.migration import LayersAreACopy, MisspeltName, OldMethod
from shapecheck.migration import arguments, files, words
from shapecheck.migration.changes import Change, Drop, Text, end, keyword_place, name_place, start
from shapecheck.migration.findings import File, argument, dotted, is_layer, keyword, text_of
from shapecheck.migration.members import members
from shapecheck.migration.names import nearest
from shapecheck.migration.old_arguments import METHODS, OLD_ORDER
from shapecheck.repairs.edits import point, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Use

RENAMED = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict", "predict_proba": "predict"}
GONE = {
    "to_yaml": "use to_json()", "get_output_shape_for": "use compute_output_shape()", "uses_learning_phase": "leave it out",
    "get_updates": "use optimizer.apply() or apply_gradients()", "get_gradients": "TensorFlow: use tf.GradientTape",
    "_make_predict_function": "leave it out", "legacy_get_config": "use get_config()", "state_updates": "leave it out",
    "add_update": "assign to the variable in call()", "add_metric": "give the metric to compile(metrics=[...]), or make it in __init__()",
    "minimize": "TensorFlow: use tf.GradientTape and apply_gradients()", "get_weights": "read its variables",
    "set_weights": "assign to its variables",
}  # fmt: skip
"""Names that only old models, layers and optimizers have."""
OF_LAYERS = {
    "output_shape": "output.shape",
    "input_shape": "input.shape",
    "inbound_nodes": "",
    "outbound_nodes": "",
    "W": "kernel",
    "b": "bias",
}
OF_OPTIMIZERS = {"lr": "learning_rate", "weights": "variables", "updates": ""}
OF_MODELS = {"updates": "", "state_updates": "", "total_loss": "", "targets": "", "sample_weights": "", "uses_learning_phase": "",
             "container_nodes": ""}  # fmt: skip
OF_ONE = ("add_metric", "minimize", "get_weights", "set_weights", "uses_learning_phase", "state_updates", "get_updates", "get_gradients")
"""Methods of GONE that other objects have too: told of what is known to be Keras's."""
AT = {"get_output_at": "output", "get_input_at": "input", "get_output_shape_at": "output.shape", "get_input_shape_at": "input.shape"}
ATTRIBUTES = frozenset((*OF_LAYERS, *OF_OPTIMIZERS, *OF_MODELS))
JUDGED = frozenset((*RENAMED, *GONE, *AT, "predict_classes", "reset_states", "fit", "evaluate", "predict", "compile", "train_on_batch",
                    "test_on_batch", "save", "save_weights", "load_weights", "pop"))  # fmt: skip
OTHERS = ("sklearn", "xgboost", "lightgbm", "catboost", "autosklearn", "tpot", "poutyne", "torch", "pytorch", "hmmlearn", "mlxtend")
"""Libraries whose objects have methods of the same names."""


def judge(file: File) -> None:
    """Every call of a method, and attributes of layers and optimizers."""
    for use in file.scan.calls:
        func = use.node.func
        if use.guarded or func.__class__.__name__ != "Attribute":
            continue
        if func.attr in JUDGED and func.attr not in file.scan.defined:
            _method(file, use, func)
        elif func.attr not in KNOWN_METHODS:
            _misspelt(file, use, func)
    for use in file.scan.chains:
        if use.names[-1] in ("input", "output") and len(use.names) > 1 and not use.guarded:
            _tensor_of_a_sequential(file, use)
        elif not use.guarded and (use.names[-1] in ATTRIBUTES or use.names[-1] == "pop"):
            _attribute(file, use)


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
        _generator(file, use, name)
    elif name == "predict_proba":
        if kind in ("model", "sequential"):
            _tell(file, use, func, [Text(use.unit, name_place(use.unit, func), "predict")], "write predict()")
    elif name == "predict_classes":
        _classes(file, use, func)
    elif name == "reset_states":
        if kind in ("model", "sequential"):
            _states(file, use, func)
    elif name in AT:
        _at(file, use, func)
    elif name in ("minimize", "get_weights", "set_weights") and kind != "optimizer":
        return
    elif name in GONE and (kind or name not in OF_ONE):
        _tell(file, use, func, None, GONE[name])


def _tell(file: File, use: Use, func: Any, changes: list[Change] | None, advice: str, what: str = "") -> None:

    text = what or f"{func.attr}() is of an older Keras; Keras 3 does not have it"
    file.add(OldMethod(text, advice), use.unit, name_place(use.unit, func), changes, advice if changes is not None else "")


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
        if new.startswith("!"):
            changes, advice = _steps(file, use, one, name) if one.arg in STEPS else (None, new[1:])
            arguments.old(file, use, one, f"{name}()", changes, advice)
        elif new and keyword(use.node, new) is None:
            arguments.old(file, use, one, f"{name}()", arguments.renamed(use, one, new), arguments.said(use, one, new))
        else:
            arguments.old(file, use, one, f"{name}()", [Drop(use.unit, use.node, one)], "leave it out")


def _unmistakable(file: File, name: str | None) -> bool:
    """True for keywords that only Keras's methods have, in a file that has no other library with such methods."""
    return name in ("nb_epoch", "nb_val_samples", "samples_per_epoch", "max_queue_size", "use_multiprocessing", "max_q_size",
    "pickle_safe",
                    "show_accuracy", "class_mode", "workers") and not _others(file)  # fmt: skip


def _others(file: File) -> bool:
    return any(one.path.partition(".")[0] in OTHERS for one in file.scan.imports)


STEPS = {"samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps", "val_samples": "steps"}


def _steps(file: File, use: Use, one: Any, name: str) -> tuple[list[Change] | None, str]:
    """Samples counted in batches, where the batch size of the generator is in sight."""
    new = STEPS[one.arg]
    data = argument(use.node, 0, "generator") if one.arg != "nb_val_samples" else argument(use.node, 5, "validation_data")
    size = _batch_size(file, use, data)
    if size is None or keyword(use.node, new) is not None:
        return None, f"write {new}=, which counts batches: divide by the batch size"
    unit = use.unit
    value = written(unit, one.value)
    simple = type(one.value).__name__ in ("Name", "Constant", "Attribute", "Call", "Subscript")
    text = f"{value if simple else f'({value})'} // {size}"
    return [Text(unit, keyword_place(unit, one), new), Text(unit, unit.place(one.value), text)], f"write {new}={text}"


def _batch_size(file: File, use: Use, data: Any) -> str | None:
    """The text of batch_size= of the call that made the data."""
    if type(data).__name__ == "Name":
        values = file.scan.values(data.id, use.scope)
        data = values[0] if len(values) == 1 else None
    if type(data).__name__ != "Call":
        return None
    given = keyword(data, "batch_size")
    if given is not None and type(given.value).__name__ in ("Name", "Constant", "Attribute"):
        return written(use.unit, given.value)
    return "32" if getattr(data.func, "attr", "") in ("flow", "flow_from_directory") and given is None and len(data.args) < 3 else None


def _generator(file: File, use: Use, name: str) -> None:
    """fit_generator(g, 10, 5) -> fit(g, steps_per_epoch=10, epochs=5)."""

    call, unit, func = use.node, use.unit, use.node.func
    new = RENAMED[name]
    keywords = {one.arg for one in call.keywords}
    starred = any(type(one).__name__ == "Starred" for one in call.args)
    keras_1 = bool(keywords & {"nb_epoch", "samples_per_epoch", "nb_val_samples", "nb_worker", "pickle_safe"}) or (
        file.keras_1 and not keywords & {"epochs", "steps_per_epoch", "validation_steps"}
    )
    order = OLD_ORDER.get(f"{name} of Keras 1" if keras_1 else name, OLD_ORDER[name])
    changes: list[Change] | None = [Text(unit, name_place(unit, func), new)]
    counted = keras_1 and len(call.args) > 1 and name == "fit_generator"
    if starred or len(call.args) > len(order) or counted or (keras_1 and len(call.args) > 1):
        changes = None
    elif changes is not None:
        for word, given in zip(order[1:], call.args[1:], strict=False):
            changes.append(Text(unit, start(unit, given), f"{METHODS[new].get(word) or word}="))
    why = f"write {new}()" + ("" if changes is not None else ", with steps_per_epoch= and the others by name: they count batches")
    _tell(file, use, func, changes, why)
    _arguments(file, use, new, "model")


def _classes(file: File, use: Use, func: Any) -> None:
    """predict_classes(x): the most likely class, or a threshold where the model has one output."""
    call, unit = use.node, use.unit
    width = last_width(file, func.value, use)
    alias, needs = file.name_for("numpy", "", None, unit)
    both = f'{alias or "numpy"}.argmax(...predict(...), axis=-1), or (...predict(...) > 0.5).astype("int32") for one output'
    changes: list[Change] | None = None
    advice = f"write {both}"
    if width == "many" and alias:
        changes = [Text(unit, start(unit, call), f"{alias}.argmax("), Text(unit, name_place(unit, func), "predict"),
                   Text(unit, end(unit, call), ", axis=-1)"), *needs]  # fmt: skip
        advice = f"write {alias}.argmax(...predict(...), axis=-1)"
    elif width == "one":
        changes = [Text(unit, start(unit, call), "("), Text(unit, name_place(unit, func), "predict"),
                   Text(unit, end(unit, call), ' > 0.5).astype("int32")')]  # fmt: skip
        advice = 'write (...predict(...) > 0.5).astype("int32")'
    _tell(file, use, func, changes, advice)


def last_width(file: File, model: Any, use: Use) -> str:
    """ "one" or "many" outputs of a Sequential that this file fills, by its last Dense and activation; "" if that cannot be told."""
    names = dotted(model)
    layers: list[Any] = []
    for other in file.scan.calls:
        func = other.node.func
        if getattr(func, "attr", "") == "add" and names is not None and dotted(func.value) == names and other.node.args:
            layers.append((other.unit.place(other.node).key, other.node.args[0]))
    if names is not None and not layers and len(names) == 1:
        values = file.scan.values(names[0], use.scope)
        listed = argument(values[0], 0, "layers") if len(values) == 1 and type(values[0]).__name__ == "Call" else None
        layers = list(enumerate(getattr(listed, "elts", [])))
    for _, layer in sorted(layers, key=lambda pair: pair[0], reverse=True):
        if type(layer).__name__ != "Call":
            return ""
        name = (dotted(layer.func) or ("",))[-1]
        word = text_of(argument(layer, 0, "activation") if name == "Activation" else getattr(keyword(layer, "activation"), "value", None))
        if word == "softmax":
            return "many"
        if name == "Dense":
            units = argument(layer, 0, "units") or argument(layer, 0, "output_dim")
            value = getattr(units, "value", None)
            return ("one" if value == 1 else "many") if isinstance(value, int) else ""
        if name not in ("Activation", "Dropout"):
            return ""
    return ""


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
    advice = f"reset the layers: for {name} in {receiver}.layers, where it has reset_states()"
    _tell(
        file, use, func, [Text(unit, place, text)] if alone else None, advice, "a model has no reset_states() in Keras 3; its layers have"
    )


def _at(file: File, use: Use, func: Any) -> None:
    """layer.get_output_at(0) -> layer.output."""
    unit, call = use.unit, use.node
    first = argument(call, 0, "node_index")
    new = AT[func.attr]
    if getattr(first, "value", None) == 0:
        place = name_place(unit, func)
        whole = unit.place(call)
        whole.line, whole.column = place.line, place.column
        _tell(file, use, func, [Text(unit, whole, new)], f"write .{new}")
    else:
        _tell(file, use, func, None, f"keep what the layer answered at that call; .{new} is that of the first")


def _attribute(file: File, use: Use) -> None:
    """model.layers[0].output_shape, optimizer.lr, model.layers.pop()."""

    node, name = use.node, use.names[-1]
    if name == "pop":
        popped = len(use.names) > 2 and use.names[-2] == "layers" and "layers" not in file.scan.defined
        kind = file.kind(node.value.value, use.scope) if popped else ""
        if not popped or kind not in ("model", "sequential"):
            return
        unit = use.unit
        place = unit.place(node)
        inner = unit.place(node.value.value)
        what = "layers is a copy of the list: taking a layer out of it leaves the model as it is"
        changes: list[Change] | None = None
        advice = "make a new model that ends before it: keras.Model(model.input, model.layers[-2].output)"
        if kind == "sequential":
            advice = f"write {written(unit, node.value.value)}.pop()"
            place_of_layers = point(unit, inner.end_line, inner.end_column)
            place_of_layers.end_line, place_of_layers.end_column = place.end_line, place.end_column
            changes = [Text(unit, place_of_layers, ".pop")]
        file.add(LayersAreACopy(what, advice), unit, place, changes, advice if changes else "")
        return
    if type(node.ctx).__name__ != "Load" and name != "lr":
        return
    kind = file.kind(node.value, use.scope) if name in OF_OPTIMIZERS or name in OF_MODELS else ""
    if kind == "optimizer" and name in OF_OPTIMIZERS and "lr" not in _own_attributes(file):
        _told_attribute(file, use, OF_OPTIMIZERS[name], f"an optimizer has no {name} in Keras 3")
    elif kind in ("model", "sequential") and name in OF_MODELS:
        _told_attribute(file, use, OF_MODELS[name], f"a model has no {name} in Keras 3")
    elif name not in OF_LAYERS:
        return
    elif is_layer(node.value) or _loops_over_layers(file, node.value, use):
        new = OF_LAYERS[name]
        _told_attribute(file, use, new, f"a layer has no {name} in Keras 3")


def _tensor_of_a_sequential(file: File, use: Use) -> None:
    """model.input and model.output of a Sequential, which has them no more until it is called on a tensor; its inputs and outputs stay."""
    node, name = use.node, use.names[-1]
    if type(node.ctx).__name__ != "Load" or file.kind(node.value, use.scope) != "sequential":
        return
    if any(dotted(other.node.func) == use.names[:-1] for other in file.scan.calls):
        return  # called as a layer: on a tensor of another model, perhaps
    _told_attribute(file, use, f"{name}s[0]", f"a Sequential that was not called on a tensor has no {name} in Keras 3")


def _own_attributes(file: File) -> set[str]:
    """Attributes that the file's own objects get: self.lr = ..."""
    return {name for name, values in file.scan.attributes.items() if values and name == "lr" and any(where.parent for _, where in values)}


def _told_attribute(file: File, use: Use, new: str, what: str) -> None:
    unit = use.unit
    place = name_place(unit, use.node)

    advice = f"write .{new}" if new else "it is private today"
    file.add(OldMethod(what, advice), unit, place, [Text(unit, place, new)] if new else None, advice if new else "")


def _loops_over_layers(file: File, node: Any, use: Use) -> bool:
    if type(node).__name__ != "Name":
        return False
    values = file.scan.values(node.id, use.scope)
    return bool(values) and all(
        (type(value).__name__ in ("For", "comprehension") and type(value.iter).__name__ == "Attribute" and value.iter.attr == "layers")
        or is_layer(value)
        for value in values
    )


def _misspelt(file: File, use: Use, func: Any) -> None:
    """model.compil(): a method that models do not have, where it looks like one that they have."""
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
            MisspeltName(f"a model has no method {name}", f"write {near}"), use.unit, place, [Text(use.unit, place, near)],
            f"write {near}"
        )


KNOWN_METHODS = frozenset((
    "add", "append", "astype", "reshape", "format", "join", "summary", "get_layer", "load_data", "mean", "sum", "flow", "shape", "items",
    "keys",
    "to_categorical", "predict_on_batch", "get_weights", "set_weights", "count_params", "to_json", "build", "call", "split", "plot",
    "show",
    "imread", "flow_from_directory", "load_model", "array", "zeros", "ones", "arange", "get_config", "load_img", "img_to_array", "max",
    "min",
))  # fmt: skip
"""Frequent methods that need no second look."""
