"""Record whether Keras takes the labels of every script of tests/data/several_outputs.py -> outputs.json: "" or the exception.

    python -m tests.oracle.record_outputs
"""

import warnings

from tests.data.several_outputs import scripts
from tests.oracle.keras_side import write
from tests.oracle.record_inputs import answer

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("outputs.json", {name: answer(source) for name, source in scripts().items()})
