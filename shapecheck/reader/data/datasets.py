"""keras.datasets: the shapes of the well-known data sets."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.values import Array, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

SETS: dict[str, tuple[tuple[int, ...], int, int, int | None, bool]] = {
    "mnist": ((28, 28), 60000, 10000, 10, False),
    "fashion_mnist": ((28, 28), 60000, 10000, 10, False),
    "digits": ((8, 8), 1415, 382, 10, False),  # tinyseq's own, inside the package
    "devanagari": ((28, 28), 900, 600, 10, False),  # and this
    "cifar10": ((32, 32, 3), 50000, 10000, 10, True),
    "cifar100": ((32, 32, 3), 50000, 10000, 100, True),
    "imdb": ((), 25000, 25000, 2, False),
    "reuters": ((), 8982, 2246, 46, False),
    "boston_housing": ((13,), 404, 102, None, False),
    "california_housing": ((8,), 16512, 4128, None, False),
}
"""A sample's shape, training and test rows, classes, whether labels are a column (rows, 1)."""


def keras(path: str, call: Call, first: bool = False) -> Any:
    """keras.datasets.NAME.load_data(): ((x_train, y_train), (x_test, y_test)); `first`: channels come first."""
    parts = path.split(".")
    facts = SETS.get(parts[-2])
    if facts is None or parts[-1] != "load_data":
        return unknown(parts[-1], because("the result of {path}() is unknown", path=path))
    sample, train, test, classes, column = facts
    if call.keywords.get("label_mode") == "coarse" or (call.args[:1] == ["coarse"]):
        classes = 20
    if parts[-2] in ("reuters", "boston_housing", "california_housing") and (
        call.keywords.keys() - {"num_words", "seed", "path"} or call.args
    ):
        return unknown("data", because("the split is not the usual one"))
    if first and len(sample) == 3:
        sample = (sample[2], *sample[:2])  # CIFAR's files are so; load_data() turns them unless channels come first
    label = "float" if classes is None else "int"
    return tuple(
        (
            Array((rows, *sample), "int" if len(sample) > 1 or not sample else "float", source=parts[-2]),
            Array((rows, 1) if column else (rows,), label, classes),
        )
        for rows in (train, test)
    )
