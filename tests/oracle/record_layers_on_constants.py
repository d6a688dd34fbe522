"""Record how Keras trains layers that call() calls on constants -> layers_on_constants.json.

    python -m tests.oracle.record_layers_on_constants

For each layer of tests/data/layers_on_constants.py: predictions, losses and weights of three epochs of SGD in batches of 5 and 3.
"""

from tests.data import layers_on_constants
from tests.oracle.keras_side import keras, write


def main() -> None:
    write("layers_on_constants.json", {name: layers_on_constants.answers(keras, name) for name in layers_on_constants.LAYERS})


if __name__ == "__main__":
    main()
