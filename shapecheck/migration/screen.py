"""A fast screening: is there anything that needs a full check? It must report everything that a check may find."""

from __future__ import annotations

from shapecheck.migration import tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.migration.scan import Scan, Scope, Use
    from shapecheck.reader.source import Unit

METHODS = frozenset((
    "fit_generator", "evaluate_generator", "predict_generator", "predict_proba", "predict_classes", "reset_states", "to_yaml",
    "get_output_shape_for", "uses_learning_phase", "get_updates", "get_gradients", "_make_predict_function", "legacy_get_config",
    "state_updates", "add_update", "get_output_at", "get_input_at", "get_output_shape_at", "get_input_shape_at",
))  # fmt: skip
"""Methods that only old objects have."""
ATTRIBUTES = frozenset(("output_shape", "input_shape", "inbound_nodes", "outbound_nodes", "lr", "W", "b"))
OF_OBJECTS = frozenset(("weights", "updates", "state_updates", "total_loss", "targets", "sample_weights", "uses_learning_phase",
"container_nodes",
                        "add_metric", "minimize", "get_weights", "set_weights"))  # fmt: skip
"""Old attributes of optimizers and models, if the file creates one."""
KEYWORDS = frozenset((
    "nb_epoch", "show_accuracy", "accuracy", "samples_per_epoch", "nb_val_samples", "val_samples", "generator", "workers",
    "use_multiprocessing", "max_queue_size", "max_q_size", "nb_worker", "pickle_safe", "nb_val_worker", "reset_metrics", "class_mode",
    "theano_mode", "sample_weight_mode", "experimental_run_tf_function", "distribute", "options", "run_metadata", "target_tensors",
    "save_format", "signatures",
))  # fmt: skip
"""Keywords of methods that Keras 3 refuses."""
IGNORED = frozenset(("input_length", "decay", "alpha", "batch_input_shape"))
"""Keywords that are recorded for some class but are also those of an older Keras."""
NUMBERED = frozenset(("Convolution2D", "Conv2D", "AtrousConvolution2D", "Deconvolution2D", "SeparableConvolution2D", "Convolution3D",
"Conv3D",
                      "Deconvolution3D"))  # fmt: skip
WORDS = frozenset(("cosine_proximity", "cosine", "logcosh", "huber_loss", "kullback_leibler_divergence", "fmeasure", "fbeta_score",
                   "matthews_correlation", "maxnorm", "nonneg", "unitnorm", "th", "tf"))  # fmt: skip
MEMBERS = frozenset((
    "add", "build", "call", "compile", "compute_loss", "compute_mask", "compute_metrics", "compute_output_shape", "count_params",
    "evaluate",
    "export", "fit", "from_config", "get_config", "get_layer", "get_metrics_result", "get_weights", "load_weights", "pop", "predict",
    "predict_on_batch", "reset_metrics", "save", "save_weights", "set_weights", "summary", "test_on_batch", "to_json", "train_on_batch",
))  # fmt: skip
"""Frequent attributes of models: any other attribute needs a full check."""
SHAPES = ("shape", "input_shape", "batch_shape")
SAVED = (".keras", ".h5", ".hdf5")


def suspicious(scan: Scan, units: list[Unit]) -> bool:
    """True if a check may find something."""
    if any(not right(one.path) for one in scan.imports if "keras" in one.path and not one.guarded):
        return True
    for use in scan.chains:
        if (use.names[-1] in ATTRIBUTES and _of_a_layer(scan, use)) or (use.names[-1] == "pop" and use.names[-2:-1] == ("layers",)):
            return True
        if use.names[-1] in ("input", "output") and len(use.names) > 1 and use.names[0] and _assigned(scan, list(use.names), use.scope):
            return True
        if use.names[-1] in OF_OBJECTS and use.names[-1] not in ("weights", "get_weights", "set_weights"):
            return True
        if use.names[-1] in OF_OBJECTS and _an_optimizer(scan, use):
            return True
        bound = scan.bound(use.names[0], use.scope)
        if bound and not right(".".join((bound[0].path, *use.names[1:]))):
            return True
    texts = [unit.text for unit in units]
    if any(word in text for text in texts for word in ("acc'", 'acc"', "acc:", "acc}")):
        return True
    return any(_call(scan, use) for use in scan.calls)


def _of_a_layer(scan: Scan, use: Use) -> bool:
    """True for model.layers[0].output_shape, for a loop variable, and for an expression that is not a plain name; lr always needs a
    check."""
    if use.names[-1] == "lr" or not use.names[0] or len(use.names) > 2:
        return True
    return any(value.__class__.__name__ in ("For", "comprehension", "Call", "Subscript") and not _model(value)
               for value in scan.values(use.names[0], use.scope))  # fmt: skip


def _an_optimizer(scan: Scan, use: Use) -> bool:
    """True for model.optimizer, and for a name that may be an optimizer."""
    if "optimizer" in use.names[:-1] or not use.names[0]:
        return True
    values = scan.values(use.names[0], use.scope)
    return any(value.__class__.__name__ == "Call" and not _model(value) and not _layer(scan, value, use.scope) for value in values)


