"""Record Keras's table of every stack of tests/data/own_code.py -> own_code.json.

python -m tests.oracle.record_own_code
"""

import warnings

from tests.data.own_code import texts
from tests.oracle.keras_side import write
from tests.oracle.record_repairs import verdict


def main() -> None:
    warnings.simplefilter("ignore")
    answers = {name: verdict(text) for name, text in texts().items()}
    broken = {name: said["message"] for name, said in answers.items() if not said["builds"]}
    assert not broken, broken
    write("own_code.json", answers)


if __name__ == "__main__":
    main()
