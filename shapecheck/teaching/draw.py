"""Random layers and stacks, by a seed: small numbers, as a person can compute them on paper."""

from __future__ import annotations

from shapecheck.teaching.written import Written, WrittenStack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Draw = Callable[[Random], WrittenStack]

FILTERS = (4, 8, 16, 32)
UNITS = (1, 3, 5, 10, 16, 32)


def picture(random: Random, least: int = 8, most: int = 32) -> tuple[int, int, int]:
    """A square picture: (rows, columns, channels)."""
    size = random.randint(least, most)
    return size, size, random.choice((1, 3, 8))


def convolution(random: Random) -> WrittenStack:
    """A convolution in steps of 1 without padding."""
    return WrittenStack(picture(random), [Written("Conv2D", random.choice(FILTERS), random.choice((2, 3, 5)))])


def pooling(random: Random) -> WrittenStack:
    """Max or average pooling: its stride is its window."""
    return WrittenStack(picture(random), [Written(random.choice(("MaxPooling2D", "AveragePooling2D")), random.choice((2, 3)))])


def dense(random: Random) -> WrittenStack:
    """A dense layer on one row of numbers."""
    return WrittenStack((random.randint(2, 40),), [Written("Dense", random.choice(UNITS))])


def flatten(random: Random) -> WrittenStack:
    """Flatten on a picture."""
    return WrittenStack(picture(random, 2, 8), [Written("Flatten")])


def global_pooling(random: Random) -> WrittenStack:
    """One number a channel."""
    return WrittenStack(picture(random), [Written(random.choice(("GlobalMaxPooling2D", "GlobalAveragePooling2D")))])


def strided(random: Random) -> WrittenStack:
    """A convolution with steps above 1."""
    return WrittenStack(picture(random), [Written("Conv2D", random.choice(FILTERS), random.choice((3, 5)), strides=random.choice((2, 3)))])


def padded(random: Random) -> WrittenStack:
    """A convolution with padding "same", with steps of 1 or 2."""
    layer = Written("Conv2D", random.choice(FILTERS), random.choice((3, 5)), padding="same")
    return WrittenStack(picture(random), [layer.having(strides=2) if random.random() < 0.6 else layer])


def overlapping(random: Random) -> WrittenStack:
    """Pooling whose windows overlap, or leave pixels out."""
    window, stride = random.choice(((3, 2), (2, 3), (3, 1), (2, 1)))
    return WrittenStack(picture(random), [Written("MaxPooling2D", window, strides=stride)])


def dense_on_pictures(random: Random) -> WrittenStack:
    """A dense layer acts on the last axis only."""
    return WrittenStack(picture(random, 4, 16), [Written("Dense", random.choice(UNITS))])


def frame(random: Random) -> WrittenStack:
    """Padding, cropping or repeating pixels."""
    kind, most = random.choice((("ZeroPadding2D", 3), ("Cropping2D", 3), ("UpSampling2D", 3)))
    return WrittenStack(picture(random), [Written(kind, random.randint(1 if kind != "UpSampling2D" else 2, most))])


def dilated(random: Random) -> WrittenStack:
    """A convolution along time whose window has gaps."""
    layer = Written("Conv1D", random.choice(FILTERS), random.choice((2, 3)), dilation_rate=random.choice((2, 3, 4)))
    padding = random.choice(("valid", "same", "causal"))
    layer = layer if padding == "valid" else layer.having(padding=padding)
    return WrittenStack((random.randint(12, 40), random.choice((2, 4, 8))), [layer])


def transposed(random: Random) -> WrittenStack:
    """A transposed convolution makes pictures larger."""
    layer = Written("Conv2DTranspose", random.choice(FILTERS), random.choice((2, 3, 4)), strides=random.choice((2, 3)))
    return WrittenStack(picture(random, 3, 12), [layer.having(padding="same") if random.random() < 0.5 else layer])


def by_channel(random: Random) -> WrittenStack:
    """Depthwise and separable convolutions."""
    size = random.randint(8, 20)
    shape = (size, size, random.choice((2, 3, 4)))
    if random.random() < 0.5:
        return WrittenStack(shape, [Written("DepthwiseConv2D", 3, depth_multiplier=random.choice((1, 2)))])
    return WrittenStack(shape, [Written("SeparableConv2D", random.choice(FILTERS), 3)])


