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
# # add() + summary(): watch the picture shrink
#
# After the section *A common debugging workflow* of the Keras guide [The Sequential
# model](https://keras.io/guides/sequential_model/) by fchollet (code: Apache 2.0, text: CC BY 4.0), run on
# *tinyseq*. हिन्दी में: [02_add_and_summary_hi](02_add_and_summary_hi.ipynb).
#
# **What you'll do:** guess the shape after each layer, then look; draw where windows stop; build the guide's
# network for pictures of 250 x 250 and look through it at a photograph.
#
# **What you'll learn:** the one formula behind every size, what `padding` and `strides` do to the border, why
# a network has a smallest picture.
#
# **What you need:** Python, this project installed with its tutorials (`python -m pip install ".[tutorials]"` in its
# folder), half an hour, paper and pencil. No network after that.
#
# **How to work:** before each cell marked *Predict*, write your guess down. Run the cell. Compare. (Run as a plain
# script, the pictures go into the folder `tinyseq-pictures`.)

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting

language = "en"  # of the words on the pictures
keras.utils.set_random_seed(1)

# %% [markdown]
# ## One window on a row of cells
#
# A convolution or a pooling slides a window over the picture and stops at regular places. Each stop gives one
# number. So the size that comes out is the number of stops:
#
# $$\text{stops} = \left\lfloor \frac{\text{size} - \text{window}}{\text{stride}} \right\rfloor + 1$$
#
# **Predict:** 8 cells, a window of 3, steps of 1. How many stops?

# %%
plotting.padding_and_stride(8, window=3, stride=1, language=language).show()

# %% [markdown]
# **Compare:** 6. A window of 3 always costs 2 cells. Look at the square: pixels in the middle are read nine
# times, a corner once.
#
# **Predict:** the same with steps of 3. How many stops, and which cells does no window ever read?

# %%
plotting.padding_and_stride(8, window=3, stride=3, language=language).show()

# %% [markdown]
# **Compare:** 2 stops; cells 6 and 7 are never read. That is what *floor* in the formula does: it throws the
# rest away, here 28 of 64 pixels.
#
# `padding="same"` puts zeros around, so that with stride 1 the size stays. With a stride the rule is
# ceil(size / stride).
#
# **Predict:** 8 cells, a window of 3, steps of 3, `padding="same"`: how many stops, and how many zeros are
# added?

# %%
plotting.padding_and_stride(8, window=3, stride=3, padding="same", language=language).show()

# %% [markdown]
# **Compare:** 3 stops, 1 zero, and it stands at the end: the odd one always goes to the right and to the
# bottom.
#
# ## Where 28 goes
#
# A picture of 28 x 28 through three convolutions of 3 x 3, with a pooling of 2 x 2 after the first and after
# the second. **Predict** the whole row on paper: 28 -> ? -> ? -> ? -> ? -> ?

# %%
small = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
small.summary()

# %% [markdown]
# **Compare:** 28 -> 26 -> 13 -> 11 -> 5 -> 3. From 11 to 5 a row and a column are lost: 11 / 2 leaves a rest.
# `Flatten` makes 3 x 3 x 64 = 576 numbers in a row.
#
# The parameters of a convolution don't depend on the size of the picture: 3 x 3 x 32 x 64 + 64 = 18,496.
# **Predict** which layer has the most parameters, then look. Then the same table with the sums behind it:

# %%
small.summary(style="wide")

# %%
plotting.shape_flow(small, language=language).show()

# %% [markdown]
# ## The guide's network: pictures of 250 x 250
#
# Stack a few layers, look, stack more. **Predict** the shape after these three.

# %%
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))

# Can you guess what the current output shape is at this point? Probably not.
# Let's just print it:
model.summary()

# %% [markdown]
# **Compare:** `(40, 40, 32)`. 250 -> floor((250 - 5) / 2) + 1 = 123 -> 121 -> floor((121 - 3) / 3) + 1 = 40.
#
# There is room, so we go on. **Predict** the last shape of this table:

# %%
# The answer was: (40, 40, 32), so we can keep downsampling...
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(2))

# And now?
model.summary()

# %% [markdown]
# **Compare:** 4 x 4. Time to take the largest value of each map, and to classify.
#
# **Predict:** `GlobalMaxPooling2D` gives 32 numbers. How many parameters does `Dense(10)` add, and what is
# the total?

# %%
# Now that we have 4x4 feature maps, time to apply global max pooling.
model.add(layers.GlobalMaxPooling2D())

# Finally, we add a classification layer.
model.add(layers.Dense(10))
print(f"{model.count_params():,} parameters, output {model.output_shape}")

# %%
model.summary(style="wide")

# %%
plotting.shape_flow(model, language=language).show()

# %% [markdown]
# **Compare:** 32 x 10 + 10 = 330, together 49,002.
#
# ## The smallest picture
#
# Every layer eats a little. Going backwards from the last pooling: it needs 2 cells, so the convolution
# before it 4, the one before 6, the pooling 18 ... **Predict** where that ends: which is the smallest picture
# that this stack takes?


# %%
def fits(size):
    keras.clear_session()  # names of layers start anew
    try:
        trial = keras.Sequential([keras.Input(shape=(size, size, 3))])
        for window, stride, pool in [(5, 2, 0), (3, 1, 3), (3, 1, 0), (3, 1, 3), (3, 1, 0), (3, 1, 2)]:
            trial.add(layers.Conv2D(32, window, strides=stride))
            if pool:
                trial.add(layers.MaxPooling2D(pool))
    except ValueError as error:
        return str(error)
    return "fits"


smallest = next(size for size in np.arange(100, 251).tolist() if fits(size) == "fits")
print("smallest picture:", smallest)
print()
print(fits(smallest - 1))

# %% [markdown]
# **Compare:** 139. One pixel less and a layer is refused, with the sum that fails. The same 139 stands in the
# wide table under *sees*: one number after the last pooling depends on 139 x 139 pixels of the picture. To
# make one such number, that many must be there.
#
# ## Look through it at a photograph
#
# **Predict:** will you still recognize the person after the first pooling (40 x 40)? At 8 x 8?

# %%
shown = [model.layers[i] for i in (0, 1, 2, 4, 7)]
look = keras.Model(inputs=model.inputs, outputs=[layer.output for layer in shown])
photograph = datasets.photographs.astronaut()
maps = look(photograph[np.newaxis] / 255)
plotting.feature_maps(maps, image=photograph, names=[layer.name for layer in shown], language=language).show()

# %% [markdown]
# The weights are random, so nothing has been learnt yet; and still the outline survives long. What gets lost
# is *where*, what stays is *what*. The picture of the first filters, 5 x 5 pixels in colour:

# %%
plotting.filters(model.layers[0].get_weights()[0], language=language).show()

# %% [markdown]
# ## Try it
#
# 1. Draw `padding_and_stride(250, window=5, stride=2)`. Which cell is never read? The wide table has a note
#    about it.
# 2. Put `padding="same"` into all convolutions of the guide's network. **Predict** the last size before
#    `GlobalMaxPooling2D`, then run.
# 3. Build a stack that ends at 1 x 1 from 32 x 32, with as few layers as you can.
# 4. Save your stack as a file and run `python -m shapecheck yourfile.py`: it gives the same answer without
#    running it.
#
# Before: [01_the_sequential_model](01_the_sequential_model.ipynb).
