# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The Sequential model
#
# A retelling of the Keras guide [The Sequential model](https://keras.io/guides/sequential_model/) by fchollet
# (code: Apache 2.0, text: CC BY 4.0), run on *tinyseq*. हिन्दी में:
# [01_the_sequential_model_hi](01_the_sequential_model_hi.ipynb).
#
# **What you'll do:** stack layers, watch weights appear, look through a network at a photograph, train one on
# handwritten digits and hand on what it has learnt.
#
# **What you'll learn:** what a layer is, when a model has weights and when it has none yet, how to count
# parameters in your head, how to freeze layers.
#
# **What you need:** Python, this project installed with its tutorials (`python -m pip install ".[tutorials]"` in its
# folder), half an hour. No network after that, no graphics card, no mathematics beyond multiplication.
#
# **How to work:** before each cell marked *Predict*, write your guess down. Run the cell. Compare. A wrong
# guess teaches most. (Run as a plain script, the pictures go into the folder `tinyseq-pictures`.)

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting

language = "en"  # of the words on the pictures
keras.utils.set_random_seed(1)

# %% [markdown]
# ## When to use a Sequential model
#
# A `Sequential` model is a plain stack of layers: what comes out of one goes into the next, and each has
# exactly one input and one output.
#
# **Predict:** 3 rows with 3 numbers each go in. The last layer has 4 units. What is the shape of `y`?

# %%
# Define Sequential model with 3 layers
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu", name="layer1"),
        layers.Dense(3, activation="relu", name="layer2"),
        layers.Dense(4, name="layer3"),
    ]
)
# Call model on a test input
x = np.ones((3, 3))
y = model(x)
print("shape of y:", y.shape)

# %% [markdown]
# **Compare:** `(3, 4)`. The number of rows stays; the last number becomes the number of units of the last
# layer.
#
# A stack is nothing but one function after the other. The same three layers, called by hand, give the same
# numbers:

# %%
layer1, layer2, layer3 = model.layers
by_hand = layer3(layer2(layer1(x)))
print("largest difference:", float(np.abs(by_hand - y).max()))

# %% [markdown]
# A Sequential model is **not** right when
#
# - the model has several inputs or several outputs,
# - a layer has several inputs or several outputs,
# - a layer is to be shared,
# - the data go in anything but a straight line (a residual connection, branches).
#
# ## Creating a Sequential model
#
# You can pass a list, as above, or `add()` one layer after the other, and `pop()` the last one again.
#
# **Predict:** what does the last line print?

# %%
model = keras.Sequential(name="my_sequential")
model.add(layers.Dense(2, activation="relu", name="layer1"))
model.add(layers.Dense(3, activation="relu", name="layer2"))
model.add(layers.Dense(4, name="layer3"))
print([layer.name for layer in model.layers])

model.pop()
print(len(model.layers))

# %% [markdown]
# **Compare:** `2`. A Sequential model behaves very much like a list of layers.
#
# ## Specifying the input shape in advance
#
# A layer can only make its weights when it knows what comes in. A fresh layer has none; the first call
# creates them.
#
# **Predict:** `Dense(3)` on rows of 4 numbers: what shapes do its two weights have?

# %%
layer = layers.Dense(3)
print("before the call:", layer.weights)

y = layer(np.ones((1, 4)))
print("after the call:", [tuple(weight.shape) for weight in layer.weights])

# %% [markdown]
# **Compare:** `(4, 3)`, a number for each pair of input and unit, and `(3,)`, a bias for each unit: 4 x 3 + 3
# = 15 parameters.
#
# The same holds for a model. Without an input shape it is not *built*: asking for its weights is an error
# that says so.

# %%
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)  # No weights at this stage!
try:
    print(model.weights)
except ValueError as error:
    print("ValueError:", error)

# Call the model on a test input
y = model(np.ones((1, 4)))
print("Number of weights after calling the model:", len(model.weights))

# %% [markdown]
# **Predict** the three parameter counts (inputs x units + units) before you look at the table: 4 -> 2, 2 ->
# 3, 3 -> 4.

# %%
model.summary()

# %% [markdown]
# **Compare:** 10, 9, 16; together 35.
#
# The table shows `(1, 2)` because the model has seen one row. If you start with an `Input`, the shapes are
# known before any data, the weights exist at once, and the first axis is `None`: any number of rows. The
# `Input` is not a layer, so it is not in the list.

# %%
model = keras.Sequential()
model.add(keras.Input(shape=(4,)))
model.add(layers.Dense(2, activation="relu"))

model.summary()
print("layers in the list:", len(model.layers))

# %% [markdown]
# Passing `input_shape` to the first layer does the same:

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu", input_shape=(4,)))
print(model.output_shape, model.count_params())

# %% [markdown]
# Tell the input shape whenever you know it: mistakes then show when you write them, not when you train.
# Stacking with `add()` and looking with `summary()` has a tutorial of its own:
# [02_add_and_summary](02_add_and_summary.ipynb).
#
# ## Feature extraction: look at what the layers see
#
# Once a model is built, each layer has an `input` and an `output`. A `Model` from the same input to *several*
# of those outputs shows what happens inside. The picture is a real photograph of 250 x 250 pixels, each with
# red, green and blue.
#
# **Predict:** a 5 x 5 window takes steps of 2 over 250 pixels. How many places does it stop at?