def _layer(scan: Scan, value: Any, scope: Scope) -> bool:
    """True for a call of a layer class: layers.Dense(3)."""
    names = _names(value.func)
    bound = scan.bound(names[0], scope) if names else None
    return bound is not None and bool(bound) and ".layers" in ".".join((bound[0].path, *names[1:])) and names[-1][:1].isupper()


def right(path: str) -> bool:
    """True for a name that Keras 3 has, and for one that is not Keras's.

    >>> right("keras.layers.Dense"), right("keras.layers.Desne"), right("numpy.sum"), right("tensorflow.keras.layers")
    (True, False, True, True)
    """
    if "keras" not in path:
        return True
    root, rest = tables.split(path)
    if not root:
        return not path.startswith("tensorflow.")
    parts = rest.split(".") if rest else []
    module = root
    while parts and tables.is_module(f"{module}.{parts[0]}"):
        module = f"{module}.{parts.pop(0)}"
    if not parts or parts[0] == "*" or parts[0].startswith("__"):
        return True
    here = module[len(root) + 1 :]
    return parts[0] in (tables.entries(root, here) or {}) and here != "optimizers.legacy"


def _call(scan: Scan, use: Use) -> bool:
    call: Any = use.node
    func = call.func
    names = _names(func)
    last = names[-1] if names else getattr(func, "attr", "")
    if last in METHODS or last == "ModelCheckpoint" or (last == "add_weight" and call.args and _text(call.args[0])):
        return True
    for one in call.keywords:
        if one.arg in KEYWORDS or one.arg in IGNORED or _text(one.value) in WORDS or (one.arg == "metrics" and _text(one.value)):
            return True
        if one.arg in ("loss", "metrics") and any(
            _text(item) in WORDS for item in getattr(one.value, "elts", getattr(one.value, "values", ()))
        ):
            return True
    if any(_text(one) in WORDS for one in call.args):
        return True
    if last in NUMBERED and len(call.args) > 2:
        return True
    if last in ("save", "save_weights", "load_weights", "load_model", "save_model") and not _named_well(call, last):
        return True
    if last in ("Input", "InputLayer") and call.args and call.args[0].__class__.__name__ == "Constant":
        return True
    if any(one.arg in SHAPES and one.value.__class__.__name__ == "Constant" for one in call.keywords):
        return True
    return _of_keras(scan, use.scope, names, call) if names else False


def _names(node: Any) -> list[str]:
    names = []
    while node.__class__.__name__ == "Attribute":
        names.append(node.attr)
        node = node.value
    if node.__class__.__name__ != "Name":
        return []
    names.append(node.id)
    names.reverse()
    return names


def _text(node: Any) -> str:
    return node.value if node.__class__.__name__ == "Constant" and node.value.__class__ is str else ""


def _named_well(call: Any, method: str) -> bool:
    place = 1 if method == "save_model" else 0
    path = call.args[place] if len(call.args) > place else next((one.value for one in call.keywords if one.arg == "filepath"), None)
    if path is None:
        return False
    if path.__class__.__name__ == "Constant" and path.value is ...:
        return True  # model.load_weights(...): a text to be filled in
    return _text(path).endswith((".weights.h5",) if method == "save_weights" else SAVED)


def _of_keras(scan: Scan, scope: Scope, names: list[str], call: Any) -> bool:
    """An argument that a class or function of Keras does not have; a bare name of a star import; a rare method of a model."""
    bound = scan.bound(names[0], scope)
    if bound:
        path = ".".join((bound[0].path, *names[1:]))
        if "keras" not in path:
            return False
        known = tables.arguments(path)
        if known is None or "**" in known:
            return False
        if known[:1] == ("*args",):
            return any(one.arg in ("input", "output") for one in call.keywords)
        return any(one.arg is not None and one.arg not in known for one in call.keywords)
    if len(names) == 1:
        return bool(scan.stars) and not scan.own(names[0], scope) and _starred(scan, names[0], call)
    return names[-1] not in MEMBERS and any(value.__class__.__name__ == "Call" for value in _assigned(scan, names, scope))


def _starred(scan: Scan, name: str, call: Any) -> bool:
    """A bare call of a name that a star import of Keras may define."""
    for star in scan.stars:
        path = f"{star.path[:-1]}{name}"
        if tables.has(path):
            known = tables.arguments(path) or ()
            return "**" not in known and any(one.arg is not None and one.arg not in known for one in call.keywords)
    return name[:1].isupper()


def _assigned(scan: Scan, names: list[str], scope: Scope) -> list[Any]:
    """The expressions assigned to a receiver, if it may be a model."""
    if len(names) == 2:
        return [value for value in scan.values(names[0], scope) if value is not None and _model(value)]
    return [value for value, _ in scan.attributes.get(names[-2], ()) if _model(value)]


def _model(value: Any) -> bool:
    names = _names(value.func) if value.__class__.__name__ == "Call" else []
    return bool(names) and (names[-1] in ("Sequential", "Model", "load_model", "clone_model") or not names[-1][:1].isupper())
