"""Record the names that Keras takes as text for a loss, a metric and an optimizer -> words.json.

    python -m tests.oracle.record_words
"""

from keras.src import losses, metrics, optimizers

from tests.oracle.keras_side import write

BASES = {"Loss", "LossFunctionWrapper", "Metric", "MeanMetricWrapper", "metric", "mean_metric_wrapper"}


def made_of(name: str) -> bool:
    """True for an optimizer that its name alone makes: not one that wraps another."""
    try:
        optimizers.get(name)
    except (KeyError, TypeError, ValueError):
        return False
    return name != "optimizer"


def main() -> None:
    write("words.json", {
        "losses": sorted({*losses.ALL_OBJECTS_DICT} - BASES),
        "metrics": sorted({*metrics.ALL_OBJECTS_DICT} - BASES),
        "optimizers": sorted(filter(made_of, optimizers.ALL_OBJECTS_DICT)),
    })  # fmt: skip


if __name__ == "__main__":
    main()
