"""Arguments of older versions of Keras and their names today, by the kind of object that is called.

A value is the new name; "" if the argument can be removed, because it changes nothing or Keras 3 does it
itself; or, if there is no unique answer, an advice that begins with "!".
"""

from __future__ import annotations

from typing import Any

LAYERS = {
    "nb_filter": "filters", "nb_kernel": "filters", "filter_length": "kernel_size", "border_mode": "padding", "subsample": "strides",
    "subsample_length": "strides", "dim_ordering": "data_format", "output_dim": "units", "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer", "U_regularizer": "recurrent_regularizer", "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint", "U_constraint": "recurrent_constraint", "bias": "use_bias", "p": "rate",
    "pool_length": "pool_size",
    "stride": "strides", "length": "size", "inner_init": "recurrent_initializer", "inner_activation": "recurrent_activation",
    "dropout_W": "dropout", "dropout_U": "recurrent_dropout", "sigma": "stddev", "atrous_rate": "dilation_rate",
    "beta_init": "beta_initializer", "gamma_init": "gamma_initializer", "consume_less": "", "input_dtype": "dtype",
    "alpha": "negative_slope",
    "theta": "threshold", "concat_axis": "axis", "dot_axes": "axes", "nb_head": "num_heads", "input": "inputs", "output": "outputs",
    "init": "kernel_initializer", "dims": "target_shape",
    "weights": "!remove it, and call set_weights() once the layer is built", "mode": "!Keras 3 has only the usual mode (0)",
    "time_major": "!swap the first two axes of the data", "forget_bias_init": "!Keras 3 accepts unit_forget_bias=True or False",
    "activity_regularizer": "activity_regularizer", "batch_input_shape": "!put Input(batch_shape=...) before the layer",
    "input_length": "!put Input(shape=...) before the layer", "nb_row": "!pass both sizes as kernel_size",
    "nb_col": "!pass both sizes as kernel_size",
    "output_shape": "!remove it: the size follows from strides and padding", "merge_mode": "merge_mode", "implementation": "",
    "virtual_batch_size": "!Keras 3 does not have it", "fused": "", "adjustment": "!Keras 3 does not have it", "dynamic": "",
    "experimental_autocast": "autocast", "cudnn": "", "unit_forget_bias": "unit_forget_bias",
    "ragged": "!Keras 3 has ragged inputs only on TensorFlow",
    "embeddings_length": "", "cropping_mode": "", "max_tokens": "max_tokens",
}  # fmt: skip
"""Of layers; only if the layer now has the new name and not the old one."""

BY_CLASS = {
    ("Embedding", "init"): "embeddings_initializer", ("Embedding", "W_regularizer"): "embeddings_regularizer",
    ("Embedding", "W_constraint"): "embeddings_constraint", ("Embedding", "dropout"): "!put SpatialDropout1D(rate) after the layer",
    ("PReLU", "init"): "alpha_initializer", ("PReLU", "W_regularizer"): "alpha_regularizer",
    ("SeparableConv2D", "init"): "!use depthwise_initializer= and pointwise_initializer=", ("DepthwiseConv2D",
    "init"): "depthwise_initializer",
    ("BatchNormalization", "axis_"): "axis", ("Input", "batch_input_shape"): "batch_shape", ("InputLayer", "input_dtype"): "dtype",
    ("DepthwiseConv2D", "kernel_initializer"): "depthwise_initializer", ("DepthwiseConv2D",
    "kernel_regularizer"): "depthwise_regularizer",
    ("DepthwiseConv2D", "kernel_constraint"): "depthwise_constraint", ("Lambda", "dtype_"): "dtype",
    ("MultiHeadAttention", "head_size"): "key_dim",
}  # fmt: skip
"""Of one class; they take precedence over LAYERS."""

