"""Record whether Keras takes the data of every script of tests/data/several_inputs.py -> inputs.json: "" or the exception.

    python -m tests.oracle.record_inputs
"""

import re
import warnings

from tests.data.several_inputs import scripts
from tests.oracle.keras_side import keras, write


def answer(source: str) -> str:
    """The type and the beginning of what Keras raises."""
    keras.backend.clear_session()
    try:
        exec(source, {})
    except Exception as error:  # the type is what is recorded
        return f"{type(error).__name__}: {re.sub(chr(27) + r'.[0-9;]*m', '', str(error))[:100]}"
    return ""


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("inputs.json", {name: answer(source) for name, source in scripts().items()})
