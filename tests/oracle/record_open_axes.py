"""Record what Keras reports of outputs with open axes, for tests/data/open_axes.py -> open_axes.json.

    python -m tests.oracle.record_open_axes
"""

from tests.data import open_axes
from tests.oracle.keras_side import keras, write


def main() -> None:
    found = {name: open_axes.history(keras, name) for name in open_axes.CASES}
    found |= {f"{name}, weighted": open_axes.weighted(keras, name) for name in open_axes.WEIGHTED}
    write("open_axes.json", found)


if __name__ == "__main__":
    main()
