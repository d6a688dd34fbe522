"""Record which of Keras's layers pass the mask of their input on (supports_masking): tests/oracle/masking.json.

    python -m tests.oracle.record_masking
"""

from tests.cases import CASES
from tests.oracle.keras_side import layer_of, write


def main() -> None:
    found: dict[str, bool] = {}
    for case in CASES:
        if case.layer not in found:
            found[case.layer] = bool(layer_of(case).supports_masking)
    write("masking.json", dict(sorted(found.items())))


if __name__ == "__main__":
    main()