# %%
initial_model = keras.Sequential(
    [
        keras.Input(shape=(250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu", name="my_intermediate_layer"),
        layers.Conv2D(32, 3, activation="relu"),
    ]
)
feature_extractor = keras.Model(
    inputs=initial_model.inputs,
    outputs=[layer.output for layer in initial_model.layers],
)

photograph = datasets.photographs.astronaut()
features = feature_extractor(photograph[np.newaxis] / 255)
for feature in features:
    print(feature.shape)

# %% [markdown]
# **Compare:** `(1, 123, 123, 32)`: floor((250 - 5) / 2) + 1 = 123. Each of the 32 filters gives one *feature
# map*. Here are the first eight of each layer. The weights are still random; even so some filters answer to
# edges, others to colours.

# %%
names = [layer.name for layer in initial_model.layers]
plotting.feature_maps(features, image=photograph, names=names, language=language).show()

# %% [markdown]
# One layer alone, by its name:

# %%
one_layer = keras.Model(
    inputs=initial_model.inputs,
    outputs=initial_model.get_layer(name="my_intermediate_layer").output,
)
print(one_layer(photograph[np.newaxis] / 255).shape)

# %% [markdown]
# ## Training on real digits
#
# 1,415 handwritten digits of 8 x 8 pixels to learn from, 382 to be tested on. The tests come from forms that
# the model never sees. (Thirteen people filled in fourteen forms; who wrote two is not recorded, so one hand may
# be on both sides.) `fit` watches a part of the training digits (`validation_split`) so that we see early
# whether it learns or memorizes.
#
# **Predict:** guessing blindly gives 10 % right. How much will this small model reach on the test digits?

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train, x_test = x_train.reshape(-1, 64) / 16, x_test.reshape(-1, 64) / 16

model = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=30, validation_split=0.1, verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"right on digits it never saw: {accuracy:.1%}")

# %%
plotting.training_curves(history, language=language).show()

# %% [markdown]
# **Compare** with your guess, and look at the curves: where the dashed line stops following the solid one,
# the model begins to learn by heart. The page of mistakes is the honest part. Would you have read these
# digits rightly? Many are the same mistake: somebody who writes the 1 with a long upstroke.

# %%
plotting.mistakes(x_test.reshape(-1, 8, 8), y_test, model.predict(x_test, verbose=0), limit=16, language=language).show()

# %% [markdown]
# ## Transfer learning: keep what was learnt, train the rest
#
# Freeze the lower layers, train only the last one. The guide's model first. **Predict:** 784 inputs, three
# layers of 32, one of 10. How many parameters are there, and how many are left to train when all but the last
# layer are frozen?

# %%
guide_model = keras.Sequential(
    [
        keras.Input(shape=(784)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10),
    ]
)
# Freeze all layers except the last one.
for layer in guide_model.layers[:-1]:
    layer.trainable = False

trainable = sum(int(np.prod(weight.shape)) for weight in guide_model.trainable_weights)
print(guide_model.count_params(), "parameters,", trainable, "of them trainable")

# %% [markdown]
# **Compare:** 27,562 and 330 = 32 x 10 + 10.
#
# Now with weights that are worth keeping. Our model reads ten digits. A new question, *is the digit even?*,
# gets a new last layer over the frozen ones, and only 100 labelled examples. We also train the same stack
# from scratch on those 100.
#
# **Predict:** which one wins, and by how much?


# %%
def even_or_odd():
    return keras.Sequential(
        [
            keras.Input(shape=(64,)),
            layers.Dense(32, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


even_train, even_test = (y_train % 2 == 0).astype("float32"), (y_test % 2 == 0).astype("float32")

transferred = even_or_odd()
for new, old in zip(transferred.layers[:-1], model.layers[:-1], strict=True):
    new.set_weights(old.get_weights())
    new.trainable = False

for name, candidate in [("transferred", transferred), ("from scratch", even_or_odd())]:
    candidate.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    candidate.fit(x_train[:100], even_train[:100], epochs=200, verbose=0)
    print(f"{name}: {candidate.evaluate(x_test, even_test, verbose=0)[1]:.1%}")

kept = [np.array_equal(a, b) for a, b in zip(transferred.get_weights()[:6], model.get_weights()[:6], strict=True)]
print("frozen weights unchanged:", all(kept))

# %% [markdown]
# **Compare.** The frozen layers did not change by a single bit: `fit` trained the last layer only. With four
# other seeds we saw 86 to 89 % for the transferred model and 85 to 86 % from scratch: a small gain, each
# time. It comes from layers that already know what tells digits apart.
#
# The other pattern of the guide stacks a pretrained model, as one layer, under a new one:
# `keras.Sequential([base_model, layers.Dense(1000)])` with `base_model.trainable = False`. A model is a layer
# too.
#
# ## Try it
#
# 1. Give `layer1` of the first model 7 units. Which shapes change? Which don't?
# 2. A stack `Dense(5) -> Dense(5) -> Dense(2)` on 3 inputs: count its parameters on paper, then with
#    `count_params()`.
# 3. Freeze nothing in the transfer. Does it get better or worse with 100 examples? With all 1,415?
# 4. Train the first model on the digits 0 to 4 only and transfer its frozen layers to 5 to 9. (We saw about
#    50 %, against 80 % from scratch.) What do the frozen layers not know?
# 5. Write a stack with a mistake in it into a file and run `python -m shapecheck` on that file.
#
# Next: [02_add_and_summary](02_add_and_summary.ipynb).
