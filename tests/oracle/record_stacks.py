"""Record Keras's table of every stack of tests/data/stacks.py and its verdict on every mutant -> stacks.json, mutants.json.

    python -m tests.oracle.record_stacks

A mutant that Keras refuses has "layer", the position as written (a written Input counts), the exception's type and the
beginning of its message; one that builds has a table. Nothing is run on data.
"""

import re
import warnings
from typing import Any

from tests.data.stacks import HEADERS, MODELS, STYLES, entries, script, stacks
from tests.oracle.keras_side import keras, write
from tests.oracle.mutate import mutants


def table(model: Any) -> list[dict[str, Any]]:
    """Class, output shape, parameters and trainable parameters of every layer."""
    return [
        {
            "class": type(layer).__name__,
            "output_shape": list(layer.output.shape),
            "params": layer.count_params(),
            "trainable_params": sum(int(keras.ops.size(weight)) for weight in layer.trainable_weights),
        }
        for layer in model.layers
    ]


def verdict(elements: list[str], style: int) -> dict[str, Any]:
    """Add the entries one by one: the table, or where and how Keras stops."""
    names: dict[str, Any] = {}
    exec(HEADERS[style % 3], names)
    model = eval(f"{MODELS[style % 3]}()", names)
    for position, entry in enumerate(entries(elements, style)):
        try:
            model.add(eval(entry, names))
        except Exception as error:  # the type is what is recorded
            message = re.sub(r"\x1b\[[0-9;]*m", "", str(error))[:160]
            return {"builds": False, "layer": position, "type": type(error).__name__, "message": message}
    return {"builds": True, "layers": table(model) if model.built else None}


def answer(elements: list[str], style: int) -> dict[str, Any]:
    """The script as text, and Keras's verdict."""
    keras.backend.clear_session()
    return {"source": script(elements, style)} | verdict(elements, style)


def main() -> None:
    warnings.simplefilter("ignore")
    good = {name: answer(elements, index % STYLES) for index, (name, elements) in enumerate(stacks().items())}
    broken = {name: said["message"] for name, said in good.items() if not said["builds"]}
    assert not broken, broken
    write("stacks.json", good)
    write("mutants.json", {name: answer(elements, index % STYLES) for index, (name, elements) in enumerate(mutants())})


if __name__ == "__main__":
    main()
