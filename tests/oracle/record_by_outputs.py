"""Record whether Keras takes every script of tests/data/by_outputs.py -> by_outputs.json: "" or the exception.

    python -m tests.oracle.record_by_outputs
"""

import warnings

from tests.data.by_outputs import scripts
from tests.oracle.keras_side import write
from tests.oracle.record_inputs import answer

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("by_outputs.json", {name: answer(source.replace("'sgd'", "'sgd', run_eagerly=True")) for name, source in scripts().items()})
