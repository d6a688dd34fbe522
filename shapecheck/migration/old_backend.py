"""Functions of the old keras.backend, and the calls of Keras 3 that compute the same.

A string is the new function and the old arguments in their order; `old:new` if the argument has a new name; `name=value` is added
if the call does not have it, because the old default differed. A string with braces is a template of the first two arguments.
Compared by running: tests/oracle/record_old_backend.py, for all that tensorflow.keras.backend still has.
"""

from __future__ import annotations

FUNCTIONS = {
    **{name: f"ops.{name} x" for name in (
        "abs", "exp", "log", "round", "sign", "sin", "cos", "sqrt", "square", "transpose", "zeros_like", "ones_like", "shape", "ndim",
        "sigmoid", "tanh", "softplus", "softsign", "relu",
    )},
    **{name: f"ops.{name} x axis keepdims" for name in ("sum", "mean", "max", "min", "prod", "var", "std", "any", "all", "logsumexp")},
    **{name: f"ops.{name} x:x1 y:x2" for name in (
        "maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "dot",
    )},
    **{name: f"ops.{name} target output from_logits" for name in (
        "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
    )},
    "pow": "ops.power x:x1 a:x2", "clip": "ops.clip x min_value:x_min max_value:x_max", "cast": "ops.cast x dtype",
    "argmax": "ops.argmax x axis=-1", "argmin": "ops.argmin x axis=-1", "expand_dims": "ops.expand_dims x axis=-1",
    "squeeze": "ops.squeeze x axis", "concatenate": "ops.concatenate tensors:xs axis=-1", "stack": "ops.stack x axis",
    "reshape": "ops.reshape x shape:newshape", "permute_dimensions": "ops.transpose x pattern:axes", "tile": "ops.tile x n:repeats",
    "repeat_elements": "ops.repeat x rep:repeats axis", "one_hot": "ops.one_hot indices:x num_classes", "reverse": "ops.flip x axes:axis",
    "gather": "ops.take reference:x indices axis=0", "cumsum": "ops.cumsum x axis=0", "cumprod": "ops.cumprod x axis=0",
    "softmax": "ops.softmax x axis=-1", "elu": "ops.elu x alpha", "l2_normalize": "ops.normalize x axis",
    "stop_gradient": "ops.stop_gradient variables:variable", "arange": "ops.arange start stop step dtype", "eye": "ops.eye size:N",
    "zeros": "ops.zeros shape dtype", "ones": "ops.ones shape dtype", "constant": "ops.convert_to_tensor value:x dtype",
    "switch": "ops.where condition then_expression:x1 else_expression:x2", "get_value": "ops.convert_to_numpy x",
    "eval": "ops.convert_to_numpy x", "variable": "Variable value:initializer",
    "random_normal": "random.normal shape mean stddev dtype seed", "random_uniform": "random.uniform shape minval maxval dtype seed",
    "truncated_normal": "random.truncated_normal shape mean stddev dtype seed",
    "dropout": "random.dropout x:inputs level:rate noise_shape seed",
    "flatten": "ops.ravel x", "dtype": "{0}.dtype", "int_shape": "{0}.shape", "set_value": "{0}.assign({1})", "update": "{0}.assign({1})",
    "update_add": "{0}.assign_add({1})",
    "update_sub": "{0}.assign_sub({1})", "image_dim_ordering": "backend.image_data_format",
    "set_image_dim_ordering": "backend.set_image_data_format dim_ordering:data_format", "is_placeholder": "backend.is_keras_tensor x",
}  # fmt: skip

OTHERS = frozenset((
    "backend", "batch_dot", "batch_flatten", "batch_get_value", "batch_normalization", "batch_set_value", "bias_add",
    "cast_to_floatx", "categorical_focal_crossentropy", "binary_focal_crossentropy", "common", "conv1d", "conv2d",
    "conv2d_transpose", "conv3d", "conv3d_transpose", "count_params", "ctc_batch_cost", "ctc_decode", "ctc_label_dense_to_sparse",
    "depthwise_conv2d", "dtype", "eval", "flatten", "foldl", "foldr", "function", "get_session", "get_variable_shape", "gradients",
    "hard_sigmoid", "has_arg", "image_dim_ordering", "in_test_phase", "in_top_k", "in_train_phase", "is_sparse", "is_tensor",
    "is_variable", "learning_phase", "learning_phase_scope", "local_conv1d", "local_conv2d", "manual_variable_initialization",
    "map_fn", "moving_average_update", "name_scope", "normalize_batch_in_training", "placeholder", "pattern_broadcast", "pool2d",
    "pool3d", "print_tensor", "random_binomial", "random_bernoulli", "random_normal_variable", "random_uniform_variable", "repeat",
    "resize_images", "resize_volumes", "rnn", "separable_conv1d", "separable_conv2d", "set_epsilon", "set_floatx",
    "set_learning_phase", "set_session", "spatial_2d_padding", "spatial_3d_padding", "temporal_padding",
    "asymmetric_temporal_padding", "asymmetric_spatial_2d_padding", "symbolic", "tensorflow_backend", "tf", "theano_backend",
    "to_dense", "track_variables", "identity", "track_tf_optimizer", "clear_session", "control_flow_ops",
))  # fmt: skip
"""Functions that no single call of Keras 3 replaces."""
