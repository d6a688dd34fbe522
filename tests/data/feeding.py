"""Scripts that feed a model from arrays, datasets and folders, right and wrong; what Keras says is recorded."""

HEADER = (
    "import numpy as np\nimport keras\nfrom keras import layers\nimport tensorflow as tf\n"
    "from_slices = tf.data.Dataset.from_tensor_slices\n"
)
X, Y = "np.zeros((20, 8), 'float32')", "np.zeros((20, 1), 'float32')"
ONE = "model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])\nmodel.compile(loss='mse')\n"
THREE = "model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation='softmax')])\nmodel.compile(loss='{}')\n"
CLASSES, SPARSE = THREE.format("categorical_crossentropy"), THREE.format("sparse_categorical_crossentropy")
PICTURES = (
    "model = keras.Sequential([keras.Input((12, 14, 3)), layers.Conv2D(2, 3), layers.GlobalAveragePooling2D(), layers.Dense(1)])\n"
    "model.compile(loss='mse')\n"
)
PICTURE = "np.zeros((6, 12, 14, 3), 'float32')"
VALIDATIONS = {
    "as it should be": f"({X}, {Y})",
    "in a list": f"[{X}, {Y}]",
    "with weights": f"({X}, {Y}, np.ones(20))",
    "narrow": f"({X}[:, :5], {Y})",
    "fewer labels": f"({X}, {Y}[:7])",
    "data alone": X,
    "batches": f"from_slices(({X}, {Y})).batch(4)",
    "samples one by one": f"from_slices(({X}, {Y}))",
    "narrow batches": f"from_slices(({X}[:, :5], {Y})).batch(4)",
    "batches without labels": f"from_slices({X}).batch(4)",
}
DATASETS = {
    "batches": f"ds = from_slices(({X}, {Y})).batch(4)\nmodel.fit(ds, verbose=0)\n",
    "shuffled batches": f"ds = from_slices(({X}, {Y})).shuffle(9).batch(4).prefetch(1)\nmodel.fit(ds, verbose=0)\n",
    "samples": f"ds = from_slices(({X}, {Y}))\nmodel.fit(ds, verbose=0)\n",
    "samples, batch_size in fit": f"ds = from_slices(({X}, {Y}))\nmodel.fit(ds, batch_size=4, verbose=0)\n",
    "batches thrown away": f"ds = from_slices(({X}, {Y}))\nds.batch(4)\nmodel.fit(ds, verbose=0)\n",
    "batches of batches": f"ds = from_slices(({X}, {Y})).batch(4)\nmodel.fit(ds.batch(2), verbose=0)\n",
    "predict samples": f"model.predict(from_slices({X}), verbose=0)\n",
    "predict batches": f"model.predict(from_slices({X}).batch(4), verbose=0)\n",
    "evaluate samples": f"model.evaluate(from_slices(({X}, {Y})), verbose=0)\n",
    "no labels": f"model.fit(from_slices({X}).batch(4), verbose=0)\n",
    "an array without labels": f"model.fit({X}, verbose=0)\n",
    "evaluate without labels": f"model.evaluate({X}, verbose=0)\n",
}
ONE_BY_ONE = {
    "a picture": f"model.predict({PICTURE}[0], verbose=0)\n",
    "a picture with a batch axis": f"model.predict({PICTURE}[:1], verbose=0)\n",
    "an array from a picture": "from PIL import Image\none = keras.utils.img_to_array(Image.new('RGB', (14, 12)))\n"
    "model.predict(one, verbose=0)\n",
    "expanded": "from PIL import Image\none = keras.utils.img_to_array(Image.new('RGB', (14, 12)))\n"
    "model.predict(np.expand_dims(one, 0), verbose=0)\n",
    "validation of another size": f"model.fit({PICTURE}, np.zeros(6), "
    "validation_data=(np.zeros((6, 16, 18, 3)), np.zeros(6)), verbose=0)\n",
    "grey": f"model.fit({PICTURE}[..., :1], np.zeros(6), verbose=0)\n",
}
SERIES = {
    "windows": "g = series(np.zeros((50, 4)), np.zeros(50), length=6, batch_size=5)\n",
    "windows of another width": "g = series(np.zeros((50, 3)), np.zeros(50), length=6, batch_size=5)\n",
    "every second step": "g = series(np.zeros((50, 4)), np.zeros(50), length=6, sampling_rate=2, batch_size=5)\n",
    "several targets, one by one": "g = series(np.zeros((50, 4)), np.zeros((50, 3, 4)), length=6, batch_size=1)\n",
    "several targets": "g = series(np.zeros((50, 4)), np.zeros((50, 3, 4)), length=6, batch_size=5)\n",
}
OLD = "from tensorflow.keras.preprocessing.sequence import TimeseriesGenerator as series\n"
RECURRENT = "model = keras.Sequential([keras.Input((6, 4)), layers.{}, layers.Dense(1)])\nmodel.compile(loss='mse')\n"
DECLARED = {
    "with its samples": f"x = {X}\n"
    "model = keras.Sequential([keras.Input(x.shape), layers.Conv1D(2, 2), layers.Flatten(), layers.Dense(1)])\n",
    "without": f"x = {X}\nmodel = keras.Sequential([keras.Input(x.shape[1:]), layers.Dense(1)])\n",
}
STEPS = "model = keras.Sequential([keras.Input((5, 12, 14, 3)), layers.ConvLSTM2D(2, 3), layers.Flatten(), layers.Dense(1)])\n"


def scripts() -> dict[str, str]:
    """Name -> program."""
    made = {f"validation {name}": f"{ONE}model.fit({X}, {Y}, validation_data={held}, verbose=0)\n" for name, held in VALIDATIONS.items()}
    made |= {f"dataset: {name}": ONE + text for name, text in DATASETS.items()}
    made |= {f"pictures: {name}": PICTURES + text for name, text in ONE_BY_ONE.items()}
    made |= {
        f"series: {name}": OLD + RECURRENT.format("LSTM(3)") + text + "model.fit(g, verbose=0)\n" for name, text in SERIES.items()
    }
    made |= {f"declared {name}": text + f"model.compile(loss='mse')\nmodel.fit(x, {Y}, verbose=0)\n" for name, text in DECLARED.items()}
    made["declared five axes"] = f"{STEPS}model.compile(loss='mse')\nmodel.fit({PICTURE}, np.zeros(6), verbose=0)\n"
    for name, columns in (("two columns", 2), ("three columns", 3)):
        labels = f"keras.utils.to_categorical(np.zeros(20), {columns})"
        made[f"validation labels of {name}"] = f"{CLASSES}model.fit({X}, np.zeros((20, 3)), validation_data=({X}, {labels}), verbose=0)\n"
    made["validation labels out of range"] = (
        f"{SPARSE}model.fit({X}, np.zeros(20), validation_data=(np.zeros((200, 8)), np.random.randint(1, 6, size=200)), verbose=0)\n"
    )
    return {name: HEADER + text for name, text in made.items()}
