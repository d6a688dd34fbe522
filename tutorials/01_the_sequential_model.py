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
# # 1. The Sequential model
#
# हिन्दी में: [01_the_sequential_model_hi](01_the_sequential_model_hi.ipynb). After the Keras guide
# [The Sequential model](https://keras.io/guides/sequential_model/) by François Chollet (code: Apache 2.0, text: CC BY 4.0).
#
# **What you'll do:** put layers one behind the other, call them, and watch their weights appear.
#
# **What you'll learn:** which shape comes out, how many numbers training can change, what may stay open.
#
# **What you need:** [lesson 0](00_what_one_number_is.ipynb), and this project, installed in its folder with
# `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** a stack 8, lists 6, weights 8, counting 6, freezing 2, Input 6, exercises 9.
#
# Keras is a library of layers; TensorFlow is a library that computes for it. The guide begins with these three lines,
# which load both:
#
# ```python
# import tensorflow as tf
# from tensorflow import keras
# from tensorflow.keras import layers
# ```
#
# Here the same names come from tinyseq, and `tf.ones` from NumPy. All code of the guide below is as it wrote it.

# %%
import numpy as tf

import tinyseq as keras
from tinyseq import layers
from tinyseq.classroom import Lesson

lesson = Lesson("en")

# %% [markdown]
# ## A stack of layers (8 minutes)
#
# A **model** is layers put together. In a **Sequential** model they are a **stack**: the output of one layer is the input
# of the next. The argument `activation="relu"` applies relu to what a layer computed; `name` is for you to choose.

# %%
lesson.predict("3 rows of 3 numbers go in, the last layer has 4 units. Which shape has y?")
# Define Sequential model with 3 layers
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu", name="layer1"),
        layers.Dense(3, activation="relu", name="layer2"),
        layers.Dense(4, name="layer3"),
    ]
)
# Call model on a test input
x = tf.ones((3, 3))
y = model(x)
lesson.compare(y.shape)

# %% [markdown]
# The number of rows stays: every row goes through alone. The last axis becomes the number of units of the last layer.
# A stack is one function after the other. So this code does the same, with three new layers:

# %%
# Create 3 layers
layer1 = layers.Dense(2, activation="relu", name="layer1")
layer2 = layers.Dense(3, activation="relu", name="layer2")
layer3 = layers.Dense(4, name="layer3")

# Call layers on a test input
x = tf.ones((3, 3))
y = layer3(layer2(layer1(x)))

# %% [markdown]
# New layers begin with random weights, so these give other numbers. The model's own layers give the model's:

# %%
lesson.predict("the model's own three layers, called one after the other. The model's numbers?")
layer1, layer2, layer3 = model.layers
lesson.compare(tf.allclose(layer3(layer2(layer1(x))), model(x)))

# %% [markdown]
# A Sequential model does **not** fit when
#
# - the model has several inputs or several outputs,
# - a layer has several inputs or several outputs,
# - one layer is to work in two places,
# - the way splits, and its branches meet again.
#
# ## It behaves like a list (6 minutes)

# %%
lesson.predict("two rows of 5 numbers go in. Which shape comes out?")
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)
lesson.compare(model(tf.ones((2, 5))).shape)

# %%
model.layers

# %% [markdown]
# The same, with `add()`, one layer after the other:

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu"))
model.add(layers.Dense(3, activation="relu"))
model.add(layers.Dense(4))

# %%
lesson.predict("pop() takes the last layer away. Which shape comes out now?")
model.pop()
print(len(model.layers))  # 2
lesson.compare(model(tf.ones((2, 5))).shape)

# %% [markdown]
# ## Weights need a shape (8 minutes)
#
# You saw in lesson 0: a layer makes its weights when it first sees data. The same holds for a model. After its first call
# it is **built**.

# %%
lesson.predict("three layers, each with an array of weights and one of biases. How many arrays in all?")
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)  # No weights at this stage!

