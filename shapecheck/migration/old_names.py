"""Names of older versions of Keras that Keras 3 lacks: modules, classes and functions, and their replacements.

Paths are those below `keras` (or `tensorflow.keras`). A value is the new path,
or "" if no single name replaces it; REASONS then says what
to do. Compared with the published sources of 0.3.3, 1.0.8, 1.2.2, 2.0.9, 2.2.4, 2.3.1, 2.6.0, 2.10.0 and 2.15.0.
"""

from __future__ import annotations

from shapecheck.languages import Phrase, used

MODULES = {
    "layers": "layers",
    "engine": "",
    "objectives": "losses",
    "initializations": "initializers",
    "saving": "saving",
    "utils.np_utils": "utils",
    "utils.generic_utils": "utils",
    "utils.vis_utils": "utils",
    "utils.visualize_util": "utils",
    "utils.data_utils": "utils",
    "utils.layer_utils": "utils",
    "utils.io_utils": "utils",
    "utils.image_utils": "utils",
    "utils.all_utils": "utils",
    "utils.dataset_utils": "utils",
    "utils.image_dataset": "utils",
    "utils.text_dataset": "utils",
    "utils.timeseries_dataset": "utils",
    "utils.object_identity": "",
    "utils.tf_utils": "",
    "utils.test_utils": "",
    "utils.losses_utils": "losses",
    "utils.conv_utils": "",
    "utils.training_utils": "",
    "utils.multi_gpu_utils": "",
    "utils.metrics_utils": "",
    "utils.tf_inspect": "",
    "optimizers": "optimizers",
    "optimizer_v1": "optimizers",
    "optimizer_v2": "optimizers",
    "optimizer_experimental": "optimizers",
    "callbacks": "callbacks",
    "callbacks_v1": "callbacks",
    "losses": "losses",
    "metrics": "metrics",
    "models": "models",
    "regularizers": "regularizers",
    "initializers": "initializers",
    "constraints": "constraints",
    "activations": "activations",
    "backend": "backend",
    "backend_config": "config",
    "applications": "applications",
    "datasets": "datasets",
    "preprocessing": "preprocessing",
    "mixed_precision": "mixed_precision",
    "legacy": "",
    "wrappers": "wrappers",
    "feature_column": "",
    "estimator": "",
    "experimental": "",
    "distribute": "",
    "premade": "",
    "premade_models": "",
    "legacy_tf_layers": "layers",
    "testing_utils": "",
    "utils.test_util": "",
    "internal": "",
    "dtensor": "",
    "contrib": "",
    "utils": "utils",
    "datasets.cifar": "",
    "caching": "",
}
"""An old module, or the prefix of several, -> today's module with its public names; the longest match counts."""

