"""Record names, order and defaults of the arguments of Keras's layers -> signatures.json.

    python -m tests.oracle.record_signatures
"""

import inspect

from shapecheck import layers
from tests.oracle.keras_side import keras, write

COMMON = {"name", "dtype", "kwargs"}


def recorded(name: str) -> list[list[str | None]]:
    """[argument, repr of its default or None] for each, without those that every layer takes."""
    found = list(inspect.signature(getattr(keras.layers, name).__init__).parameters.values())[1:]
    return [[p.name, None if p.default is p.empty else repr(p.default)] for p in found if p.name not in COMMON]


def main() -> None:
    write("signatures.json", {name: recorded(name) for name in sorted(layers.HOME) if hasattr(keras.layers, name)})


if __name__ == "__main__":
    main()