OPTIMIZERS = {
    "lr": "learning_rate", "schedule_decay": "", "beta1": "beta_1", "beta2": "beta_2",
    "decay": "!use learning_rate=keras.optimizers.schedules.InverseTimeDecay({lr}, 1, {decay}) has the same effect",
}  # fmt: skip
REGULARIZERS = {("L2", "l"): "l2", ("L1", "l"): "l1", ("L1L2", "l"): "!write l1= or l2="}
FUNCTIONS = {
    "to_categorical": {"nb_classes": "num_classes", "dtype": "!call .astype() on the result"},
    "get_file": {"datadir": "!use cache_dir= and cache_subdir=", "md5_hash": "md5_hash"},
    "ModelCheckpoint": {
        "period": '!save_freq="epoch" saves after each epoch; a number counts batches',
        "load_weights_on_restart": "!call load_weights() yourself",
        "options": "",
    },
    "TensorBoard": {
        "write_grads": "", "batch_size": "", "embeddings_layer_names": "!Keras 3 writes all embeddings",
        "embeddings_data": "!Keras 3 does not write them",
    },
    "ProgbarLogger": {"count_mode": "", "stateful_metrics": ""},
    "plot_model": {"recursive": "expand_nested"},
    "L2": {"l": "l2"}, "L1": {"l": "l1"},
    "pad_sequences": {"nb_timesteps": "maxlen"},
    "max_norm": {"m": "max_value"}, "MaxNorm": {"m": "max_value"},
}  # fmt: skip
"""Of functions and other classes, by their own name."""

WORKERS = ("workers", "use_multiprocessing", "max_queue_size", "max_q_size", "nb_worker", "pickle_safe", "nb_val_worker")
METHODS: dict[str, dict[str, str]] = {
    "fit": {"nb_epoch": "epochs", "show_accuracy": '!put metrics=["accuracy"] into compile()',
    "accuracy": '!put metrics=["accuracy"] into compile()',
            "samples_per_epoch": "!steps_per_epoch= counts batches: divide by the batch size",
            "nb_val_samples": "!validation_steps= counts batches: divide by the batch size", "generator": "x"},
    "evaluate": {"show_accuracy": '!put metrics=["accuracy"] into compile()',
    "val_samples": "!steps= counts batches: divide by the batch size",
                 "generator": "x"},
    "predict": {"val_samples": "!steps= counts batches: divide by the batch size", "generator": "x"},
    "train_on_batch": {"accuracy": '!put metrics=["accuracy"] into compile()',
                       "reset_metrics": "!call reset_metrics() of the model where the metrics should start again"},
    "test_on_batch": {"accuracy": '!put metrics=["accuracy"] into compile()',
                      "reset_metrics": "!call reset_metrics() of the model where the metrics should start again"},
    "predict_on_batch": {},
    "compile": {"class_mode": "", "theano_mode": "", "sample_weight_mode": "", "experimental_run_tf_function": "", "distribute": "",
                "options": "", "run_metadata": "", "target_tensors": "!pass the labels to fit()"},
    "save": {"save_format": "!end the name in .keras or .h5", "signatures": "!use model.export()", "options": ""},
    "save_weights": {"save_format": "", "options": ""},
    "summary": {},
}  # fmt: skip
"""Of a model's methods."""
for _method in ("fit", "evaluate", "predict"):
    METHODS[_method].update(dict.fromkeys(WORKERS, ""))

VALUES = {
    ("dim_ordering", "tf"): "channels_last", ("dim_ordering", "th"): "channels_first", ("dim_ordering", "default"): None,
}  # fmt: skip
"""New values for old ones, as text."""

OLD_ORDER = {
    "fit_generator": ("generator", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data", "validation_steps"),
    "fit_generator of Keras 1": ("generator", "samples_per_epoch", "nb_epoch", "verbose", "callbacks", "validation_data",
    "nb_val_samples"),
    "evaluate_generator": ("generator", "steps"), "predict_generator": ("generator", "steps"),
    "predict_classes": ("x", "batch_size", "verbose"), "predict_proba": ("x", "batch_size", "verbose"),
}  # fmt: skip
"""Old methods' arguments in order; those after the first become keywords, because the new methods have another order."""


def of_layer(class_name: str, old: str, known: tuple[str, ...]) -> str | None:
    """The replacement of a layer's old argument; None if it is not an old argument of this layer.

    >>> of_layer("Conv2D", "nb_filter", ("filters", "kernel_size")), of_layer("Dense", "foo", ("units",))
    ('filters', None)
    """
    new = BY_CLASS.get((class_name, old), LAYERS.get(old))
    if new is None or new == old:
        return None
    return new if not new or new.startswith("!") or new in known else None


def of_function(name: str, old: str) -> str | None:
    """The replacement of an old argument of a function, or of a class that is neither layer nor optimizer."""
    found: Any = FUNCTIONS.get(name, {}).get(old)
    return None if found == old else found
