"""Modules of Keras 0.3 to 2.15 that Keras 3 does not have, by their parent module.

Written by `python -m tests.oracle.record_old_modules` from the published distributions.
"""

OLD_MODULES = {
    "applications": "audio_conv_utils mobilenetv2 music_tagger_crnn regnet resnet_rs",
    "backend": "cntk_backend common experimental load_backend numpy_backend tensorflow_backend theano_backend",
    "": """
backend_config callbacks_v1 combinations distribute engine estimator experimental feature_column initializations legacy_tf_layers
objectives old_models optimizer_v1 optimizer_v2 premade premade_models type
""",
    "callbacks": "callbacks experimental tensorboard_v1 tensorboard_v2",
    "datasets": "cifar data_utils",
    "distribute": """
distribute_coordinator_utils distributed_file_utils distributed_training_utils distributed_training_utils_v1 model_collection_base
model_combinations optimizer_combinations sidecar_evaluator simple_models strategy_combinations worker_training_state
""",
    "engine": """
base_layer base_layer_utils base_layer_v1 base_preprocessing_layer compile_utils data_adapter functional functional_utils
input_layer input_spec keras_tensor network node partial_batch_padding_handler saving sequential topology training training_arrays
training_arrays_v1 training_distributed_v1 training_eager_v1 training_generator training_generator_v1 training_utils
training_utils_v1 training_v1
""",
    "export": "export_lib",
    "feature_column": "base_feature_layer dense_features dense_features_v2 sequence_feature_column",
    "initializers": "initializers initializers_v1 initializers_v2",
    "layers": """
activation advanced_activations attention containers convolutional convolutional_recurrent core cudnn_recurrent custom
dense_attention einsum_dense embeddings experimental kernelized legacy_rnn local locally_connected merge merging
multi_head_attention noise normalization pooling preprocessing recurrent recurrent_v2 regularization reshaping rnn
rnn_cell_wrapper_v2 serialization timedistributed wrappers xtreme_inception
""",
    "layers.activation": "elu leaky_relu prelu relu softmax thresholded_relu",
    "layers.attention": "additive_attention attention base_dense_attention multi_head_attention",
    "layers.convolutional": """
base_conv base_depthwise_conv base_separable_conv conv1d conv1d_transpose conv2d conv2d_transpose conv3d conv3d_transpose
depthwise_conv1d depthwise_conv2d separable_conv1d separable_conv2d
""",
    "layers.core": "activation dense einsum_dense embedding identity lambda_layer masking tf_op_layer",
    "layers.experimental": "preprocessing",
    "layers.legacy_rnn": "rnn_cell_impl rnn_cell_wrapper_impl",
    "layers.locally_connected": "locally_connected1d locally_connected2d locally_connected_utils",
    "layers.merging": "add average base_merge concatenate dot maximum minimum multiply subtract",
    "layers.normalization": """
batch_normalization batch_normalization_v1 group_normalization layer_normalization spectral_normalization unit_normalization
""",
    "layers.pooling": """
average_pooling1d average_pooling2d average_pooling3d base_global_pooling1d base_global_pooling2d base_global_pooling3d
base_pooling1d base_pooling2d base_pooling3d global_average_pooling1d global_average_pooling2d global_average_pooling3d
global_max_pooling1d global_max_pooling2d global_max_pooling3d max_pooling1d max_pooling2d max_pooling3d
""",
    "layers.preprocessing": """
category_crossing category_encoding discretization hashed_crossing hashing image_preprocessing index_lookup integer_lookup
normalization preprocessing_stage preprocessing_utils reduction string_lookup text_vectorization
""",
    "layers.regularization": """
activity_regularization alpha_dropout dropout gaussian_dropout gaussian_noise spatial_dropout1d spatial_dropout2d
spatial_dropout3d
""",
    "layers.reshaping": """
cropping1d cropping2d cropping3d flatten permute repeat_vector reshape up_sampling1d up_sampling2d up_sampling3d zero_padding1d
zero_padding2d zero_padding3d
""",
    "layers.rnn": """
abstract_rnn_cell base_conv_lstm base_conv_rnn base_cudnn_rnn base_rnn base_wrapper bidirectional cell_wrappers conv_lstm1d
conv_lstm2d conv_lstm3d cudnn_gru cudnn_lstm dropout_rnn_cell_mixin gru gru_lstm_utils gru_v1 legacy_cell_wrappers legacy_cells
lstm lstm_v1 rnn_utils simple_rnn stacked_rnn_cells time_distributed
""",
    "legacy": "interfaces layers models",
    "legacy_tf_layers": "base convolutional core migration_utils normalization pooling variable_scope_shim",
    "metrics": """
accuracy_metrics base_metric confusion_metrics experimental f_score_metrics hinge_metrics iou_metrics metrics
probabilistic_metrics py_metric regression_metrics
""",
    "mixed_precision": """
autocast_variable device_compatibility_check experimental get_layer_policy loss_scale loss_scale_optimizer policy
""",
    "models": "cloning experimental sharpness_aware_minimization",
    "optimizer_v2": """
adadelta adagrad adam adamax ftrl gradient_descent learning_rate_schedule legacy_learning_rate_decay nadam optimizer_v2 rmsprop
utils
""",
    "optimizers": """
adadelta adafactor adagrad adam adamax adamw experimental ftrl legacy_learning_rate_decay lion nadam optimizer
optimizer_experimental optimizer_v1 optimizer_v2 rmsprop sgd utils
""",
    "optimizers.legacy": "adadelta adagrad adam adamax ftrl gradient_descent nadam optimizer optimizer_v2 rmsprop sgd",
    "optimizers.optimizer_experimental": "adadelta adagrad adam adamax adamw ftrl nadam optimizer rmsprop sgd",
    "optimizers.optimizer_v2": "adadelta adagrad adam adamax ftrl gradient_descent nadam optimizer_v2 rmsprop utils",
    "optimizers.schedules": "learning_rate_schedule",
    "premade": "linear wide_deep",
    "premade_models": "linear wide_deep",
    "preprocessing": "dataset_utils image_dataset text text_dataset timeseries",
    "saving": """
experimental hdf5_format legacy model_config object_registration save saving_api saving_lib saving_utils serialization_lib
utils_v1
""",
    "saving.experimental": "saving_lib",
    "saving.legacy": "hdf5_format model_config save saving_utils serialization",
    "saving.utils_v1": "export_output export_utils mode_keys signature_def_utils unexported_constants",
    "type": "types",
    "utils": """
all_utils audio_dataset control_flow_util conv_utils data_utils dataset_creator dataset_utils experimental feature_space
generic_utils image_dataset image_utils io_utils keras_logging kernelized_utils layer_utils losses_utils metrics_utils mode_keys
multi_gpu_utils np_utils object_identity sidecar_evaluator steps_per_execution_tuning text_dataset tf_contextlib tf_inspect
tf_utils timed_threads timeseries_dataset traceback_utils training_utils version_utils vis_utils visualize_util
""",
    "wrappers": "scikit_learn",
}
