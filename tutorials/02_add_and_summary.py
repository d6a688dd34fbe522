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
# # 2. add() + summary(): watch the picture shrink
#
# हिन्दी में: [02_add_and_summary_hi](02_add_and_summary_hi.ipynb). After the Keras guide
# [The Sequential model](https://keras.io/guides/sequential_model/) by François Chollet (code: Apache 2.0, text: CC BY 4.0).
#
# **What you'll do:** say which shape comes next, then look; build the guide's model for pictures of 250 x 250.
#
# **What you'll learn:** the calculation behind every shape, the factors of every parameter count, which layers need a fixed size.
#
# **What you need:** lessons [0](00_what_one_number_is.ipynb) and [1](01_the_sequential_model.ipynb), paper, and this project,
# installed in its folder with `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** stops 8, added zeros 6, pooling 3, parameters 5, the guide's model 8, open sizes 5, exercises 10.

# %%
import tinyseq as keras
from tinyseq import layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## Count the stops (8 minutes)
#
# A window may move by more than one pixel. How far it moves is its **stride**. Each stop gives one number, so the size
# that comes out is the number of stops:
#
# stops = floor((size - window) / stride) + 1
#
# **Floor** rounds down. The reason: the first stop needs a whole window; what is left, size - window, is
# walked in steps of one stride.

# %%
lesson.predict("10 cells, a window of 4, stride 1. How many stops?")
lesson.show(plotting.padding_and_stride(10, window=4, stride=1, language=lesson.language))
lesson.predict("the same with stride 4. How many stops, and which cells are read by no window?")
lesson.show(plotting.padding_and_stride(10, window=4, stride=4, language=lesson.language))

# %% [markdown]
# 7 stops, then 2. The last two cells are read by no window, because floor drops what is left over. Only with stride 1 does
# a window of 4 always cost 3 cells: one less than itself.
#
# ## Zeros around the picture (6 minutes)
#
# **Padding** adds cells of value 0 around the picture. `padding="same"` adds as many as it takes to have
#
# stops = ceil(size / stride)
#
# where **ceil** rounds up; with stride 1 the size stays the same, hence the name. The last window ends at
# (stops - 1) x stride + window. What it needs beyond the picture is added: half of it before the picture; if the number is
# odd, the extra zero comes last, at the right and at the bottom. (`padding="valid"`, the usual, adds nothing.)

# %%
lesson.predict("7 cells, a window of 4, stride 2, same. How many stops, and how many zeros?")
lesson.show(plotting.padding_and_stride(7, window=4, stride=2, padding="same", language=lesson.language))
lesson.predict("and with stride 3?")
lesson.show(plotting.padding_and_stride(7, window=4, stride=3, padding="same", language=lesson.language))

# %% [markdown]
# ceil(7 / 2) = 4 stops end at (4 - 1) x 2 + 4 = 10: 10 - 7 = 3 zeros, one before and two after. With stride 3, 3 stops
# end at 10 as well.
#
# ## Pooling walks by its own width (3 minutes)
#
# `MaxPooling2D(4)` moves by 4 if you say nothing else: its stride *is* its window, so no pixel is read twice. A
# convolution's stride is 1 if you say nothing else.

# %%
lesson.predict("MaxPooling2D(4) on 30 rows: floor((30 - 4) / 4) + 1. How many rows come out? And with strides=1?")
trial = keras.Sequential([keras.Input(shape=(30, 30, 1)), layers.MaxPooling2D(4)])
other = keras.Sequential([keras.Input(shape=(30, 30, 1)), layers.MaxPooling2D(4, strides=1)])
lesson.compare((trial.output_shape[1], other.output_shape[1]))

# %% [markdown]
# ## The factors of a convolution (5 minutes)
#
# A filter reads *all* channels in its window. So it has window rows x window columns x channels weights, and one bias:
#
# parameters = (rows x columns x channels in + 1) x filters
#
# Each filter makes one channel of the output. `Conv2D(8, 3)` on 4 channels: 3 x 3 x 4 x 8 weights + 8 biases = 296. The size
# of the picture is not in it: the same weights are used at every stop.

# %%
lesson.predict("Conv2D(16, 5) on 3 channels: how many parameters? On 20 x 20 pixels, and on 200 x 200?")
sizes = (20, 200)
models = [keras.Sequential([keras.Input(shape=(size, size, 3)), layers.Conv2D(16, 5)]) for size in sizes]
lesson.compare([model.count_params() for model in models])

# %% [markdown]
# ## The guide's workflow (8 minutes)
#
# Stack a few layers with `add()`, look with `summary()`, stack more. A model can have a name, which heads its summary. `build` says the
# input shape afterwards, and with the axis of the batch: (None, 5). `Input` adds that None itself. The input
# shape may also go to the first layer; Keras 3 still runs that, with a warning ("Do not pass an `input_shape`", use `Input`):

