"""What kind of reason one of Keras's tests does not pass for, read off its error."""

from __future__ import annotations

import re

EXPLAINED = {
    r"merging_test.*_with_mask": "other meaning: arrays carry no mask from call to call; in a model the numbers are Keras's "
    "(tests/layers/test_masked_merging.py)",
    r"overwrite": "refused: overwrite_with_gradient belongs to float8, which is not computed",
    r"trainer_test.*test_predict_dropout": "other meaning: dropout draws anew for each batch of predict",
    r"trainer_test.*steps_per_epoch_match_multi_epoch": "other meaning: an epoch has steps_per_epoch batches, also if it is no multiple of "
    "steps_per_execution; Keras makes one more",
    r"mix_up_test.*basic_functionality|random_erasing_test.*erasing_basic": "other meaning: transform_images of one image returns one "
    "image; Keras returns a batch of one",
    r"saving_lib_test.*test_save_model_exception_raised": "other meaning: a model that cannot be written leaves no file, and an old one "
    "as it was; Keras leaves one without weights",
    r"saving_lib_test.*test_complex_model_without_explicit": "other meaning: from_config of a class gets the layers in its configuration "
    "made; Keras wants them made by hand",
    r"saving_lib_test.*test_safe_mode|test_saving_lambda": "refused: code in a file is neither written nor run: the function of a Lambda "
    "is passed in custom_objects",
    r"saving_api_test.*test_save_h5_format": "other meaning: absl's log is not written to",
    r"legacy_h5_format_test.*test_saving_include_optimizer_false": "other meaning: optimizer is None before compile()",
    r"test_legacy_load_skips_missing_nested_containers": "needs another package: Keras's wheel has not the file test_data/pre_pr22362_"
    "nested_container.keras",
    r"loss(es)?_test.*test_dtype_arg": "other meaning: losses are computed in float32; another dtype is told by a warning",
    r"losses_test.*(CosineSimilarityTest|HuberLossTest).test_config": "other meaning: the configuration has axis, and delta, too: without "
    "them a loaded loss would be another one",
    r"(loss_test.*|metric_test.*)test_(get_method|pickle)": "other meaning: get() returns an object of the class, of the same numbers",
    r"sequential_test.*test_(basic_flow_with_|legacy_flow_with_input)": "private API: Sequential._functional",
    r"backup_and_restore_test.*test_(best_case_epoch|backup_corrupted)": "other meaning: call() is followed once, on tensors without "
    "numbers: a counter in it does not count steps",
    r"test_causal_only_skipped_for_subclass|rng_seed_tracking|test_retracing": "private API: what a layer does inside a call",
    r"zero_padding.d_test.*get_config": "other meaning: the configuration has no dtype, which is float32",
    r"optimizer_test.*test_optimizer_auto_naming": "other meaning: automatic names of optimizers have no number",
    r"layer_test.*test_(custom_layer_add_weight_in_build_name|layer_variable_tracking_correct)": "other meaning: the path of a weight "
    "begins with its own layer, not with the layer around it",
    r"layer_test.*test_serialize_activity_regularizer": "other meaning: an argument is kept as it was given, here as 'l2'",
    r"layer_test.*test_init_after_state_tracking": "refused: state before super().__init__(): begin __init__ with it",
    r"attention_test.*scores_true_and_tuple": "other meaning: several outputs are a list; Keras returns a tuple",
    r"stacked_rnn_cells_test.*test_return_state": "other meaning: the states of all cells are listed one after the other; Keras nests them",
    r"simple_rnn_test.*test_basics": "private API: the count of seed generators",
    r"layer_test.*test_serialize_dtype": "refused: dtype='bfloat16' is not computed: weights and values are float32",
    r"random_elastic_transform_test.*basic": "private API: what get_random_transformation returns",
    r"masking_test.*test_masking_correctness": "refused: call(x, mask=None) of a layer of one's own gets no mask: forward(ctx, x) reads "
    "ctx.mask",
    r"metric_test.*test_(sub)?(metric|variable)_tracking": "other meaning: variables of a metric are those that add_variable made",
    r"tensorboard_test.*test_(TensorBoard_global_step|custom_summary)": "needs another backend: tf.summary's own writers and steps",
    r"confusion_metrics_test.*AUCTest.test_config": "private API: the enumeration metrics_utils.AUCCurve",
    r"reduce_lr_on_plateau_test.*test_reduces_lr_with_model_fit": "other meaning: the learning rate is read as the float32 that it is",
}
"""Tests that compare numbers and get others, or whose words do not say why: file and item, and the reason."""


def kind_of(item: str, reason: str) -> str:
    """`passed`, or `kind: details`. `item`: the file and the test."""
    if reason == "passed":
        return reason
    for pattern, why in EXPLAINED.items():
        if re.search(pattern, item):
            return why
    name, _, details = reason.partition(": ")
    private = re.search(r"has no attribute '(_\w+)'", reason)
    if name == "Private" or private:
        return f"private API: {private.group(1) if private else details}"
    if name == "Absent" or name in ("MissingName", "AttributeError") or "unexpected keyword argument" in reason:
        return f"absent feature: {details}"
    if name == "skipped":
        return f"needs another backend: {details}"
    if "ModuleNotFoundError" in reason or "tf.ragged" in reason:
        return f"needs another package: {details}"
    if name == "own words":
        return f"refused in our words: {details}"
    if re.search(r"Not equal to tolerance|Arrays are not equal|not almost equal", reason):
        return f"wrong number: {details}"
    if name in ("NotImplementedError", "ShapeError", "ValueError", "TypeError", "CannotSave", "NotTraced"):
        return f"refused: {name}: {details}"
    if "not raised" in reason or "not triggered" in reason or "DID NOT WARN" in reason:
        return f"accepted where Keras refuses: {details}"
    if name == "TooLong":
        return f"too long: {details}"
    if name == "does not load":
        return f"absent feature: {details}"
    return f"behaves otherwise: {details}"
