"""Losses, optimizers and short fits as data, with the numbers they run on. No Keras, nothing of ours; numpy alone.

Predictions, targets, gradients and initial weights come from seeds that follow from a name, so that
oracle/training.json holds only what Keras answered.
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

REDUCTIONS = ("sum_over_batch_size", "sum", "none", "mean_with_sample_weight")
ROWS, COLUMNS = 5, 4

# (name, the target's kind, the prediction's kind)
LOSSES: list[tuple[str, str, str]] = [
    *((name, "real", "real") for name in ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")),
    *((name, "real", "real") for name in ("mean_absolute_percentage_error", "cosine_similarity")),
    ("mean_squared_logarithmic_error", "positive", "positive"),
    ("poisson", "positive", "positive"),
    ("kl_divergence", "distribution", "distribution"),
    *((name, "sign", "real") for name in ("hinge", "squared_hinge")),
    ("categorical_hinge", "one-hot", "real"),
    ("binary_crossentropy", "binary", "probability"),
    ("binary_focal_crossentropy", "binary", "probability"),
    ("categorical_crossentropy", "one-hot", "distribution"),
    ("categorical_crossentropy", "one-hot", "positive"),
    ("categorical_focal_crossentropy", "one-hot", "distribution"),
    ("sparse_categorical_crossentropy", "label", "distribution"),
    ("sparse_categorical_crossentropy", "label", "positive"),
]

# (class, constructor arguments, the target's kind, the prediction's kind)
LOSS_CLASSES: list[tuple[str, dict[str, Any], str, str]] = [
    ("Huber", {"delta": 0.4}, "real", "real"),
    ("BinaryCrossentropy", {"from_logits": True}, "binary", "real"),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, "binary", "probability"),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "binary", "real"),
    ("BinaryCrossentropy", {}, "binary", "extreme"),
    ("CategoricalCrossentropy", {"from_logits": True}, "one-hot", "real"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.2}, "one-hot", "distribution"),
    ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "one-hot", "real"),
    ("CategoricalCrossentropy", {}, "one-hot", "extreme"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "label", "real"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "column of labels", "real"),
    ("SparseCategoricalCrossentropy", {}, "label", "extreme"),
    ("SparseCategoricalCrossentropy", {"ignore_class": 1}, "label", "distribution"),
]

# (class, constructor arguments, the target's kind, the prediction's kind)
METRICS: list[tuple[str, dict[str, Any], str, str]] = [
    *((name, {}, "binary", "probability") for name in ("Precision", "Recall", "TruePositives", "FalsePositives")),
    *((name, {"thresholds": 0.3}, "binary", "probability") for name in ("Precision", "Recall", "TrueNegatives", "FalseNegatives")),
    *((name, {"thresholds": [0.7]}, "binary", "probability") for name in ("Precision", "Recall")),
    *(
        (name, arguments, target, prediction)
        for name in ("Precision", "Recall")
        for target, prediction in (("one-hot", "distribution"), ("binary", "probability"))
        for arguments in (
            *({"class_id": k, "thresholds": 0.25} for k in range(COLUMNS)),
            {"top_k": 2},
            {"top_k": 2, "thresholds": 0.3},
            {"top_k": 2, "class_id": 1},
        )
    ),
    ("BinaryAccuracy", {"threshold": 0.3}, "binary", "probability"),
    ("BinaryAccuracy", {"threshold": 0}, "binary", "real"),
    ("TopKCategoricalAccuracy", {"k": 2}, "one-hot", "distribution"),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, "label", "distribution"),
]

OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.8, "nesterov": True}),
    ("SGD", {"learning_rate": 0.1, "weight_decay": 0.02}),
    ("SGD", {"learning_rate": 0.1, "clipnorm": 0.5}),
    ("SGD", {"learning_rate": 0.1, "clipvalue": 0.3}),
    ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.7}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.5, "clipnorm": 0.5, "weight_decay": 0.01}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.02, "amsgrad": True, "beta_2": 0.5}),
    ("Adam", {"learning_rate": 0.02, "weight_decay": 0.05}),
    ("Adam", {"learning_rate": 0.02, "global_clipnorm": 0.5}),
    ("AdamW", {}),
    ("AdamW", {"learning_rate": 0.02, "weight_decay": 0.1, "amsgrad": True}),
    ("RMSprop", {}),
    ("RMSprop", {"learning_rate": 0.02, "rho": 0.7}),
    ("RMSprop", {"learning_rate": 0.02, "momentum": 0.6}),
    ("RMSprop", {"learning_rate": 0.02, "centered": True}),
    ("RMSprop", {"learning_rate": 0.02, "centered": True, "momentum": 0.6, "epsilon": 1e-2}),
    ("RMSprop", {"learning_rate": 0.02, "weight_decay": 0.05, "clipvalue": 0.2}),
    ("Adagrad", {"learning_rate": 0.1}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adamax", {"learning_rate": 0.02}),
    ("Nadam", {"learning_rate": 0.02}),
    ("Ftrl", {"learning_rate": 0.1, "l1_regularization_strength": 0.01, "l2_regularization_strength": 0.02}),
    ("Lion", {"learning_rate": 0.02}),
    ("Adafactor", {}),
    ("Adafactor", {"learning_rate": 0.7, "beta_2_decay": -0.5, "clip_threshold": 0.5, "relative_step": False}),
    ("Lamb", {"learning_rate": 0.02, "weight_decay": 0.05}),
    ("Muon", {"learning_rate": 0.02}),
    ("Muon", {"learning_rate": 0.02, "nesterov": False, "rms_rate": None, "ns_steps": 3, "weight_decay": None}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "gradient_accumulation_steps": 2}),
    ("Adam", {"learning_rate": 0.02, "gradient_accumulation_steps": 2, "clipnorm": 0.5, "weight_decay": 0.1}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5}),
    ("Adam", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "gradient_accumulation_steps": 2}),
    ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 4.0}),
    ("Adam", {"learning_rate": {"class_name": "ExponentialDecay", "config": {
        "initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5}}}),
    ("Adam", {"gradient_accumulation_steps": 2, "learning_rate": {"class_name": "CosineDecay", "config": {
        "initial_learning_rate": 0.1, "decay_steps": 4}}}),
    ("Nadam", {"learning_rate": {"class_name": "PolynomialDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 4}}}),
]  # fmt: skip
ON_JAX: list[tuple[str, dict[str, Any]]] = [
    ("ScheduleFreeAdamW", {"learning_rate": 0.02}),
    ("ScheduleFreeAdamW", {"learning_rate": 0.02, "warmup_steps": 3, "weight_decay": 0.1}),
]
"""Optimizers recorded with JAX: with TensorFlow Keras reads a variable after it has changed it, against its own comment and the paper."""
OPTIMIZER_STEPS = 5
VARIABLE_SHAPES = [(3, 4), (4,)]

MLP = [("Dense", {"units": 9, "activation": "relu"}), ("Dense", {"units": 4, "activation": "softmax"})]
CONVNET = [
    ("Conv2D", {"filters": 5, "kernel_size": 3, "use_bias": False}),  # a bias here has gradient 0: Adam would follow rounding
    ("BatchNormalization", {}),
    ("Activation", {"activation": "relu"}),
    ("MaxPooling2D", {}),
    ("Flatten", {}),
    ("Dense", {"units": 4, "activation": "softmax"}),
]
SIGMOID = [("Dense", {"units": 5, "activation": "tanh"}), ("Dense", {"units": 1, "activation": "sigmoid"})]
LINEAR = [("Dense", {"units": 6, "activation": "relu"}), ("Dense", {"units": 2})]
TABLE, PICTURE = (7,), (9, 8, 2)
SPARSE = "sparse_categorical_crossentropy"

# name: layers, input, targets, compile and fit arguments; "validation": rows of extra data, "weights": a sample_weight
FITS: dict[str, dict[str, Any]] = {
    "an MLP on labels": {"layers": MLP, "input": TABLE, "target": "label", "loss": SPARSE, "validation": 11},
    "an MLP on one-hot rows": {"layers": MLP, "input": TABLE, "target": "one-hot", "loss": "categorical_crossentropy"},
    "an MLP with Adam": {"layers": MLP, "input": TABLE, "target": "label", "loss": SPARSE, "optimizer": ("Adam", {})},
    "an MLP with the default optimizer": {
        "layers": MLP,
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
        "optimizer": None,
    },
    "an MLP whose last layer is an Activation": {
        "layers": [("Dense", {"units": 4}), ("Activation", {"activation": "softmax"})],
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
    },
    "an MLP whose last layer is a Softmax": {
        "layers": [("Dense", {"units": 4}), ("Softmax", {})],
        "input": TABLE,
        "target": "one-hot",
        "loss": "categorical_crossentropy",
    },
    "a sigmoid on 0 and 1": {
        "layers": SIGMOID,
        "input": TABLE,
        "target": "bit",
        "loss": "binary_crossentropy",
        "validation": 11,
    },
    "a regression": {
        "layers": LINEAR,
        "input": TABLE,
        "target": "real",
        "loss": "mse",
        "metrics": ["mae"],
        "validation": 6,
    },
    "a convnet with BatchNormalization": {
        "layers": CONVNET,
        "input": PICTURE,
        "target": "label",
        "loss": SPARSE,
        "validation": 11,
    },
    "a convnet with Adam and validation_split": {
        "layers": CONVNET,
        "input": PICTURE,
        "target": "label",
        "loss": SPARSE,
        "optimizer": ("Adam", {"learning_rate": 0.01}),
        "fit": {"validation_split": 0.3},
    },
    "validation_split": {
        "layers": MLP,
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
        "fit": {"validation_split": 0.25},
    },
    "class_weight": {
        "layers": MLP,
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
        "fit": {"class_weight": {0: 0.5, 1: 2.0, 3: 4.0}},
    },
    "sample_weight": {
        "layers": MLP,
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
        "weights": True,
        "weighted_metrics": ["accuracy"],
    },
    "a sum instead of a mean": {
        "layers": LINEAR,
        "input": TABLE,
        "target": "real",
        "loss": ("MeanSquaredError", {"reduction": "sum"}),
        "optimizer": ("SGD", {"learning_rate": 0.002}),
        "metrics": [],
    },
    "validation every second epoch": {
        "layers": MLP,
        "input": TABLE,
        "target": "label",
        "loss": SPARSE,
        "validation": 11,
        "fit": {"validation_freq": 2},
    },
}
FIT_ROWS, FIT_BATCH, FIT_EPOCHS = 29, 8, 3


def generator(name: str) -> np.random.Generator:
    """A generator whose seed is the name's."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def numbers(kind: str, name: str, rows: int = ROWS, columns: int = COLUMNS) -> Array:
    """(rows, columns) numbers of a kind: what a prediction or a target of that kind looks like."""
    random = generator(f"{kind}/{name}")
    normal = random.standard_normal((rows, columns)).astype(np.float32)
    labels = random.integers(0, columns, rows)
    if kind == "extreme":  # exact 0 and 1, where clipping decides
        return np.eye(columns, dtype=np.float32)[random.integers(0, columns, rows)]
    made: dict[str, Array] = {
        "real": normal,
        "positive": np.abs(normal) + np.float32(0.05),
        "probability": (1 / (1 + np.exp(-normal))).astype(np.float32),
        "distribution": (np.exp(normal) / np.exp(normal).sum(1, keepdims=True)).astype(np.float32),
        "sign": np.sign(normal),
        "binary": (normal > 0).astype(np.float32),
        "one-hot": np.eye(columns, dtype=np.float32)[labels],
        "label": labels.astype(np.int32),
        "column of labels": labels.astype(np.int32)[:, None],
    }
    return made[kind]


