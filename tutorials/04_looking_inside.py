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
# # 4. Looking inside
#
# हिन्दी में: [04_looking_inside_hi](04_looking_inside_hi.ipynb). After the Keras guide
# [The Sequential model](https://keras.io/guides/sequential_model/) by François Chollet (code: Apache 2.0, text: CC BY 4.0).
#
# **What you'll do:** take the numbers out of the middle of a model, compare filters before and after training, cover parts of
# a digit.
#
# **What you'll learn:** what training changes, which pixels an answer rests on, what pooling throws away.
#
# **What you need:** lessons 0 to [3](03_the_clinic.ipynb), and this project, installed in its folder with
# `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** outputs of all layers 8, one layer 4, before and after training 9, covering 7, pooling 6, exercises 10.

# %%
import numpy as np
import numpy as tf

import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## The outputs of all layers (8 minutes)
#
# Once a model is built, it has `inputs`, and each layer has an `output`: not numbers yet, but places where numbers will be.
# `keras.Model(inputs, outputs)` makes a model that goes from given places to others; it computes with the same layers and the
# same weights. If the outputs lie inside another model, it is called a **feature extractor**.

# %%
lesson.predict("250 -> 5 x 5 with stride 2 -> 3 x 3 -> 3 x 3, 32 filters each. Which three shapes come out?")
initial_model = keras.Sequential(
    [
        keras.Input(shape=(250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
    ]
)
feature_extractor = keras.Model(
    inputs=initial_model.inputs,
    outputs=[layer.output for layer in initial_model.layers],
)

# Call feature extractor on test input.
x = tf.ones((1, 250, 250, 3))
features = feature_extractor(x)
lesson.compare([feature.shape for feature in features])

# %% [markdown]
# Ones are dull. A photograph instead. The weights are still random; nothing has been learnt:

# %%
photograph = datasets.photographs.astronaut()
lesson.show(plotting.feature_maps(feature_extractor(photograph.reshape(1, 250, 250, 3) / 255), image=photograph, maps=5, language=lesson.language))

# %% [markdown]
# ## The output of one layer (4 minutes)
#
# `get_layer` finds a layer by its name, and its output alone goes out:

# %%
lesson.predict("which shape will the output of my_intermediate_layer have?")
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
    outputs=initial_model.get_layer(name="my_intermediate_layer").output,
)
# Call feature extractor on test input.
x = tf.ones((1, 250, 250, 3))
features = feature_extractor(x)
lesson.compare(features.shape)

# %% [markdown]
# Keras 3 runs both as they are.
#
# ## Before and after training (9 minutes)
#
# A small model for our digits. We keep its eight filters as they are before training, train, and put both side by side. All
# are drawn on *one* scale, or they could not be compared. What training gives depends on chance: behind each number stands
# what other **seeds** gave, that is, other beginnings of the random numbers.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train, x_test = x_train.reshape(1415, 8, 8, 1) / 16, x_test.reshape(382, 8, 8, 1) / 16
model = keras.Sequential([keras.Input(shape=(8, 8, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()])
model.add(layers.Dense(10, activation="softmax"))
look = keras.Model(inputs=model.inputs, outputs=model.layers[0].output)
before, maps_before = model.get_weights()[0], look(x_test[:1])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
lesson.predict("will the weights of the filters be larger or smaller after training?")
model.fit(x_train, y_train, epochs=30, verbose=0)
after, maps_after = model.get_weights()[0], look(x_test[:1])

# %%
lesson.show(plotting.filters(np.concatenate([before, after], axis=3), language=lesson.language))
lesson.measured("size of the weights, after / before", np.abs(after).mean() / np.abs(before).mean(), 2.9, 4.0)

# %% [markdown]
# Filters 0 to 7 are random, 8 to 15 are the same ones after training: their blacks and whites are stronger, several with one
# dark and one bright side, like the edge filter of lesson 0. And what they make of one digit:

# %%
lesson.show(plotting.feature_maps([maps_before, maps_after], image=x_test[0, :, :, 0], names=["before", "after"], scale="shared", language=lesson.language))
lesson.measured("largest value of the maps, after / before", maps_after.max() / maps_before.max(), 2.5, 7.0)

# %% [markdown]
# ## Cover a part (7 minutes)
#
# Which pixels does an answer rest on? Cover 3 x 3 pixels, ask again, and note the probability of the right class; then
# move the cover on. This is **occlusion**. Where the probability falls, the answer rested on what was covered.

# %%
lesson.predict("the digit is a 3. Which part of it must not be covered?")
digit = x_test[3:4]
chances = np.zeros((6, 6))
for row in range(6):
    for column in range(6):
        covered = digit.copy()
        covered[0, row : row + 3, column : column + 3] = 0
        chances[row, column] = model.predict(covered, verbose=0)[0, y_test[3]]
lesson.measured("probability of 3, nothing covered", model.predict(digit, verbose=0)[0, y_test[3]], 0.9, 1.0)
lesson.measured("probability of 3, worst cover", chances.min(), 0.0, 0.06)
lesson.show(plotting.pictures([digit, 1 - chances], ["digit", "dark: must not be covered"], language=lesson.language))

# %% [markdown]
# Nine pixels decide. (The square at row 0, column 0 stands for a cover over rows 0 to 2, columns 0 to 2.)
#
# ## What pooling throws away (6 minutes)
#
# Two pictures: a digit, and the same digit with every block of 2 x 2 pixels turned round.

# %%
turned = digit.reshape(4, 2, 4, 2)[:, ::-1, :, ::-1].reshape(8, 8)
pool = layers.MaxPooling2D(2)
pooled = [pool(digit), pool(turned.reshape(1, 8, 8, 1))]
lesson.predict("the pictures differ in many pixels. In how many after max pooling?")
lesson.compare([(digit[0, :, :, 0] != turned).sum(), (pooled[0] != pooled[1]).sum()])
lesson.show(plotting.pictures([digit, turned, *pooled], ["digit", "turned", "pooled", "pooled"], language=lesson.language))

# %% [markdown]
# So many pixels differ before pooling, none after. Pooling keeps how strong the strongest pixel of a block is, and throws
# away *where* in the block it was. That makes the next layer robust against a shift by a pixel, and blind to it.
#
# ## Exercises (10 minutes)
#
# **1.** Make a feature extractor for the *last* layer of `initial_model`.

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check_model(answer_1, initial_model.output_shape)

# %% [markdown]
# **2.** Which shape has its output for a batch of two photographs?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, initial_model(np.ones((2, 250, 250, 3))).shape)

# %% [markdown]
# **3.** Which of the eight random filters holds the most negative weight? Look for the blackest square, write its number.

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, before.min(axis=(0, 1, 2)).argmin())

# %% [markdown]
# **4.** A cover of 4 x 4 pixels moves by 1 over the 8 x 8 digit. How many probabilities do you get?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, layers.Conv2D(1, 4)(x_test[:1]).size)

# %% [markdown]
# **5.** Pool this picture on paper, windows of 2 x 2. Write a list of rows, such as `[[1, 2], [3, 4]]`.
#
#     1 5 2 0
#     3 4 7 1
#     0 0 6 2
#     9 1 3 3

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, pool(np.array([[1, 5, 2, 0], [3, 4, 7, 1], [0, 0, 6, 2], [9, 1, 3, 3]]).reshape(1, 4, 4, 1))[0, :, :, 0])

# %% [markdown]
# ## Before you leave
#
# 1. Does a feature extractor have weights of its own?
# 2. Why must filters be drawn on one scale before you compare them?
# 3. What does max pooling keep of a block, and what does it throw away?
#
# Next: [05_training](05_training.ipynb)
