"""The meaning of each argument, once for all layers that have it: size, unit, and special values.

help() of a rule, and of tinyseq's layer of the same name, shows these with the arguments of the layer.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

ARGUMENTS: dict[str, str] = {
    "activation": 'a function of the output, by name: "relu", "softmax"; None: the unchanged output',
    "activity_regularizer": 'a penalty on the output, in the loss for each sample: "l1", "l2" or a regularizer; None: none',
    "addition_factor": "how much is added before, as a share of 255, or (least, most)",
    "all_ops": "True: chains are drawn from eleven layers; False: from seven, without brightness, contrast, colour and sharpness",
    "alpha": "slope or limit below 0",
    "alpha_constraint": 'a bound on the slopes after each step: "max_norm", "non_neg" or a constraint; None: none',
    "alpha_initializer": 'how the slopes start: a name such as "glorot_uniform", or an initializer',
    "alpha_regularizer": 'a penalty on the slopes in the loss: "l1", "l2" or a regularizer; None: none',
    "antialias": "True: smooth before the image gets smaller",
    "arguments": "further arguments of the function, a dictionary",
    "attention_axes": "the axes to attend over; None: all but batch, heads and features",
    "axes": "the axis of each input that is multiplied and summed: one integer, or a pair",
    "axis": "which axis, counted from the batch axis 0; -1: the last",
    "backward_layer": "the layer for the other direction; None: a copy of layer",
    "batch_shape": "shape with the batch axis, in place of shape and batch_size",
    "batch_size": "samples in every batch; None: any number",
    "beta_constraint": 'a bound on the offsets after each step: "max_norm", "non_neg" or a constraint; None: none',
    "beta_initializer": 'how the offsets start: a name such as "glorot_uniform", or an initializer',
    "beta_regularizer": 'a penalty on the offsets in the loss: "l1", "l2" or a regularizer; None: none',
    "bias_axes": "letters of the output's axes that have a bias; None: none",
    "bias_constraint": 'a bound on the biases after each step: "max_norm", "non_neg" or a constraint; None: none',
    "bias_initializer": 'how the biases start: a name such as "glorot_uniform", or an initializer',
    "bias_regularizer": 'a penalty on the biases in the loss: "l1", "l2" or a regularizer; None: none',
    "bin_boundaries": "where one bin ends and the next begins, increasing",
    "bins": "how many bins the histogram has",
    "brightness_factor": "how much brightness may change, as a share of the range, or (least, most); None: not at all",
    "cell": "the cell that computes one step",
    "cells": "the cells, from the first to the last",
    "center": "True: an offset beta is learnt and added",
    "chain_depth": "how many layers a chain has at most",
    "clip_limit": "how often a value may occur in a tile, in multiples of the mean; 0: any number of times",
    "contrast_factor": "how much contrast may change, a share, or (least, most); None: not at all",
    "crop_to_aspect_ratio": "True: crop the image instead of stretching it",
    "cropping": "positions removed at each end: one integer, one for each axis, or (before, after) for each",
    "data_format": (
        '"channels_last" (the default): the channels are the last axis; "channels_first" has shapes but is not computed'
    ),
    "depth_multiplier": "how many output channels each input channel has",
    "depthwise_constraint": (
        'a bound on the weights of each channel after each step: "max_norm", "non_neg" or a constraint; None: none'
    ),
    "depthwise_initializer": 'how the weights of each channel start: a name such as "glorot_uniform", or an initializer',
    "depthwise_regularizer": 'a penalty on the weights of each channel in the loss: "l1", "l2" or a regularizer; None: none',
    "dilation_rate": "distance between the positions under the window, 1: adjacent; one integer, or one for each axis",
    "dims": "the order of the axes, counted from 1 without the batch axis",
    "dropout": "the share of the inputs that is set to 0 in training, from 0 to below 1",
    "dtype": 'dtype of the numbers: "float32", or "int32" for indices',
    "equation": 'axes of input, kernel and output, each a letter: "abc,cd->abd"',
    "embeddings_constraint": (
        'a bound on the rows of the table after each step: "max_norm", "non_neg" or a constraint; None: none'
    ),
    "embeddings_initializer": 'how the rows of the table start: a name such as "glorot_uniform", or an initializer',
    "embeddings_regularizer": 'a penalty on the rows of the table in the loss: "l1", "l2" or a regularizer; None: none',
    "encoding": 'of the text, "utf-8"',
    "epsilon": "a small number above 0 that keeps the division finite",
    "expand_dims": "True: frequencies and channels are axes of their own",
    "factor": "how far a change may go: a share, or (least, most)",
    "fft_length": "points of the Fourier transform; None: the least power of two from the frame's length on",
    "fill_mode": 'what fills places outside the image: "constant", "nearest", "reflect" or "wrap"',
    "fill_value": 'the number for "constant"',
    "filters": "number of output channels",
    "flash_attention": "of Keras: which kernel a GPU uses; changes no shape",
    "frame_length": "steps in one frame",
    "frame_step": "steps from one frame to the next; None: half a frame",
    "function": "function(x) that computes the output",
    "gamma_constraint": 'a bound on the factors after each step: "max_norm", "non_neg" or a constraint; None: none',
    "gamma_initializer": 'how the factors start: a name such as "glorot_uniform", or an initializer',
    "gamma_regularizer": 'a penalty on the factors in the loss: "l1", "l2" or a regularizer; None: none',
    "go_backwards": "True: the steps are read from the last to the first",
    "gptq_unpacked_column_size": "of Keras, not computed: do not pass it",
    "groups": "the number of groups into which the channels are divided; each is computed separately",
    "head_dim": "numbers in each query, key and value of a head",
    "height": "rows of the output",
    "height_factor": "how far a change of the rows may go: a share, or (least, most)",
    "hue_factor": "how much the hue may change, from 0 to 1, or (least, most); None: not at all",
    "idf_weights": 'a weight for each word, for output_mode="tf_idf"',
    "input_dim": "how many different indices there are: they go from 0 to input_dim - 1",
    "input_length": "of Keras 2: how many indices a sample has",
    "input_tensor": "of Keras, not computed: do not pass it",
    "interpolation": 'interpolation between values: "nearest" or "bilinear"',
    "invert": "True: the inverse, from results to inputs",
    "keepdims": "True: the pooled axes stay, with size 1",
    "kernel_constraint": (
        'a bound on the weights of the window or matrix after each step: "max_norm", "non_neg" or a constraint; None: none'
    ),
    "kernel_initializer": 'how the weights of the window or matrix start: a name such as "glorot_uniform", or an initializer',
    "kernel_regularizer": (
        'a penalty on the weights of the window or matrix in the loss: "l1", "l2" or a regularizer; None: none'
    ),
    "kernel_size": "sizes of the window in positions: one integer, or one for each axis",
    "key_dim": "numbers in each query and key of a head",
    "l1": "factor of sum|x|, from 0 on",
    "l2": "factor of sum x^2, from 0 on",
    "layer": "the layer inside",
    "layers": "the layers, in their order",
    "logit_soft_cap": "backwards, scores stay between -logit_soft_cap and logit_soft_cap; None: no bounds",
    "lora_alpha": "of Keras, not computed: do not pass it",
    "lora_rank": "of Keras, not computed: do not pass it",
    "mag_exp": "the power of the magnitudes: 1 energy, 2 power",
    "mask": "of Keras, not computed: do not pass it",
    "mask_token": "the word that means nothing",
    "mask_value": "the value that means nothing",
    "mask_zero": "True: index 0 means nothing and is masked; not computed",
    "max_freq": "the highest frequency in hertz; None: half the sampling rate",
    "max_number": "how many boxes each image has",
    "max_tokens": "the most words that are kept; None: all",
    "max_value": "the largest output; None: no limit",
    "mean": "subtracted from the input; None: adapt() finds it",
    "merge_mode": 'how both directions become one output: "concat", "sum", "mul", "ave"; None: two outputs',
    "min_freq": "the lowest frequency in hertz",
    "min_power": "powers below count as this much",
    "mode": '"horizontal", "vertical" or "horizontal_and_vertical"',
    "momentum": "the share of the moving statistics that is kept in each step, from 0 to 1",
    "moving_mean_initializer": 'how the moving means start: a name such as "glorot_uniform", or an initializer',
    "moving_variance_initializer": 'how the moving variances start: a name such as "glorot_uniform", or an initializer',
    "n": "how often the vector is repeated",
    "name": "its name in messages and tables; None: an automatic one",
    "negative_slope": "slope below 0",
    "ngrams": "how many neighbouring words are one entry; None: one",
    "noise_shape": "shape of the mask: 1 for an axis that is dropped as a whole; None: each number separately",
    "normalize": "True: vectors have length 1 first, so that the result is a cosine",
    "num_bins": "how many bins there are",
    "num_chains": "how many chains are mixed",
    "num_heads": "how many attentions run side by side",
    "num_key_value_heads": "how many heads of keys and values there are: neighbouring heads of the query share one",
    "num_mel_bins": "how many bands of pitch come out",
    "num_oov_indices": "how many indices unknown words share",
    "num_ops": "how many changes follow each other",
    "num_query_heads": "how many heads of the query there are",
    "num_tokens": "how many different indices there are",
    "offset": "added after the multiplication",
    "oov_method": "how unknown words are distributed over their indices",
    "oov_token": "the word that means any unknown word",
    "optional": "of Keras, not computed: do not pass it",
    "output_dim": "number of values for each index",
    "output_mode": 'the kind of output: "int", "one_hot", "multi_hot", "count" or "tf_idf"',
    "output_padding": "rows and columns added at one end of the output; None: as the stride requires",
    "output_sequence_length": "words in each output; None: as many as there are",
    "output_shape": "sizes of the output without the batch axis; None: found from the function",
    "output_size": "sizes of the output: one integer, or one for each axis",
    "pad_to_aspect_ratio": "True: add borders instead of stretching it",
    "pad_to_max_tokens": "True: the last axis has max_tokens places even if there are fewer words",
    "padding": (
        '"valid": only whole windows; "same": zeros at the borders, so that stride 1 keeps the size; "causal" (1D): zeros '
        "before the first step only"
    ),
    "periodic": "True: the window is one period, without its last value",
    "pointwise_constraint": (
        'a bound on the weights that mix the channels after each step: "max_norm", "non_neg" or a constraint; None: none'
    ),
    "pointwise_initializer": 'how the weights that mix the channels start: a name such as "glorot_uniform", or an initializer',
    "pointwise_regularizer": (
        'a penalty on the weights that mix the channels in the loss: "l1", "l2" or a regularizer; None: none'
    ),
    "pool_size": "sizes of the window in positions: one integer, or one for each axis",
    "power_iterations": "steps of the power method before each training step",
    "power_to_db": "True: decibels",
    "quantization_config": "of Keras, not computed: do not pass it",
    "ragged": "of Keras, not computed: do not pass it",
    "rate": "the share of the numbers that is dropped in training, from 0 to below 1",
    "recurrent_activation": "the function of the gates, by name",
    "recurrent_constraint": (
        'a bound on the weights between the steps after each step: "max_norm", "non_neg" or a constraint; None: none'
    ),
    "recurrent_dropout": (
        "the share of the state that is set to 0 in training, from 0 to below 1; one mask for all gates, where Keras draws one for each"
    ),
    "recurrent_initializer": 'how the weights between the steps start: a name such as "glorot_uniform", or an initializer',
    "recurrent_regularizer": 'a penalty on the weights between the steps in the loss: "l1", "l2" or a regularizer; None: none',
    "ref_power": "the power of 0 decibels",
    "renorm": "True: training is corrected towards the moving statistics (batch renormalization)",
    "renorm_clipping": 'bounds of that correction: {"rmin": 0.3, "rmax": 3.0, "dmax": 5.0}; None: none',
    "renorm_momentum": "the share of the old value in the moving statistics of renorm",
    "reset_after": "True: the reset gate works after the multiplication, as on GPUs",
    "return_sequences": "True: the output of every step; False: of the last one",
    "return_state": "True: the last state too, as further outputs",
    "reverse_dtype": "of Keras, not computed: leave it out",
    "rms_scaling": "True: divide by the root mean square alone; not computed",
    "salt": "seed of the hash",
    "sampling_rate": "samples a second",
    "saturation_factor": "how strong colours become, 0.5 as they are, or (least, most); None: not changed",
    "scale": "True: a factor gamma is learnt and multiplied",
    "scaling": 'by what the window is divided: "density" its length, "spectrum" its sum; None: nothing',
    "score_mode": 'how query and key are compared: "dot" or "concat"',
    "seed": "an integer repeats the random numbers; None: from the order in which layers are made",
    "sequence_length": "samples in one frame; None: fft_length",
    "sequence_stride": "samples from one frame to the next",
    "shape": "sizes of one sample, without the batch axis; None for a size known at run time",
    "shared_axes": "axes along which one slope is shared; None: every number has its own",
    "sigma": "deviation of the window in pixels, or (least, most)",
    "size": "by how many times each axis grows: one integer, or one for each axis",
    "sliding_window": "of Keras, not computed",
    "sparse": "of Keras, not computed: do not pass it",
    "split": "how text is split",
    "standardize": "how text is normalized before it is split",
    "stateful": "True: a batch begins with the state that the last one ended with",
    "stddev": "standard deviation of the noise, from 0 on",
    "strides": "by how many positions the window moves: one integer, or one for each axis",
    "synchronized": "of Keras: statistics over several machines; changes nothing on one",
    "target_shape": "sizes of the output without the batch axis; one may be -1: what is left",
    "theta": "inputs up to it become 0",
    "threshold": "inputs below it count as below 0",
    "threshold_factor": "from which share of 255 values are inverted, or (least, most)",
    "tie_weights": "True: both ways use one table; False: backwards has one of its own",
    "tile_grid_size": "how many tiles there are down and across",
    "top_db": "decibels further below the greatest of the batch are raised to this distance",
    "unit_forget_bias": "True: the bias of the forget gate starts at 1",
    "units": "number of outputs",
    "unroll": "of Keras: how the loop is compiled; changes no shape",
    "use_bias": "True: one number is added to each output channel",
    "use_cudnn": "of Keras: which kernel a GPU uses; changes no shape",
    "use_gate": "True: the output is multiplied by a learnt gate",
    "use_scale": "True: a factor of the scores is learnt",
    "value_dim": "numbers in each value of a head; None: key_dim",
    "value_range": "(least, most) of the pixels",
    "variance": "the input is divided by its root; None: adapt() finds it",
    "vocabulary": "the words in order; None: adapt() finds them",
    "vocabulary_dtype": "the dtype of the words",
    "weights": "start values; None: from the initializer",
    "width": "columns of the output",
    "width_factor": "how far a change of the columns may go: a share, or (least, most)",
    "window": 'the weights in a frame: "hann", "hamming" and others, or an array of them; None: all the same',
    "x_factor": "how far rows are moved against each other, or (least, most)",
    "y_factor": "how far columns are moved against each other, or (least, most)",
    "zero_output_for_mask": "True: masked steps return 0",
}

OF_ONE: dict[str, str] = {
    "AugMix.alpha": "of the Dirichlet and Beta distributions that weights come from, from 0 on",
    "AveragePooling1D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "AveragePooling1D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "AveragePooling2D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "AveragePooling2D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "AveragePooling3D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "AveragePooling3D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "BatchNormalization.axis": "the axis of the channels, each of which has separate statistics",
    "Bidirectional.weights": "start values, a list of arrays; None: from the initializers",
    "Concatenate.axis": "the axis along which the inputs are joined; all others must be equal",
    "CutMix.factor": "of the Beta distribution that the sizes of rectangles come from, or (least, most)",
    "Dense.kernel_initializer": 'how the weights (inputs, units) start: a name such as "glorot_uniform", or an initializer',
    "Dense.units": "number of outputs: the size of the last axis",
    "Discretization.epsilon": "how exactly adapt() finds the boundaries, as a share",
    "ELU.alpha": "the limit far below 0 is -alpha",
    "EinsumDense.output_shape": "sizes of the output without the batch axis; None: as the input's axis of that letter",
    "Embedding.weights": "start values of the table; only None is computed: call set_weights([table]) later",
    "GroupNormalization.axis": "the axis of the channels",
    "GroupNormalization.groups": "the number of groups into which the channels are divided; -1: one for each channel",
    "GroupedQueryAttention.sliding_window": "a query looks at steps fewer than so many away; None: at all",
    "HashedCrossing.output_mode": '"int": an index, or "one_hot": a vector',
    "InputLayer.sparse": "of Keras, not computed: do not pass it",
    "LayerNormalization.axis": "the axis or axes that are normalized together",
    "LeakyReLU.alpha": "of Keras 2: the slope below 0, now negative_slope",
    "Masking.mask_value": "steps whose numbers all have this value are masked",
    "MaxNumBoundingBoxes.fill_value": "the number in boxes and labels that are filled up",
    "MaxPooling1D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "MaxPooling1D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "MaxPooling2D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "MaxPooling2D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "MaxPooling3D.padding": '"valid": only whole windows; "same": the window may extend beyond the input, where nothing counts',
    "MaxPooling3D.strides": "by how many positions the window moves: one integer, or one for each axis; None: pool_size",
    "MixUp.alpha": "of the Beta distribution that weights come from, from 0 on",
    "MultiHeadAttention.output_shape": "numbers in the output; None: as many as the query has",
    "Normalization.axis": "the axis or axes with separate statistics; None: one mean for all",
    "RandomBrightness.factor": "how much brightness may change, as a share of the range, or (least, most)",
    "RandomElasticTransform.factor": "the probability of the change, or (least, most)",
    "RandomElasticTransform.scale": "how strongly it is distorted, from 0 to 1, or (least, most)",
    "RandomErasing.factor": "the probability of a rectangle, or (least, most)",
    "RandomErasing.fill_value": "the number in the rectangle, or one for each channel; None: normal random numbers",
    "RandomErasing.scale": "which share of the image a rectangle covers, or (least, most)",
    "RandomGaussianBlur.factor": "the probability of the blur, or (least, most)",
    "RandomGaussianBlur.kernel_size": "sizes of the window, odd: one integer, or two",
    "RandomGrayscale.factor": "the probability of grey, from 0 to 1",
    "RandomInvert.factor": "the probability of the negative, or (least, most)",
    "RandomPerspective.factor": "the probability of the change, or (least, most)",
    "RandomPerspective.scale": "how far the corners may move, from 0 to 1",
    "RandomPosterization.factor": "how many bits are kept, from 1 to 8, or (least, most)",
    "Rescaling.scale": "the factor",
    "Softmax.axis": "the axis whose numbers add up to 1, or neighbouring axes",
    "UnitNormalization.axis": "the axis or axes whose length becomes 1",
    "UpSampling1D.size": "how often each step is repeated",
    "ZeroPadding1D.padding": "zeros added at each end: one integer, one for each axis, or (before, after) for each",
    "ZeroPadding2D.padding": "zeros added at each end: one integer, one for each axis, or (before, after) for each",
    "ZeroPadding3D.padding": "zeros added at each end: one integer, one for each axis, or (before, after) for each",
}
"""Arguments with another meaning in one layer than elsewhere: "Layer.argument"."""


def description(layer: str, argument: str) -> str | None:
    """The description of an argument of a layer.

    >>> description("Dense", "units")
    'number of outputs: the size of the last axis'
    """
    return OF_ONE.get(f"{layer}.{argument}") or ARGUMENTS.get(argument)


OF_ALL: dict[str, str] = {
    "trainable": "False: training does not change its weights",
    "input_shape": "of the first layer of a stack: sizes of one sample, without the batch axis",
    "input_dim": "the same for samples of one axis: its size",
    "batch_input_shape": "the same with the batch axis",
    "batch_size": "with input_shape or input_dim: samples in every batch; None: any number",
    "autocast": "of Keras: whether inputs are converted to its dtype; changes no shape",
}
"""Keyword arguments that every layer accepts, besides its name and dtype."""


def documented(doc: str, layer: str, defaults: Mapping[str, Any], options: Sequence[str]) -> str:
    """A layer's docstring followed by its arguments; Ellipsis is the default of required ones."""
    from inspect import cleandoc

    lines = []
    for name, default in defaults.items():
        usual = f" (default {default!r})" if default is not ... else ""
        text = description(layer, name)
        lines.append(f"    {name}: {text}{usual}" if text else f"    {name}{usual}")
    common = [f"    {name}: {OF_ALL.get(name) or ARGUMENTS[name]}" for name in options if name not in defaults]
    return "\n".join([cleandoc(doc), "", "Arguments:", *lines, *common])