def sample_weight(name: str, rows: int = ROWS) -> Array:
    """(rows,) weights between 0.2 and 3, one of them 0."""
    weights = generator(f"{name}/sample weight").uniform(0.2, 3.0, rows).astype(np.float32)
    weights[1] = 0.0
    return weights


def optimizer_numbers(step: int) -> tuple[list[Array], list[Array]]:
    """The variables' first values and the gradients of one step."""
    start, gradients = generator("optimizer start"), generator(f"optimizer gradient {step}")
    return (
        [start.standard_normal(shape).astype(np.float32) for shape in VARIABLE_SHAPES],
        [gradients.standard_normal(shape).astype(np.float32) for shape in VARIABLE_SHAPES],
    )


def fit_data(name: str, rows: int, part: str = "training") -> tuple[Array, Array]:
    """x and y of a fit: y depends on x, so that there is something to learn."""
    case = FITS[name]
    random = generator(f"data/{part}/{case['input']}")
    x = random.standard_normal((rows, *case["input"])).astype(np.float32)
    scores = x.reshape(rows, -1) @ generator("truth").standard_normal((x[0].size, 4)).astype(np.float32)
    labels = scores.argmax(1).astype(np.int32)
    targets: dict[str, Array] = {
        "label": labels,
        "one-hot": np.eye(4, dtype=np.float32)[labels],
        "bit": (scores[:, 0] > 0).astype(np.float32),
        "real": (scores[:, :2] / 3).astype(np.float32),
    }
    return x, targets[case["target"]]


def initial_weights(name: str, shapes: list[tuple[int, ...]]) -> list[Array]:
    """Initial values: matrices and filters uniform within Glorot's bound; an empty array: keep the layer's own."""
    random = generator(f"initial weights of {name}")
    return [_glorot(random, shape) if len(shape) > 1 else np.empty(0, np.float32) for shape in shapes]


def _glorot(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    receptive = int(np.prod(shape[:-2], dtype=int))
    limit = np.sqrt(6.0 / (receptive * (shape[-2] + shape[-1])))
    return random.uniform(-limit, limit, shape).astype(np.float32)