# At this point, you can't do this:
# model.weights

# You also can't do this:
# model.summary()

# Call the model on a test input
x = tf.ones((1, 4))
y = model(x)
print("Number of weights after calling the model:", len(model.weights))  # 6

# %% [markdown]
# The 6 counts *arrays*: Keras calls each array a weight, those of the biases too. In these lessons a weight is one number.
# The single numbers in the arrays, weights and biases, are the **parameters**. Training changes them unless you forbid
# it. A dense layer has
#
# inputs x units + units
#
# parameters: every unit has a weight for every input, and one bias. (Keras 3 differs in one thing: before the first call
# `model.weights` is an empty list there, and `summary()` prints question marks.)
#
# ## Count before you look (6 minutes)
#
# **summary** prints a row for each layer: its output shape and its parameters, "Param #".

# %%
lesson.predict("4 inputs -> 2 units -> 3 units -> 4 units. How many parameters has each layer?")
model.summary()
lesson.compare([layer.count_params() for layer in model.layers])

# %% [markdown]
# The first number of each shape counts rows. The table shows what the model has seen, and it has seen one row. Another
# model, called on seven rows, shows seven:

# %%
seen = keras.Sequential([layers.Dense(5)])
seen(tf.ones((7, 2)))
seen.summary()

# %% [markdown]
# Neither is fixed: both models take any number of rows; the table keeps the number of the first call.
#
# ## Freeze a layer (2 minutes)
#
# **Trainable** parameters are those that training may change. `layer.trainable = False` **freezes** a layer: training then leaves
# its weights exactly as they are, and changes only those of the other layers. So what a layer has learnt is kept. Its parameters
# still count, as *non-trainable*.

# %%
lesson.predict("10, 9 and 16 parameters; the first layer is frozen. How many can training still change?")
model.layers[0].trainable = False
lesson.compare(sum(weight.size for weight in model.trainable_weights))

# %% [markdown]
# ## Say it in advance: Input (6 minutes)
#
# With `keras.Input` the model knows the shape of *one* row before any data come. Its weights exist at once. How many rows
# will come stays open, and an open size is written **None**: any number fits.

# %%
lesson.predict("the shape of one row is (4,). What will the table show for the 2 units?")
model = keras.Sequential()
model.add(keras.Input(shape=(4,)))
model.add(layers.Dense(2, activation="relu"))

model.summary()
lesson.compare(model.output_shape)

# %% [markdown]
# The Input is not a layer: it computes nothing, so it is not in the list.

# %%
model.layers

# %% [markdown]
# Say the input shape whenever you know it: a mistake then shows while you write, not while you train.
#
# ## Exercises (9 minutes)
#
# **1.** `Dense(5)`, then `Dense(2)`, on rows of 6 numbers. How many parameters in all?

# %% tags=["exercise"]
answer_1 = None

# %%
model = keras.Sequential([keras.Input(shape=(6,)), layers.Dense(5), layers.Dense(2)])
lesson.check(answer_1, model.count_params())

# %% [markdown]
# **2.** How many arrays hold them?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, len(model.weights))

# %% [markdown]
# **3.** You call that model on 10 rows. Which shape comes out?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, model(tf.ones((10, 6))).shape)

# %% [markdown]
# **4.** Which output shape does its summary show? Write `None` where the size is open.

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, model.output_shape)

# %% [markdown]
# **5.** Two dense layers, 8 numbers in, 3 units at the end, 63 parameters in all. How many units has the first layer?
# `answer_5` must be the model itself, with its Input.

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 3), input_shape=(None, 8), parameters=63)

# %% [markdown]
# ## Before you leave
#
# 1. When does a layer make its weights, and why not earlier?
# 2. `len(model.weights)` is 6, but the model has 35 parameters. What does each number count?
# 3. What does None mean in a shape?
#
# Next: [02_add_and_summary](02_add_and_summary.ipynb)
