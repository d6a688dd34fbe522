"""The names that compile() accepts as text, in any Keras from 1 to 3.15, and the intended name for others.

Source: ALL_OBJECTS_DICT of keras 3.15's losses, metrics and optimizers (recorded: tests/oracle/words.json), and the names and aliases
that keras 1, keras 2 and tf.keras 2 had beside them.
"""

from __future__ import annotations

from shapecheck.did_you_mean import words_of

SHORT = frozenset({"mse", "mae", "mape", "msle", "bce", "kld", "ctc", "auc"})
"""Names written all in lower case or all in upper case."""
LOSSES = frozenset({
    "mse", "mae", "mape", "msle", "bce", "kld", "ctc", "binary_crossentropy", "binary_focal_crossentropy",
    "categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge", "circle", "cosine_similarity", "dice",
    "hinge", "huber", "kl_divergence", "log_cosh", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
    "mean_squared_logarithmic_error", "poisson", "sparse_categorical_crossentropy", "squared_hinge", "tversky",
})  # fmt: skip
OLD_LOSSES = frozenset({"cosine", "cosine_proximity", "huber_loss", "kullback_leibler_divergence", "logcosh"})
CHOSEN_LOSSES = frozenset({"ce", "crossentropy"})
"""Keras 3 chooses one by the shapes; upper case counts as lower case."""
ARGUMENTS = {
    "compile": ("optimizer", "loss", "metrics", "loss_weights", "weighted_metrics", "run_eagerly", "steps_per_execution", "jit_compile",
                "auto_scale_loss"),
    "fit": ("x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle", "class_weight",
            "sample_weight", "initial_epoch", "steps_per_epoch", "validation_steps", "validation_batch_size", "validation_freq"),
    "evaluate": ("x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict"),
    "predict": ("x", "batch_size", "verbose", "steps", "callbacks"),
}  # fmt: skip
"""Of the methods of keras 3.15's Model."""
OLD_ARGUMENTS = frozenset({
    "nb_epoch", "show_accuracy", "accuracy", "samples_per_epoch", "nb_val_samples", "val_samples", "generator", "class_mode",
    "theano_mode", "sample_weight_mode", "target_tensors", "options", "run_metadata", "distribute", "experimental_run_tf_function",
    "experimental_steps_per_execution", "from_serialized", "cloning", "pss_evaluation_shards", "max_queue_size", "max_q_size",
    "workers", "nb_worker", "nb_val_worker", "use_multiprocessing", "pickle_safe",
})  # fmt: skip
"""Of these methods in keras 1, keras 2 and tf.keras 2; the migration pass reports them."""
OPTIMIZERS = frozenset({
    "adadelta", "adafactor", "adagrad", "adam", "adamax", "adamw", "ftrl", "lion", "muon", "nadam", "rmsprop", "schedulefreeadamw",
    "sgd",
})  # fmt: skip
"""Upper case counts as lower case."""
METRICS = LOSSES - {"binary_focal_crossentropy", "categorical_focal_crossentropy", "circle", "ctc", "dice", "huber", "kld", "log_cosh",
                    "tversky"} | {
    "accuracy", "auc", "binary_accuracy", "binary_io_u", "categorical_accuracy", "concordance_correlation", "f1_score",
    "f_beta_score", "false_negatives", "false_positives", "io_u", "log_cosh_error", "mean", "mean_io_u", "one_hot_io_u",
    "one_hot_mean_io_u", "pearson_correlation", "precision", "precision_at_recall", "r2_score", "recall", "recall_at_precision",
    "root_mean_squared_error", "sensitivity_at_specificity", "sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy",
    "specificity_at_sensitivity", "sum", "top_k_categorical_accuracy", "true_negatives", "true_positives",
}  # fmt: skip


def known_loss(name: str) -> bool:
    """True if some version of Keras accepts the name as a loss.

    >>> [known_loss(name) for name in ("mse", "MSE", "KLDivergence", "logcosh", "Mse", "BinaryCrossEntropy")]
    [True, True, True, True, False, False]
    """
    if name.lower() in SHORT | CHOSEN_LOSSES:
        return name.lower() in CHOSEN_LOSSES or name in (name.lower(), name.upper())
    if name in LOSSES or name in OLD_LOSSES:
        return True
    return name[:1].isupper() and "_" not in name and "_".join(words_of(name)) in LOSSES


def known_optimizer(name: str) -> bool:
    """True if some version of Keras accepts the name as an optimizer."""
    return name.lower() in OPTIMIZERS
