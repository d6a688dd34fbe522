"""tensorflow_datasets: the shapes of one sample of its well-known data sets."""

from __future__ import annotations

from shapecheck.languages import because
from shapecheck.reader.data.known_objects import namespace
from shapecheck.reader.values import Array, Batches, Items, Library, Table, unknown
from shapecheck.shapes import Dim, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from shapecheck.reader.call import Call

PICTURES: dict[str, tuple[Dim, Dim, int, int]] = {
    "mnist": (28, 28, 1, 10), "fashion_mnist": (28, 28, 1, 10), "kmnist": (28, 28, 1, 10), "cifar10": (32, 32, 3, 10),
    "cifar100": (32, 32, 3, 100), "svhn_cropped": (32, 32, 3, 10), "cats_vs_dogs": (None, None, 3, 2),
    "rock_paper_scissors": (300, 300, 3, 3), "horses_or_humans": (300, 300, 3, 2), "tf_flowers": (None, None, 3, 5),
    "oxford_flowers102": (None, None, 3, 102), "food101": (None, None, 3, 101), "beans": (500, 500, 3, 3),
    "malaria": (None, None, 3, 2), "eurosat": (64, 64, 3, 10), "colorectal_histology": (150, 150, 3, 8),
    "stanford_dogs": (None, None, 3, 120),
}  # fmt: skip
"""Name -> rows, columns (None: they differ), channels, classes."""
TEXTS: dict[str, tuple[tuple[Dim, ...], int]] = {"imdb_reviews": ((), 2), "imdb_reviews/plain_text": ((), 2), "ag_news_subset": ((), 4),
         "imdb_reviews/subwords8k": ((None,), 2), "imdb_reviews/subwords32k": ((None,), 2)}  # fmt: skip
"""Name -> a sample's axes (a text has none, its subwords have one of any length), classes."""


VOCABULARIES = {"imdb_reviews/subwords8k": 8185, "imdb_reviews/subwords32k": 32650}
"""Name -> how many different numbers its encoder has. Source: tensorflow_datasets' catalog of version 1.0.0."""


def load(call: Call) -> Any:
    """tfds.load(name, split, as_supervised=True): (sample, label) pairs, else dicts; a dict, a list or one of them, as `split` says."""
    name, split = call.get(0, "name"), call.get(1, "split")
    name = name.partition(":")[0] if isinstance(name, str) else ""
    if name in PICTURES:
        *sizes, classes = PICTURES[name]
        kind, sample = "image", Array(sizes, "int")
    elif name in TEXTS:
        shape, classes = TEXTS[name]
        kind, sample = "text", Array(shape, "int" if shape else "str")
    else:
        return unknown("data", because("the content of this data set is unknown"))
    given, pairs = call.keywords, call.keywords.get("as_supervised", False)
    if call.hidden or not isinstance(pairs, bool) or given.get("batch_size") is not None or isinstance(split, Unknown):
        return unknown("data", because("this way to load a data set is not supported"))

    def data() -> Batches:
        label = Array((), "int", classes)
        return Batches(sample, label, batched=False) if pairs else Batches(Table({kind: sample, "label": label}), None, batched=False)

    if split is None:
        found: Any = Table({part: data() for part in ("train", "test", "validation", "unsupervised")})
    elif isinstance(split, (Items, tuple)):
        found = unknown("data") if getattr(split, "why", "") else Items([data() for _ in split])
    elif isinstance(split, (str, Library)):
        found = data()
    else:
        return unknown("data", because("the split is unknown"))
    return (found, _info(name, kind, sample, classes)) if given.get("with_info") is True else found


def _info(name: str, kind: str, sample: Array, classes: int) -> Any:
    """What info.features tells: info.features["label"].num_classes, info.features["text"].encoder.vocab_size."""
    feature: dict[str, Any] = {"shape": sample.dims}
    if name in VOCABULARIES:
        feature["encoder"] = namespace("Encoder", {"vocab_size": VOCABULARIES[name]})
    features = Table({kind: namespace("Feature", feature), "label": namespace("ClassLabel", {"num_classes": classes})})
    count = unknown("num_examples", because("how many samples the data set has is unknown"))
    splits = Table({part: namespace("Split", {"num_examples": count}) for part in ("train", "test", "validation", "unsupervised")})
    return namespace("DatasetInfo", {"features": features, "splits": splits})
