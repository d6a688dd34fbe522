"""Record what Keras adds to the loss for penalties on outputs -> added_losses.json.

    python -m tests.oracle.record_added_losses

Each model of tests/data/added_losses.py: `losses` after one call on the data, the loss of `evaluate`, and of three steps of SGD on
two batches of unequal size, then the weights.
"""

from tests.data import added_losses
from tests.oracle.keras_side import keras, write


def main() -> None:
    write("added_losses.json", {name: added_losses.answers(keras, name) for name in added_losses.MODELS})


if __name__ == "__main__":
    main()
