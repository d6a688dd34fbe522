"""Compile ahead of time: small models that use every common kernel run once, so that the machine code is on disk."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

import numpy as np

from shapecheck.languages import Phrase, say
from tinyseq import Input, Sequential, layers
from tinyseq.engine.threads import SIZE

Stack = Callable[[Any], list[Any]]

STACKS: tuple[tuple[str, tuple[int, ...], Stack], ...] = (
    (Phrase("warmup", "dense", "dense"), (20,), lambda layers: [layers.Dense(32, activation="relu"), layers.Dense(16, activation="tanh")]),
    (
        Phrase("warmup", "pooled", "convolution and max-pooling"),
        (26, 26, 3),
        lambda layers: [
            layers.Conv2D(32, 5, strides=2, activation="relu"), layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2), layers.Flatten(),
        ],
    ),
    (
        Phrase("warmup", "normalized", "convolution under normalization"),
        (20, 20, 16),
        lambda layers: [
            layers.Conv2D(32, 3, padding="same", activation="relu"), layers.Conv2D(16, 3), layers.BatchNormalization(),
            layers.ReLU(), layers.MaxPooling2D(2), layers.Flatten(),
        ],
    ),
    (
        Phrase("warmup", "depthwise", "depthwise convolution and average-pooling"),
        (12, 12, 16),
        lambda layers: [
            layers.SeparableConv2D(16, 3, padding="same"), layers.AveragePooling2D(2), layers.GlobalAveragePooling2D(),
        ],
    ),
    (
        Phrase("warmup", "regularized", "normalization, dropout and global max-pooling"),
        (10, 10, 16),
        lambda layers: [
            layers.BatchNormalization(), layers.LayerNormalization(), layers.Dropout(0.2), layers.GlobalMaxPooling2D(),
        ],
    ),
    (
        Phrase("warmup", "resized", "rescaling, padding, cropping and upsampling"),
        (10, 10, 3),
        lambda layers: [
            layers.Rescaling(1 / 255), layers.ZeroPadding2D(2), layers.Conv2D(16, 3), layers.UpSampling2D(2),
            layers.Cropping2D(1), layers.GlobalAveragePooling2D(),
        ],
    ),
    (Phrase("warmup", "words", "words"), (9,), lambda layers: [layers.Embedding(30, 16), layers.Conv1D(8, 3), layers.GlobalMaxPooling1D()]),
)  # fmt: skip
"""(what is compiled, input shape, layers); each ends in a softmax classifier and takes a step with Adam, and one with SGD as a
regression."""


def warmup(out: TextIO | None = None) -> float:
    """Runs every stack in prediction and in two ways of training, and prints how long each took. -> seconds in all.

    The second time nothing is left to compile, as the times show.
    """
    out = out or sys.stdout
    begin = time.perf_counter()
    for place, (title, shape, stack) in enumerate(STACKS, 1):
        line = say("warmup", "one", "{place} of {count}  {title} ...", place=place, count=len(STACKS), title=title)
        print(line, end=" ", file=out, flush=True)
        started = time.perf_counter()
        _run(shape, stack)
        print(say("warmup", "seconds", "{seconds:.1f} s", seconds=time.perf_counter() - started), file=out, flush=True)
    _pool()
    _hand_over()
    seconds = time.perf_counter() - begin
    print(say("warmup", "ready", "ready in {seconds:.1f} s: the kernels are on disk for the next process", seconds=seconds), file=out)
    return seconds


def _pool() -> None:
    """Max pooling of larger inputs than above, which has separate kernels."""
    from tinyseq.kernels.pooling import small_windows, windows

    x = np.zeros((1, small_windows.WORTH // 512, 32, 16), np.float32)
    for side in (2, 3):
        y = np.zeros((1, x.shape[1] // side, x.shape[2] // side, 16), np.float32)
        for index in (np.zeros((0, 0, 0, 0), np.uint8), np.zeros(y.shape, np.uint8)):
            windows.max_pool(x, y, index, (side, side, side, side, 0, 0), 0, y.shape[1])


def _hand_over() -> None:
    """The kernels with which threads wait for each other."""
    from tinyseq.kernels.runtime import mailbox, work_queue

    work_queue.play(np.zeros((0, 3), np.int64), np.zeros(0, np.int64), 0, 0)
    box = np.zeros(SIZE, np.int64)
    mailbox.offer(box, 1, 0, 0)
    mailbox.settle(box, 1)
    mailbox.serve(box, 0, 1)


def _run(shape: tuple[int, ...], stack: Stack) -> None:
    model = Sequential([Input(shape), *stack(layers), layers.Dense(3, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(0).integers(0, 30, (8, *shape)).astype(np.float32)
    model.predict(x, verbose=0)
    model.fit(x, np.arange(8) % 3, verbose=0)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, np.eye(3, dtype=np.float32)[np.arange(8) % 3], verbose=0)
