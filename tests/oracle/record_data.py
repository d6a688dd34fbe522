"""Record whether Keras takes the data of every script of tests/data/feeding.py -> data.json: "" or the exception.

    python -m tests.oracle.record_data
"""

import warnings

from tests.data.feeding import scripts
from tests.oracle.keras_side import write
from tests.oracle.record_inputs import answer

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("data.json", {name: answer(source) for name, source in scripts().items()})
