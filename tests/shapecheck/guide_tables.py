"""The five tables that the guide prints, to the byte."""

TABLES = [
    "\n".join(
        [
            'Model: "sequential_3"',
            "_" * 65,
            "Layer (type)                 Output Shape              Param #   ",
            "=" * 65,
            "dense_7 (Dense)              (1, 2)                    10        ",
            "_" * 65,
            "dense_8 (Dense)              (1, 3)                    9         ",
            "_" * 65,
            "dense_9 (Dense)              (1, 4)                    16        ",
            "=" * 65,
            "Total params: 35",
            "Trainable params: 35",
            "Non-trainable params: 0",
            "_" * 65,
        ]
    ),
    "\n".join(
        [
            'Model: "sequential_4"',
            "_" * 65,
            "Layer (type)                 Output Shape              Param #   ",
            "=" * 65,
            "dense_10 (Dense)             (None, 2)                 10        ",
            "=" * 65,
            "Total params: 10",
            "Trainable params: 10",
            "Non-trainable params: 0",
            "_" * 65,
        ]
    ),
    "\n".join(
        [
            'Model: "sequential_5"',
            "_" * 65,
            "Layer (type)                 Output Shape              Param #   ",
            "=" * 65,
            "dense_11 (Dense)             (None, 2)                 10        ",
            "=" * 65,
            "Total params: 10",
            "Trainable params: 10",
            "Non-trainable params: 0",
            "_" * 65,
        ]
    ),
    "\n".join(
        [
            'Model: "sequential_6"',
            "_" * 65,
            "Layer (type)                 Output Shape              Param #   ",
            "=" * 65,
            "conv2d (Conv2D)              (None, 123, 123, 32)      2432      ",
            "_" * 65,
            "conv2d_1 (Conv2D)            (None, 121, 121, 32)      9248      ",
            "_" * 65,
            "max_pooling2d (MaxPooling2D) (None, 40, 40, 32)        0         ",
            "=" * 65,
            "Total params: 11,680",
            "Trainable params: 11,680",
            "Non-trainable params: 0",
            "_" * 65,
        ]
    ),
    "\n".join(
        [
            'Model: "sequential_6"',
            "_" * 65,
            "Layer (type)                 Output Shape              Param #   ",
            "=" * 65,
            "conv2d (Conv2D)              (None, 123, 123, 32)      2432      ",
            "_" * 65,
            "conv2d_1 (Conv2D)            (None, 121, 121, 32)      9248      ",
            "_" * 65,
            "max_pooling2d (MaxPooling2D) (None, 40, 40, 32)        0         ",
            "_" * 65,
            "conv2d_2 (Conv2D)            (None, 38, 38, 32)        9248      ",
            "_" * 65,
            "conv2d_3 (Conv2D)            (None, 36, 36, 32)        9248      ",
            "_" * 65,
            "max_pooling2d_1 (MaxPooling2 (None, 12, 12, 32)        0         ",
            "_" * 65,
            "conv2d_4 (Conv2D)            (None, 10, 10, 32)        9248      ",
            "_" * 65,
            "conv2d_5 (Conv2D)            (None, 8, 8, 32)          9248      ",
            "_" * 65,
            "max_pooling2d_2 (MaxPooling2 (None, 4, 4, 32)          0         ",
            "=" * 65,
            "Total params: 48,672",
            "Trainable params: 48,672",
            "Non-trainable params: 0",
            "_" * 65,
        ]
    ),
]