# %%
model = keras.Sequential(name="my_sequential")
model.add(layers.Dense(2, activation="relu", name="layer1"))
model.add(layers.Dense(3, activation="relu", name="layer2"))
model.add(layers.Dense(4, name="layer3"))
model.build((None, 5))
model.summary()

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu", input_shape=(4,)))

model.summary()

# %% [markdown]
# Now pictures of 250 x 250 pixels in colour. **GlobalMaxPooling2D** keeps one number of each channel: the largest.

# %%
lesson.predict("250 -> 5 x 5 with stride 2 -> 3 x 3 -> MaxPooling2D(3). Which shape comes out?")
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))

# Can you guess what the current output shape is at this point? Probably not.
# Let's just print it:
model.summary()

# %%
lesson.predict("after six more layers, the last of them MaxPooling2D(2)?")
# The answer was: (40, 40, 32), so we can keep downsampling...

model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(2))

# And now?
model.summary()

# %%
lesson.predict("GlobalMaxPooling2D gives 32 numbers. How many parameters does Dense(10) add?")
# Now that we have 4x4 feature maps, time to apply global max pooling.
model.add(layers.GlobalMaxPooling2D())

# Finally, we add a classification layer.
model.add(layers.Dense(10))
lesson.compare(model.layers[-1].count_params())

# %% [markdown]
# You could have said all of it. `summary(style="wide")` prints the calculation behind each shape. Under **MACs** (multiply-accumulates:
# multiply, then add) it says how many multiplications a layer takes, under **sees** how many pixels of the input one
# number depends on along one axis. Check yourself:

# %%
model.summary(style="wide")
lesson.show(plotting.shape_flow(model, language=lesson.language))

# %% [markdown]
# ## Which layers need a fixed size? (5 minutes)
#
# **Flatten** puts all numbers of a picture into one row. A dense layer behind it has a weight for *each* of these numbers. A
# larger picture has more numbers, so it would need other weights: the size must be fixed. (With an open size Flatten shows None, and
# adding the dense layer is an error.) GlobalMaxPooling2D leaves one number a channel, however large the picture is: then
# the size may stay open, `Input(shape=(None, None, 1))`.

# %%
lesson.predict("Conv2D(4, 3), then Flatten or GlobalMaxPooling2D, then Dense(10): which has more parameters on 20 x 20 than on 12 x 12?")
for size in (12, 20):
    first = [keras.Input(shape=(size, size, 1)), layers.Conv2D(4, 3)]
    flat = keras.Sequential([*first, layers.Flatten(), layers.Dense(10)])
    pooled = keras.Sequential([*first, layers.GlobalMaxPooling2D(), layers.Dense(10)])
    print(size, "Flatten:", flat.count_params(), "GlobalMaxPooling2D:", pooled.count_params())

# %% [markdown]
# 12 -> 10 x 10 x 4 = 400 numbers, 400 x 10 + 10 weights and biases; 20 -> 18 x 18 x 4 = 1296. The other model has
# 4 x 10 + 10 in its dense layer both times.
#
# ## Exercises (10 minutes)
#
# **1.** `Conv2D(6, 5, strides=2)` on colour pictures of 64 x 64 pixels: how many rows come out?

# %% tags=["exercise"]
answer_1 = None

# %%
model = keras.Sequential([keras.Input(shape=(64, 64, 3)), layers.Conv2D(6, 5, strides=2)])
lesson.check(answer_1, model.output_shape[1])

# %% [markdown]
# **2.** Then `MaxPooling2D(4)`: how many rows are left?

# %% tags=["exercise"]
answer_2 = None

# %%
model = keras.Sequential([keras.Input(shape=(64, 64, 3)), layers.Conv2D(6, 5, strides=2), layers.MaxPooling2D(4)])
lesson.check(answer_2, model.output_shape[1])

# %% [markdown]
# **3.** How many parameters would `Conv2D(12, 3)` add behind that?

# %% tags=["exercise"]
answer_3 = None

# %%
next_one = keras.Sequential([model, layers.Conv2D(12, 3)])
lesson.check(answer_3, next_one.layers[-1].count_params())

# %% [markdown]
# **4.** 9 cells in a row, a window of 5, stride 2, `padding="same"`: how many zeros are added in all?

# %% tags=["exercise"]
answer_4 = None

# %%
model = keras.Sequential([keras.Input(shape=(9, 9, 1)), layers.Conv2D(1, 5, strides=2, padding="same")])
lesson.check(answer_4, (model.output_shape[1] - 1) * 2 + 5 - 9)

# %% [markdown]
# **5.** Build a model that takes colour pictures of *any* size and ends in 4 numbers a picture, with at least one convolution.

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 4), input_shape=(None, None, None, 3))

# %% [markdown]
# ## Before you leave
#
# 1. 17 rows, `MaxPooling2D(3)`: what comes out, and why is the stride 3?
# 2. Name the four factors in the parameters of a convolution.
# 3. Why does Flatten before a dense layer need a fixed size?
#
# Next: [03_the_clinic](03_the_clinic.ipynb)