def sequence(random: Random) -> WrittenStack:
    """A recurrent layer on a sequence: its last state, or all of them."""
    layer = Written(random.choice(("SimpleRNN", "GRU", "LSTM")), random.choice((4, 8, 16)))
    layer = layer.having(return_sequences=True) if random.random() < 0.5 else layer
    both = Written("Bidirectional", layer) if random.random() < 0.4 else layer
    return WrittenStack((random.randint(5, 30), random.choice((2, 3, 4))), [both])


def words(random: Random) -> WrittenStack:
    """Numbers of words, their vectors, and a recurrent layer."""
    layers = [Written("Embedding", random.choice((100, 500, 1000)), random.choice((4, 8)))]
    layers += [Written(random.choice(("GRU", "LSTM")), random.choice((4, 8)))] if random.random() < 0.6 else []
    return WrittenStack((random.randint(5, 30),), layers)


def normalized(random: Random) -> WrittenStack:
    """Batch normalization: four numbers a channel, two of them trained."""
    layers = [Written("Conv2D", random.choice((4, 8)), 3, use_bias=False), Written("BatchNormalization")]
    return WrittenStack(picture(random), [*layers, Written("GlobalAveragePooling2D"), Written("Dense", random.choice(UNITS))])


def frozen(random: Random) -> WrittenStack:
    """A stack whose first layers are frozen."""
    layers = [Written("Dense", random.choice((8, 16)), trainable=False), Written("Dense", random.choice((4, 8)))]
    return WrittenStack((random.randint(3, 20),), [*layers, Written("Dense", random.choice(UNITS))])


def small_convnet(random: Random) -> WrittenStack:
    """A convnet of two blocks that works."""
    while True:
        stack = convnet(random, random.randint(20, 40), 2)
        if stack.works():
            return stack


def convnet(random: Random, size: int, blocks: int, head: bool = True) -> WrittenStack:
    """Blocks of a convolution and a pooling on square pictures, which may break, and a dense head."""
    found: list[Written] = []
    for _ in range(blocks):
        layer = Written("Conv2D", random.choice((4, 8, 16)), random.choice((2, 3, 3, 5)))
        found.append(layer.having(strides=2) if random.random() < 0.2 else layer)
        if random.random() < 0.8:
            found.append(Written("MaxPooling2D", random.choice((2, 2, 3))))
    ends = [Written("Flatten") if random.random() < 0.5 else Written("GlobalMaxPooling2D"), Written("Dense", random.choice((3, 10)))]
    return WrittenStack((size, size, random.choice((1, 3))), found + (ends if head else []))


def mixed_up(random: Random) -> WrittenStack:
    """A stack of layers that expect another number of axes, or other sizes, than they get."""
    size, steps = random.randint(8, 20), random.choice((6, 8, 12))
    spatial = [Written("Conv2D", 8, 3), Written("MaxPooling2D", 2)]
    kinds = (
        WrittenStack((size, size, 1), [*spatial, Written("Flatten"), Written("Dense", 32), Written("Conv2D", 4, 2), Written("Dense", 10)]),
        WrittenStack((size, size), [Written("Conv2D", 8, 3), Written("Flatten"), Written("Dense", 10)]),
        WrittenStack((steps, 4), [Written("LSTM", 8), Written("LSTM", 4), Written("Dense", 1)]),
        WrittenStack((steps, 4), [Written("Conv1D", 8, 3), Written("GRU", 8), Written("GlobalMaxPooling1D"), Written("Dense", 3)]),
        WrittenStack((steps,), [Written("Embedding", 100, 8), Written("GRU", 8), Written("Conv1D", 4, 3), Written("Dense", 1)]),
        WrittenStack((steps * 4,), [Written("Dense", 60), Written("Reshape", (8, 8, 1)), Written("Conv2D", 4, 3), Written("Flatten")]),
        WrittenStack((size, size, 3), [*spatial, Written("GlobalAveragePooling2D"), Written("Flatten"), Written("MaxPooling2D", 2)]),
        WrittenStack((steps * 2,), [Written("Dense", 16), Written("Conv1D", 4, 3), Written("Flatten"), Written("Dense", 2)]),
    )
    return random.choice(kinds)