NAMES = {
    # layers
    "layers.Deconvolution2D": "layers.Conv2DTranspose",
    "layers.Deconv2D": "layers.Conv2DTranspose",
    "layers.Deconvolution3D": "layers.Conv3DTranspose",
    "layers.Deconv3D": "layers.Conv3DTranspose",
    "layers.AtrousConvolution1D": "layers.Conv1D",
    "layers.AtrousConvolution2D": "layers.Conv2D",
    "layers.AtrousConv1D": "layers.Conv1D",
    "layers.AtrousConv2D": "layers.Conv2D",
    "layers.CuDNNLSTM": "layers.LSTM",
    "layers.CuDNNGRU": "layers.GRU",
    "layers.BatchNormalizationV1": "layers.BatchNormalization",
    "layers.BatchNormalizationV2": "layers.BatchNormalization",
    "layers.TextVectorizationV2": "layers.TextVectorization",
    "layers.TimeDistributedDense": "layers.TimeDistributed",
    "layers.ThresholdedReLU": "layers.ReLU",
    "layers.SyncBatchNormalization": "layers.BatchNormalization",
    "layers.LSTMV2": "layers.LSTM",
    "layers.GRUV2": "layers.GRU",
    "layers.Merge": "",
    "layers.merge": "",
    "layers.DenseFeatures": "",
    "layers.SequenceFeatures": "",
    "layers.LocallyConnected1D": "",
    "layers.LocallyConnected2D": "",
    "layers.MaxoutDense": "",
    "layers.Highway": "",
    "layers.Recurrent": "",
    "layers.AbstractRNNCell": "",
    "layers.ConvRecurrent2D": "",
    "layers.SReLU": "",
    "layers.ParametricSoftplus": "",
    "layers.ParametricSoftPlus": "",
    "layers.Siamese": "",
    "layers.AutoEncoder": "",
    "layers.LambdaMerge": "",
    "layers.JZS1": "",
    "layers.JZS2": "",
    "layers.JZS3": "",
    "layers.KernelAttention": "",
    "layers.PeepholeLSTMCell": "",
    "layers.add_siamese": "",
    "layers.StackedWrapper": "",
    "layers.MaskedLayer": "",
    "layers.MaskedLambda": "",
    "layers.CuDNNConvLSTM": "",
    "layers.RandomFourierFeatures": "",
    "layers.LinearModel": "",
    "layers.Unfold": "",
    "layers.Container": "models.Model",
    "layers.Network": "models.Model",
    # engine
    "engine.Container": "models.Model",
    "engine.Network": "models.Model",
    "engine.Functional": "models.Model",
    "engine.get_source_inputs": "utils.get_source_inputs",
    "engine.merge": "",
    "engine.Merge": "",
    "engine.Node": "",
    "engine.to_list": "",
    "engine.preprocess_weights_for_loading": "",
    "engine.load_weights_from_hdf5_group": "",
    "engine._to_list": "",
    "engine._object_list_uid": "",
    "engine._collect_previous_mask": "",
    # models
    "models.Graph": "",
    "models.model_from_yaml": "",
    "models.model_from_config": "",
    "models.AutoEncoder": "",
    "models.LinearModel": "",
    "models.WideDeepModel": "",
    # losses and metrics
    **{
        f"{module}.{old}": f"{module}.{new}"
        for module in ("losses", "metrics")
        for old, new in {
            "mse": "mean_squared_error",
            "MSE": "mean_squared_error",
            "mae": "mean_absolute_error",
            "MAE": "mean_absolute_error",
            "mape": "mean_absolute_percentage_error",
            "MAPE": "mean_absolute_percentage_error",
            "msle": "mean_squared_logarithmic_error",
            "MSLE": "mean_squared_logarithmic_error",
            "kld": "kl_divergence",
            "KLD": "kl_divergence",
            "logcosh": "log_cosh",
            "kullback_leibler_divergence": "kl_divergence",
        }.items()
    },
    "losses.cosine_proximity": "losses.cosine_similarity",
    "losses.cosine": "losses.cosine_similarity",
    "losses.huber_loss": "losses.huber",
    "losses.Reduction": "",
    "losses.binary_crossentropy_with_logits": "",
    "losses.LossFunctionWrapper": "",
    "metrics.cosine_proximity": "",
    "metrics.cosine": "",
    "metrics.cosine_similarity": "",
    "metrics.accuracy": "",
    "metrics.precision": "",
    "metrics.recall": "",
    "metrics.fmeasure": "",
    "metrics.fbeta_score": "",
    "metrics.matthews_correlation": "",
    "metrics.SensitivitySpecificityBase": "",
    "metrics.MeanRelativeError": "",
    "metrics.SumOverBatchSize": "",
    "metrics.Reduce": "",
    # initializers, regularizers, constraints
    "initializers.normal": "initializers.random_normal",
    "initializers.uniform": "initializers.random_uniform",
    "initializers.zero": "initializers.zeros",
    "initializers.one": "initializers.ones",
    "initializers.get_fans": "",
    "regularizers.l1l2": "regularizers.l1_l2",
    "regularizers.activity_l1": "regularizers.l1",
    "regularizers.activity_l2": "regularizers.l2",
    "regularizers.activity_l1l2": "regularizers.l1_l2",
    "regularizers.WeightRegularizer": "regularizers.L1L2",
    "regularizers.ActivityRegularizer": "regularizers.L1L2",
    "regularizers.EigenvalueRegularizer": "",
    "constraints.maxnorm": "constraints.max_norm",
    "constraints.nonneg": "constraints.non_neg",
    "constraints.unitnorm": "constraints.unit_norm",
    "constraints.radial_constraint": "",
    "constraints.RadialConstraint": "",
    # optimizers
    **{
        f"optimizers.{old}": f"optimizers.{new}"
        for old, new in {
            "adam": "Adam",
            "sgd": "SGD",
            "rmsprop": "RMSprop",
            "adagrad": "Adagrad",
            "adadelta": "Adadelta",
            "adamax": "Adamax",
            "nadam": "Nadam",
            "ftrl": "Ftrl",
        }.items()
    },
    **{
        f"optimizers.legacy.{name}": f"optimizers.{name}"
        for name in (
            "Adam",
            "SGD",
            "RMSprop",
            "Adagrad",
            "Adadelta",
            "Adamax",
            "Nadam",
            "Ftrl",
            "Optimizer",
        )
    },
    "optimizers.TFOptimizer": "",
    "optimizers.learning_rate_schedule": "",
    # utils
    "utils.plot": "utils.plot_model",
    "utils.probas_to_classes": "",
    "utils.categorical_probas_to_classes": "",
    "utils.multi_gpu_model": "",
    "utils.HDF5Matrix": "",
    "utils.print_summary": "",
    "utils.print_layer_shapes": "",
    "utils.convert_all_kernels_in_model": "",
    "utils.convert_kernel": "",
    "utils.get_from_module": "",
    "utils.make_tuple": "",
    "utils.GeneratorEnqueuer": "",
    "utils.OrderedEnqueuer": "",
    "utils.SequenceEnqueuer": "",
    "utils.conv_output_length": "",
    "utils.conv_input_length": "",
    "utils.normalize_padding": "",
    "utils.normalize_data_format": "",
    "utils.normalize_tuple": "",
    "utils.func_dump": "",
    "utils.func_load": "",
    "utils.has_arg": "",
    "utils.to_list": "",
    "utils.count_params": "",
    "utils.is_all_none": "",
    "utils.validate_file": "",
    "utils.urlretrieve": "",
    "utils.transpose_shape": "",
    "utils.object_list_uid": "",
    "utils.unpack_singleton": "",
    "utils.accuracy": "",
    "utils.binary_logloss": "",
    "utils.multiclass_logloss": "",
    "utils.load_array": "",
    "utils.save_array": "",
    # callbacks, preprocessing, wrappers, the rest
    "callbacks.BaseLogger": "",
    "preprocessing.image.list_pictures": "",
    "preprocessing.image.flip_axis": "",
    "preprocessing.image.transform_matrix_offset_center": "",
    "preprocessing.image.apply_transform": "",
    "preprocessing.image.image": "preprocessing.image",
    "preprocessing.sequence.sequence": "preprocessing.sequence",
    "backend.T": "",
    "backend.pool": "",
    "preprocessing.text.base_filter": "",
    "preprocessing.text.maketrans": "",
    "wrappers.scikit_learn": "",
    "wrappers.KerasClassifier": "",
    "wrappers.KerasRegressor": "",
    "wrappers.BaseWrapper": "",
    "applications.music_tagger_crnn": "",
    "applications.resnext": "",
    "applications.audio_conv_utils": "",
    "applications.mobilenet.relu6": "activations.relu6",
    "applications.mobilenet.DepthwiseConv2D": "layers.DepthwiseConv2D",
    "applications.imagenet_utils._obtain_input_shape": "",
    "mixed_precision.set_policy": "mixed_precision.set_global_policy",
}
"""An old name, by today's module that it belongs to, -> its new path."""

