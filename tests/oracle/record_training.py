"""Record losses, optimizer steps, metrics, the automatic accuracy and short fits of Keras -> training.json.

python -m tests.oracle.record_training; with KERAS_BACKEND=jax: the optimizers of ON_JAX -> training_jax.json.
"""

from typing import Any

import numpy as np

from tests.data import training_cases as cases
from tests.oracle.keras_side import keras, made, write

Numbers = list[Any] | float


def plain(tensor: Any) -> Any:
    """A tensor as nested lists."""
    return np.asarray(tensor).tolist()


def losses() -> dict[str, Any]:
    """Every loss under every reduction, without and with sample weights."""
    answers: dict[str, Any] = {}
    named = [(name, {}, target, kind) for name, target, kind in cases.LOSSES]
    for name, arguments, target, kind in named + list(cases.LOSS_CLASSES):
        line = f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())}): {target}, {kind}"
        y, p = cases.numbers(target, name), cases.numbers(kind, name + "?")
        weights = cases.sample_weight(name)
        answers[line] = {"loss": name, "arguments": arguments, "target": target, "prediction": kind}
        for reduction in cases.REDUCTIONS:
            probe = keras.losses.get(name)
            loss = type(probe) if not isinstance(probe, type) and hasattr(probe, "reduction") else probe
            cls = loss if isinstance(loss, type) else getattr(keras.losses, _class_name(name))
            call = cls(reduction=reduction, **arguments)
            answers[line][reduction] = [plain(call(y, p)), plain(call(y, p, sample_weight=weights))]
    return answers


def _class_name(name: str) -> str:
    """The class behind a function's name: log_cosh -> LogCosh."""
    special = {"kl_divergence": "KLDivergence"}
    return special.get(name, name if name in dir(keras.losses) and name[0].isupper() else name.title().replace("_", ""))


def optimizers(lines: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The variables after every step, from the same gradients for all."""
    answers = {}
    for name, arguments in lines:
        start, _ = cases.optimizer_numbers(0)
        variables = [keras.Variable(value) for value in start]
        rate = arguments.get("learning_rate")
        schedule = {"learning_rate": keras.optimizers.schedules.deserialize(rate)} if isinstance(rate, dict) else {}
        optimizer = getattr(keras.optimizers, name)(**{**arguments, **schedule})
        steps = []
        for step in range(cases.OPTIMIZER_STEPS):
            gradients = [keras.ops.convert_to_tensor(g) for g in cases.optimizer_numbers(step)[1]]
            optimizer.apply(gradients, variables)
            steps.append([plain(variable) for variable in variables])
        key = f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())})"
        optimizer.finalize_variable_values(variables)
        steps.append([plain(variable) for variable in variables])
        answers[key] = {"optimizer": name, "arguments": arguments, "steps": steps}
    return answers


def metrics() -> dict[str, Any]:
    """Every metric after one batch, and after a second one with sample weights."""
    answers: dict[str, Any] = {}
    for name, arguments, target, kind in cases.METRICS:
        metric = getattr(keras.metrics, name)(**arguments)
        line = f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())}): {target}, {kind}"
        results = []
        for batch, weights in ((line, None), (line + "!", cases.sample_weight(line))):
            metric.update_state(cases.numbers(target, batch), cases.numbers(kind, batch + "?"), sample_weight=weights)
            results.append(plain(metric.result()))
        answers[line] = {"metric": name, "arguments": arguments, "target": target, "prediction": kind, "results": results}
    return answers


def accuracies() -> list[dict[str, Any]]:
    """Which accuracy "accuracy" becomes, for output and target shapes; the loss only has to take them."""
    lines = [
        ((1,), (1,), "mse"),
        ((1,), (), "binary_crossentropy"),
        ((4,), (4,), "binary_crossentropy"),
        ((4,), (4,), "categorical_crossentropy"),
        ((4,), (), "sparse_categorical_crossentropy"),
        ((4,), (1,), "sparse_categorical_crossentropy"),
        ((3, 4), (3,), "sparse_categorical_crossentropy"),
        ((3, 4), (3, 4), "mse"),
        ((3, 1), (3, 1), "binary_crossentropy"),
    ]
    answers = []
    for output, target, loss in lines:
        model = keras.Sequential([keras.Input(output), keras.layers.Activation("linear")])
        model.compile(loss=loss, metrics=["accuracy"])
        model.train_on_batch(np.full((2, *output), 0.5, np.float32), np.zeros((2, *target), np.int32))
        chosen = model._compile_metrics.metrics[0]._fn.__name__
        answers.append({"output": output, "target": target, "loss": loss, "chosen": chosen})
    return answers


def model_of(name: str) -> Any:
    """The model of a fit, with its initial weights, compiled."""
    case = cases.FITS[name]
    model = keras.Sequential([keras.Input(case["input"]), *(made(layer) for layer in case["layers"])])
    values = cases.initial_weights(name, [tuple(variable.shape) for variable in model.weights])
    for variable, value in zip(model.weights, values, strict=True):
        if value.size:
            variable.assign(value)
    loss = case["loss"]
    optimizer = case.get("optimizer", ("SGD", {"learning_rate": 0.05}))
    model.compile(
        optimizer=getattr(keras.optimizers, optimizer[0])(**optimizer[1]) if optimizer else "rmsprop",
        loss=loss if isinstance(loss, str) else getattr(keras.losses, loss[0])(**loss[1]),
        metrics=case.get("metrics", ["accuracy"]),
        weighted_metrics=case.get("weighted_metrics"),
    )
    return model


def fits() -> dict[str, Any]:
    """History over the epochs, the last weights' sums, evaluate and predict afterwards."""
    answers = {}
    for name, case in cases.FITS.items():
        keras.backend.clear_session()
        model = model_of(name)
        x, y = cases.fit_data(name, cases.FIT_ROWS)
        arguments = dict(case.get("fit", {}))
        if "validation" in case:
            arguments["validation_data"] = cases.fit_data(name, case["validation"], "validation")
        if case.get("weights"):
            arguments["sample_weight"] = cases.sample_weight(name, cases.FIT_ROWS)
        history = model.fit(
            x, y, batch_size=cases.FIT_BATCH, epochs=cases.FIT_EPOCHS, shuffle=False, verbose=0, **arguments
        )
        answers[name] = {
            "history": history.history,
            "evaluate": model.evaluate(x, y, batch_size=7, verbose=0, return_dict=True),
            "predict": plain(model.predict(x[:3], verbose=0)),
            "weights": [plain(variable) for variable in model.weights],
        }
    return answers


if __name__ == "__main__" and keras.backend.backend() == "jax":
    write("training_jax.json", {"optimizers": optimizers(cases.ON_JAX)})
elif __name__ == "__main__":
    found = {"losses": losses(), "optimizers": optimizers(cases.OPTIMIZERS), "metrics": metrics()}
    write("training.json", {**found, "accuracies": accuracies(), "fits": fits()})
