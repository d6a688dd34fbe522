"""scikit-learn: train_test_split, scalers and encoders, and its small data sets, as shapes."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.data import arrays
from shapecheck.reader.source import dotted
from shapecheck.reader.values import Array, Batches, Items, Opaque, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

SETS = {
    "load_iris": (150, 4, 3), "load_digits": (1797, 64, 10), "load_wine": (178, 13, 3), "load_breast_cancer": (569, 30, 2),
    "load_diabetes": (442, 10, None), "load_boston": (506, 13, None), "fetch_california_housing": (20640, 8, None),
    "load_linnerud": (20, 3, None),
}  # fmt: skip
"""Rows, features, classes."""


def call(parts: list[str], call: Call) -> Any:
    """sklearn....NAME(...)."""
    last = parts[-1]
    if last == "train_test_split":
        return split(call)
    if last == "fetch_openml":
        return _openml(call)
    if last in SETS:
        return _set(last, call)
    if last in ("make_moons", "make_circles", "make_blobs", "make_classification", "make_regression"):
        return _made(last, call)
    if last[:1].isupper():
        return Opaque(".".join(parts), call.args, call.keywords)
    if last in ("scale", "normalize", "minmax_scale", "shuffle"):
        return arrays.of(call.args[0]) if len(call.args) == 1 else Items([arrays.of(arg) for arg in call.args])
    return unknown(last)


def split(call: Call) -> Any:
    """Each array in two parts: rows*(1 - test_size) rounded down, and the rest; test_size defaults to 0.25."""
    parts = [arrays.of(arg) for arg in call.args]
    if not parts or call.hidden:
        return unknown("split")
    test, train = call.keywords.get("test_size"), call.keywords.get("train_size")
    result = []
    for part in parts:
        if not part.dims:
            result += [arrays.hidden(part.why), arrays.hidden(part.why)]
            continue
        first, second = _sizes(part.dims[0], test, train)
        result += [part.like((size, *part.dims[1:])) for size in (first, second)]
    return Items(result)


def _sizes(rows: Dim, test: Any, train: Any) -> tuple[Dim, Dim]:
    if test is None and train is None:
        test = 0.25
    if isinstance(rows, int) and train is None and isinstance(test, (int, float)) and 0 < test <= rows:
        count = test if isinstance(test, int) else -int(-(test * rows) // 1)
        return rows - count, count
    why = because("the number of rows in a split is unknown")
    return Unknown("rows", why), Unknown("rows", why)


def _set(last: str, call: Call) -> Any:
    rows, features, classes = SETS[last]
    assert rows is not None and features is not None
    x = Array((rows, features), "float")
    y = Array((rows,), "float" if classes is None else "int", classes)
    if call.keywords.get("return_X_y") is True:
        return (x, y)
    attributes: dict[str, Any] = {"data": x, "target": y, "feature_names": Array((features,), "str")}
    if classes is not None:
        attributes["target_names"] = Array((classes,), "str")
    if last == "load_digits":
        attributes["images"] = Array((rows, 8, 8), "float")
    return Batches(x, y, attributes=attributes)


def _openml(call: Call) -> Any:
    """fetch_openml("mnist_784"): 70,000 flat images with string labels."""
    name = call.get(0, "name")
    if name not in ("mnist_784", "Fashion-MNIST"):
        return unknown("data", because("the content of this data set is unknown"))
    x, y = Array((70000, 784), "int"), Array((70000,), "str", 10)
    return (x, y) if call.keywords.get("return_X_y") is True else Batches(x, y, attributes={"data": x, "target": y})


def _made(last: str, call: Call) -> Any:
    rows = call.get(0, "n_samples", 100)
    features = call.get(1, "n_features", {"make_classification": 20, "make_regression": 100}.get(last, 2))
    if last in ("make_moons", "make_circles"):
        features = 2
    classes = {"make_moons": 2, "make_circles": 2, "make_regression": None}.get(last, call.keywords.get("n_classes", 2))
    if last == "make_blobs":
        classes = call.get(2, "centers", 3)
    sizes = [size if isinstance(size, (int, Unknown)) else Unknown("size") for size in (rows, features)]
    targets = call.keywords.get("n_targets", 1) if last == "make_regression" else 1
    if targets != 1:
        return (Array(sizes, "float"), Array((sizes[0], targets if isinstance(targets, int) else Unknown("targets")), "float"))
    return (Array(sizes, "float"), Array(sizes[:1], "int", classes if isinstance(classes, int) else None))


def method(owner: Opaque, name: str, call: Call) -> Any:
    """scaler.fit_transform(x), encoder.transform(y) ..."""
    given = arrays.of(call.args[0]) if call.args else arrays.hidden(because("no argument was passed"))
    if name in ("fit_transform", "transform", "inverse_transform"):
        if owner.last.endswith("Scaler") or owner.last in ("Normalizer", "Binarizer"):
            made = Array(given.dims, "float", why=given.why)
            if name == "fit_transform" and given.dims and len(given.dims) > 1 and "train" not in dotted(call.nodes.get(0)).lower():
                made.scaled = (call.unit, call.node, owner.last)
            return made
        if owner.last in ("LabelEncoder", "OrdinalEncoder"):
            return Array(given.dims, "int", given.classes, given.why)
        if owner.last in ("OneHotEncoder", "LabelBinarizer") and given.dims:
            size: Dim = (
                given.classes
                if given.classes is not None and given.classes > 2
                else Unknown("classes", because("the number of values is unknown"))
            )
            return Array((given.dims[0], size), "float")
        if owner.last == "PCA" and given.dims:
            width = owner.args[0] if owner.args else owner.keywords.get("n_components")
            return Array((given.dims[0], width if isinstance(width, int) else Unknown("components")), "float")
    if name == "fit":
        return owner
    return unknown(name)