TENSORFLOW_NAMES = {
    f"{module}.{old}": f"{module}.{new}"
    for module in ("losses", "metrics")
    for old, new in {
        "mean_squared_error": "mse",
        "mean_absolute_error": "mae",
        "mean_absolute_percentage_error": "mape",
        "mean_squared_logarithmic_error": "msle",
        "kl_divergence": "kld",
        "log_cosh": "logcosh",
    }.items()
}
"""Names that keras has kept but tensorflow.keras has removed."""

MEMBERS = {
    "losses.Reduction.SUM": '"sum"',
    "losses.Reduction.NONE": '"none"',
    "losses.Reduction.AUTO": '"sum_over_batch_size"',
    "losses.Reduction.SUM_OVER_BATCH_SIZE": '"sum_over_batch_size"',
}
"""Members of a removed class -> their replacement text."""

JOINS = Phrase(
    "migration", "merge_the_outputs_in", "merge the outputs in a functional model: Concatenate()([a, b]), Add()([a, b]) ... of keras.layers"
)
PRIVATE = Phrase("migration", "it_was_never_public", "it was never public: copy the parts you need into your code")
SCIKIT = Phrase(
    "migration",
    "use_keras_wrappers_sklearnclassifier",
    "use keras.wrappers.SKLearnClassifier or SKLearnRegressor, or the package scikeras (pip install scikeras)",
)
QUEUES = Phrase(
    "migration", "pass_workers_and_max", "pass workers= and max_queue_size= to a keras.utils.PyDataset, and the dataset to fit()"
)
FEATURES = Phrase(
    "migration",
    "use_keras_utils_featurespace",
    "use keras.utils.FeatureSpace, or preprocessing layers such as Normalization and StringLookup",
)
ESTIMATOR = Phrase("migration", "train_the_model_with", "train the model with fit()")
SESSIONS = Phrase("migration", "keras_3_has_no", "Keras 3 has no sessions: remove the call")
PHASE = Phrase("migration", "pass_training_true_or", "pass training=True or training=False where the layer or the model is called")
REASONS = {
    "layers.Merge": JOINS,
    "layers.merge": JOINS,
    "engine.merge": JOINS,
    "engine.Merge": JOINS,
    "layers.LambdaMerge": JOINS,
    "layers.Siamese": Phrase("migration", "call_one_layer_on", "call one layer on several inputs in a functional model"),
    "layers.add_siamese": Phrase("migration", "call_one_layer_on", "call one layer on several inputs in a functional model"),
    "layers.DenseFeatures": FEATURES,
    "layers.SequenceFeatures": FEATURES,
    "feature_column": FEATURES,
    "estimator": ESTIMATOR,
    "layers.LocallyConnected1D": Phrase(
        "migration",
        "write_it_as_your_own_layer_or_use",
        "write it as your own layer, or use Conv1D, which shares its weights over all positions",
    ),
    "layers.LocallyConnected2D": Phrase(
        "migration",
        "write_it_as_your_own_layer_or",
        "write it as your own layer, or use Conv2D, which shares its weights over all positions",
    ),
    "layers.MaxoutDense": Phrase(
        "migration", "use_dense_units_pieces", "use Dense(units * pieces), Reshape((units, pieces)) and keras.ops.max(..., axis=-1)"
    ),
    "layers.Highway": Phrase("migration", "write_it_as_your_own_layer", "write it as your own layer: two Dense layers and Multiply"),
    "layers.Recurrent": Phrase("migration", "inherit_from_keras_layers", "inherit from keras.layers.RNN, with a cell"),
    "layers.AbstractRNNCell": Phrase("migration", "inherit_a_cell_from", "inherit a cell from keras.layers.Layer"),
    "layers.ConvRecurrent2D": used("keras.layers.ConvLSTM2D"),
    "layers.SReLU": Phrase("migration", "write_it_as_your_own", "write it as your own layer, or use PReLU"),
    "layers.ParametricSoftplus": Phrase("migration", "write_it_as_your_own", "write it as your own layer, or use PReLU"),
    "layers.AutoEncoder": Phrase("migration", "build_encoder_and_decoder", "build encoder and decoder as models"),
    "models.Graph": Phrase("migration", "use_the_functional_api", "use the functional API: keras.Model(inputs, outputs)"),
    "models.AutoEncoder": Phrase("migration", "build_encoder_and_decoder", "build encoder and decoder as models"),
    "models.model_from_yaml": Phrase("migration", "use_model_to_json", "use model.to_json() and keras.models.model_from_json()"),
    "models.model_from_config": Phrase(
        "migration", "use_keras_sequential_from", "use keras.Sequential.from_config() or keras.Model.from_config()"
    ),
    "losses.Reduction": Phrase("migration", "write_reduction_sum_sum", 'write reduction="sum", "sum_over_batch_size" or None'),
    "metrics.accuracy": Phrase("migration", "write_accuracy_in_compile", 'write "accuracy" in compile(metrics=[...])'),
    "metrics.cosine_proximity": Phrase(
        "migration", "use_keras_metrics_cosinesimilarity", "use keras.metrics.CosineSimilarity(), which has the opposite sign"
    ),
    "metrics.cosine": Phrase(
        "migration", "use_keras_metrics_cosinesimilarity", "use keras.metrics.CosineSimilarity(), which has the opposite sign"
    ),
    "metrics.cosine_similarity": used("keras.metrics.CosineSimilarity()"),
    "metrics.precision": used("keras.metrics.Precision()"),
    "metrics.recall": used("keras.metrics.Recall()"),
    "metrics.fmeasure": used("keras.metrics.F1Score()"),
    "metrics.fbeta_score": used("keras.metrics.FBetaScore()"),
    "metrics.matthews_correlation": Phrase("migration", "write_it_as_your", "write it as your own keras.metrics.Metric"),
    "optimizers.TFOptimizer": Phrase("migration", "use_an_optimizer_of", "use an optimizer of keras.optimizers"),
    "utils.probas_to_classes": used("numpy.argmax(..., axis=-1)"),
    "utils.categorical_probas_to_classes": used("numpy.argmax(..., axis=-1)"),
    "utils.multi_gpu_model": Phrase(
        "migration", "build_and_compile_the", "build and compile the model under tensorflow.distribute.MirroredStrategy().scope()"
    ),
    "utils.multi_gpu_utils": Phrase(
        "migration", "build_and_compile_the", "build and compile the model under tensorflow.distribute.MirroredStrategy().scope()"
    ),
    "utils.HDF5Matrix": Phrase("migration", "read_the_file_with", "read the file with h5py, in a keras.utils.PyDataset"),
    "utils.print_summary": used("model.summary()"),
    "utils.print_layer_shapes": used("model.summary()"),
    "utils.count_params": Phrase("migration", "use_model_count_params", "use model.count_params(), or sum the sizes of the weights"),
    "utils.GeneratorEnqueuer": QUEUES,
    "utils.OrderedEnqueuer": QUEUES,
    "utils.SequenceEnqueuer": QUEUES,
    "callbacks.BaseLogger": Phrase("migration", "remove_it_keras_adds", "remove it: Keras adds it itself"),
    "wrappers.scikit_learn": SCIKIT,
    "wrappers.KerasClassifier": SCIKIT,
    "wrappers.KerasRegressor": SCIKIT,
    "wrappers.BaseWrapper": SCIKIT,
    "preprocessing.image.list_pictures": used("sorted(pathlib.Path(folder).rglob(...))"),
    "preprocessing.image.flip_axis": used("numpy.flip()"),
    "applications.resnext": Phrase("migration", "use_keras_applications_resnet50", "use keras.applications.ResNet50 or a similar model"),
    "experimental": Phrase("migration", "it_was_a_discontinued", "it was a discontinued experiment"),
    "applications.imagenet_utils._obtain_input_shape": PRIVATE,
    "contrib": Phrase("migration", "use_tensorflow_keras_or", "use tensorflow.keras or keras"),
    "backend.function": Phrase("migration", "use_keras_model_inputs", "use keras.Model(inputs, outputs), and call it"),
    "backend.placeholder": used("keras.Input()"),
    "backend.gradients": Phrase(
        "migration", "with_tensorflow_use_tf", "with TensorFlow use tf.GradientTape; other backends have their own functions"
    ),
    "backend.get_session": SESSIONS,
    "backend.set_session": SESSIONS,
    "backend.tf": Phrase("migration", "import_tensorflow_as_tf_2", "import tensorflow as tf"),
    "backend.learning_phase": PHASE,
    "backend.set_learning_phase": PHASE,
    "backend.in_train_phase": PHASE,
    "backend.in_test_phase": PHASE,
    "backend.learning_phase_scope": PHASE,
    "backend.manual_variable_initialization": SESSIONS,
    "backend.tensorflow_backend": Phrase("migration", "import_tensorflow_as_tf", "import tensorflow as tf, or use keras.ops"),
    "backend.theano_backend": used("keras.ops"),
    "backend.T": used("keras.ops"),
    "backend.pool": Phrase("migration", "use_keras_ops_max", "use keras.ops.max_pool() or keras.ops.average_pool()"),
    "backend.common": Phrase("migration", "use_keras_config_or", "use keras.config, or keras.backend itself"),
    "backend.in_top_k": Phrase(
        "migration", "use_keras_ops_in", "use keras.ops.in_top_k(targets, predictions, k): the argument order is reversed"
    ),
    "backend.batch_dot": Phrase("migration", "use_keras_ops_matmul", "use keras.ops.matmul() or keras.ops.einsum()"),
    "backend.batch_flatten": used("keras.layers.Flatten()"),
    "backend.rnn": Phrase("migration", "use_keras_layers_rnn", "use keras.layers.RNN, with a cell"),
    "backend.map_fn": Phrase("migration", "use_keras_ops_map", "use keras.ops.map() or keras.ops.vectorized_map()"),
    "backend.foldl": used("keras.ops.scan()"),
    "backend.foldr": used("keras.ops.scan()"),
    "backend.print_tensor": used("print()"),
    "backend.resize_images": Phrase("migration", "use_keras_ops_image", "use keras.ops.image.resize() or keras.layers.UpSampling2D"),
    "backend.conv2d": used("keras.ops.conv()"),
    "backend.pool2d": Phrase("migration", "use_keras_ops_max", "use keras.ops.max_pool() or keras.ops.average_pool()"),
    "backend.count_params": Phrase("migration", "use_the_tensor_s", "use the tensor's size"),
    "backend.batch_set_value": Phrase("migration", "use_weight_assign_value", "use weight.assign(value) for each"),
    "backend.batch_get_value": Phrase("migration", "use_keras_ops_convert", "use keras.ops.convert_to_numpy() for each"),
    "backend.ctc_batch_cost": used("keras.losses.CTC"),
    "backend.ctc_decode": used("keras.ops.ctc_decode()"),
    "backend.normalize_batch_in_training": used("keras.layers.BatchNormalization"),
    "backend.batch_normalization": used("keras.ops.batch_normalization()"),
    "backend.random_binomial": used("keras.random.binomial()"),
    "backend.set_image_dim_ordering": used('set_image_data_format("channels_last")'),
}
"""What to do instead, by the old name as in NAMES or MODULES; the text of a module also applies to its names."""


def reason(path: str) -> str:
    """The text for an old name, or for the nearest module above it; "" if there is none.

    >>> reason("wrappers.scikit_learn.KerasClassifier").partition(",")[0]
    'use keras.wrappers.SKLearnClassifier or SKLearnRegressor'
    """
    while path:
        if path in REASONS:
            return REASONS[path]
        path = path.rpartition(".")[0]
    return ""
