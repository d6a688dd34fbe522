"""Arguments of older versions of Keras and their names today, by the kind of object that is called.

A value is the new name; "" if the argument can be removed, because it changes nothing or Keras 3 does it
itself; or, if there is no unique answer, an advice, which is a Phrase.
"""

from __future__ import annotations

from typing import Any

from shapecheck.languages import Phrase, used

LAYERS = {
    "nb_filter": "filters",
    "nb_kernel": "filters",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "dim_ordering": "data_format",
    "output_dim": "units",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "U_constraint": "recurrent_constraint",
    "bias": "use_bias",
    "p": "rate",
    "pool_length": "pool_size",
    "stride": "strides",
    "length": "size",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "sigma": "stddev",
    "atrous_rate": "dilation_rate",
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
    "consume_less": "",
    "input_dtype": "dtype",
    "alpha": "negative_slope",
    "theta": "threshold",
    "concat_axis": "axis",
    "dot_axes": "axes",
    "nb_head": "num_heads",
    "input": "inputs",
    "output": "outputs",
    "init": "kernel_initializer",
    "dims": "target_shape",
    "weights": Phrase("migration", "remove_it_and_call", "remove it, and call set_weights() once the layer is built"),
    "mode": Phrase("migration", "keras_3_has_only", "Keras 3 has only the usual mode (0)"),
    "time_major": Phrase("migration", "swap_the_first_two", "swap the first two axes of the data"),
    "forget_bias_init": Phrase("migration", "keras_3_accepts_unit", "Keras 3 accepts unit_forget_bias=True or False"),
    "activity_regularizer": "activity_regularizer",
    "batch_input_shape": Phrase("migration", "put_input_batch_shape", "put Input(batch_shape=...) before the layer"),
    "input_length": Phrase("migration", "put_input_shape_before", "put Input(shape=...) before the layer"),
    "nb_row": Phrase("migration", "pass_both_sizes_as", "pass both sizes as kernel_size"),
    "nb_col": Phrase("migration", "pass_both_sizes_as", "pass both sizes as kernel_size"),
    "output_shape": Phrase("migration", "remove_it_the_size", "remove it: the size follows from strides and padding"),
    "merge_mode": "merge_mode",
    "implementation": "",
    "virtual_batch_size": Phrase("migration", "keras_3_does_not_have", "Keras 3 does not have it"),
    "fused": "",
    "adjustment": Phrase("migration", "keras_3_does_not_have", "Keras 3 does not have it"),
    "dynamic": "",
    "experimental_autocast": "autocast",
    "cudnn": "",
    "unit_forget_bias": "unit_forget_bias",
    "ragged": Phrase("migration", "keras_3_has_ragged", "Keras 3 has ragged inputs only on TensorFlow"),
    "embeddings_length": "",
    "cropping_mode": "",
    "max_tokens": "max_tokens",
}
"""Of layers; only if the layer now has the new name and not the old one."""

BY_CLASS = {
    ("Embedding", "init"): "embeddings_initializer",
    ("Embedding", "W_regularizer"): "embeddings_regularizer",
    ("Embedding", "W_constraint"): "embeddings_constraint",
    ("Embedding", "dropout"): Phrase("migration", "put_spatialdropout1d_rate_after", "put SpatialDropout1D(rate) after the layer"),
    ("PReLU", "init"): "alpha_initializer",
    ("PReLU", "W_regularizer"): "alpha_regularizer",
    ("SeparableConv2D", "init"): Phrase(
        "migration", "use_depthwise_initializer_and", "use depthwise_initializer= and pointwise_initializer="
    ),
    ("DepthwiseConv2D", "init"): "depthwise_initializer",
    ("BatchNormalization", "axis_"): "axis",
    ("Input", "batch_input_shape"): "batch_shape",
    ("InputLayer", "input_dtype"): "dtype",
    ("DepthwiseConv2D", "kernel_initializer"): "depthwise_initializer",
    ("DepthwiseConv2D", "kernel_regularizer"): "depthwise_regularizer",
    ("DepthwiseConv2D", "kernel_constraint"): "depthwise_constraint",
    ("Lambda", "dtype_"): "dtype",
    ("MultiHeadAttention", "head_size"): "key_dim",
}
"""Of one class; they take precedence over LAYERS."""

