"""The restated cases: which layer and which line must be blamed, and by which family of findings."""

from __future__ import annotations

from typing import Any

FAMILY = {
    "negative_dim": ("SC1",),
    "rank": ("SC2", "SC5"),
    "reshape_size": ("SC2",),
    "bad_arg": ("SC4", "SC5"),
    "legacy_arg": ("SC7",),
    "not_a_layer": ("SC4",),
    "unbuilt": ("SC4",),
    "loss": ("SC3",),
    "data": ("SC3",),
}
"""What the code of a finding begins with, for each kind; a lint may have any."""

EXPECTED = [
    ("001_conv_after_three_pools", "negative_dim", 6, 11),
    ("004_conv1d_text_too_short", "negative_dim", 7, 14),
    ("007_dcgan_discriminator_channels_first", "negative_dim", 2, 9),
    ("010_kernel_six_on_four", "negative_dim", 0, 6),
    ("013_conv3d_depth_exhausted", "negative_dim", 0, 7),
    ("016_char_word_lstm", "legacy_arg", 0, 7),
    ("019_rnn_input_dim_only", "rank", 0, 7),
    ("022_input_shape_includes_batch", "rank", 0, 8),
    ("025_embedding_on_2d_tokens", "rank", 2, 8),
    ("028_convlstm_full_array_shape", "rank", 0, 7),
    ("031_flatten_of_pooled_is_fine_but_pool_again", "rank", 3, 9),
    ("034_reshape_wrong_total", "reshape_size", 1, 7),
    ("037_reshape_yolo_head", "reshape_size", 2, 8),
    ("040_summary_without_input", "unbuilt", 0, 5),
    ("043_stateful_without_batch", "bad_arg", 2, 8),
    ("046_stride_and_dilation", "bad_arg", 0, 5),
    ("049_groups_positional", "lint", 1, 9),
    ("052_activation_typo", "bad_arg", 0, 6),
    ("055_class_not_instance", "not_a_layer", 1, 7),
    ("058_same_layer_object_twice", "lint", 3, 7),
    ("061_six_classes_ten_units", "loss", 2, 11),
    ("064_conv_dense_dense_no_flatten", "loss", 2, 11),
    ("067_lstm_seq_output_one_label", "loss", 2, 8),
    ("070_autoencoder_28_vs_odd", "loss", 13, 24),
    ("073_midstack_input_shape_ignored", "lint", 2, 9),
    ("076_gym_observation_shape", "data", 0, 12),
    ("079_sigmoid_two_units_categorical", "lint", 1, 7),
    ("082_channels_first_same_padding", "lint", 0, 6),
    ("085_mse_on_sequence", "lint", 1, 10),
    ("088_control_midstack_input_shape", "lint", 1, 7),
]
"""File, kind, layer (a written Input counts), line."""


def main_stack(report: Any) -> Any:
    """The last model of a file that is not only a layer of another one."""
    return [stack for stack in report.stacks if not stack.part][-1]