OPTIMIZERS = {
    "lr": "learning_rate",
    "schedule_decay": "",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "decay": Phrase(
        "migration",
        "use_learning_rate_keras",
        "use learning_rate=keras.optimizers.schedules.InverseTimeDecay({{lr}}, 1, {{decay}}) has the same effect",
    ),
}
REGULARIZERS = {("L2", "l"): "l2", ("L1", "l"): "l1", ("L1L2", "l"): Phrase("migration", "write_l1_or_l2", "write l1= or l2=")}
FUNCTIONS = {
    "to_categorical": {"nb_classes": "num_classes", "dtype": Phrase("migration", "call_astype_on_the", "call .astype() on the result")},
    "get_file": {"datadir": Phrase("migration", "use_cache_dir_and", "use cache_dir= and cache_subdir="), "md5_hash": "md5_hash"},
    "ModelCheckpoint": {
        "period": Phrase("migration", "save_freq_epoch_saves", 'save_freq="epoch" saves after each epoch; a number counts batches'),
        "load_weights_on_restart": Phrase("migration", "call_load_weights_yourself", "call load_weights() yourself"),
        "options": "",
    },
    "TensorBoard": {
        "write_grads": "",
        "batch_size": "",
        "embeddings_layer_names": Phrase("migration", "keras_3_writes_all", "Keras 3 writes all embeddings"),
        "embeddings_data": Phrase("migration", "keras_3_does_not_write", "Keras 3 does not write them"),
    },
    "ProgbarLogger": {"count_mode": "", "stateful_metrics": ""},
    "plot_model": {"recursive": "expand_nested"},
    "L2": {"l": "l2"},
    "L1": {"l": "l1"},
    "pad_sequences": {"nb_timesteps": "maxlen"},
    "max_norm": {"m": "max_value"},
    "MaxNorm": {"m": "max_value"},
}
"""Of functions and other classes, by their own name."""

WORKERS = ("workers", "use_multiprocessing", "max_queue_size", "max_q_size", "nb_worker", "pickle_safe", "nb_val_worker")
METHODS: dict[str, dict[str, str]] = {
    "fit": {
        "nb_epoch": "epochs",
        "show_accuracy": Phrase("migration", "put_metrics_accuracy_into", 'put metrics=["accuracy"] into compile()'),
        "accuracy": Phrase("migration", "put_metrics_accuracy_into", 'put metrics=["accuracy"] into compile()'),
        "samples_per_epoch": Phrase("migration", "steps_per_epoch_counts", "steps_per_epoch= counts batches: divide by the batch size"),
        "nb_val_samples": Phrase(
            "migration", "validation_steps_counts_batches", "validation_steps= counts batches: divide by the batch size"
        ),
        "generator": "x",
    },
    "evaluate": {
        "show_accuracy": Phrase("migration", "put_metrics_accuracy_into", 'put metrics=["accuracy"] into compile()'),
        "val_samples": Phrase("migration", "steps_counts_batches_divide", "steps= counts batches: divide by the batch size"),
        "generator": "x",
    },
    "predict": {
        "val_samples": Phrase("migration", "steps_counts_batches_divide", "steps= counts batches: divide by the batch size"),
        "generator": "x",
    },
    "train_on_batch": {
        "accuracy": Phrase("migration", "put_metrics_accuracy_into", 'put metrics=["accuracy"] into compile()'),
        "reset_metrics": Phrase(
            "migration", "call_reset_metrics_of", "call reset_metrics() of the model where the metrics should start again"
        ),
    },
    "test_on_batch": {
        "accuracy": Phrase("migration", "put_metrics_accuracy_into", 'put metrics=["accuracy"] into compile()'),
        "reset_metrics": Phrase(
            "migration", "call_reset_metrics_of", "call reset_metrics() of the model where the metrics should start again"
        ),
    },
    "predict_on_batch": {},
    "compile": {
        "class_mode": "",
        "theano_mode": "",
        "sample_weight_mode": "",
        "experimental_run_tf_function": "",
        "distribute": "",
        "options": "",
        "run_metadata": "",
        "target_tensors": Phrase("migration", "pass_the_labels_to", "pass the labels to fit()"),
    },
    "save": {
        "save_format": Phrase("migration", "end_the_name_in_keras_or", "end the name in .keras or .h5"),
        "signatures": used("model.export()"),
        "options": "",
    },
    "save_weights": {"save_format": "", "options": ""},
    "summary": {},
}
"""Of a model's methods."""
for _method in ("fit", "evaluate", "predict"):
    METHODS[_method].update(dict.fromkeys(WORKERS, ""))

VALUES = {
    ("dim_ordering", "tf"): "channels_last",
    ("dim_ordering", "th"): "channels_first",
    ("dim_ordering", "default"): None,
}
"""New values for old ones, as text."""

OLD_ORDER = {
    "fit_generator": ("generator", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data", "validation_steps"),
    "fit_generator of Keras 1": ("generator", "samples_per_epoch", "nb_epoch", "verbose", "callbacks", "validation_data", "nb_val_samples"),
    "evaluate_generator": ("generator", "steps"),
    "predict_generator": ("generator", "steps"),
    "predict_classes": ("x", "batch_size", "verbose"),
    "predict_proba": ("x", "batch_size", "verbose"),
}
"""Old methods' arguments in order; those after the first become keywords, because the new methods have another order."""


def of_layer(class_name: str, old: str, known: tuple[str, ...]) -> str | None:
    """The replacement of a layer's old argument; None if it is not an old argument of this layer.

    >>> of_layer("Conv2D", "nb_filter", ("filters", "kernel_size")), of_layer("Dense", "foo", ("units",))
    ('filters', None)
    """
    new = BY_CLASS.get((class_name, old), LAYERS.get(old))
    if new is None or new == old:
        return None
    return new if not new or isinstance(new, Phrase) or new in known else None


def of_function(name: str, old: str) -> str | None:
    """The replacement of an old argument of a function, or of a class that is neither layer nor optimizer."""
    found: Any = FUNCTIONS.get(name, {}).get(old)
    return None if found == old else found
