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
# # 3. The clinic: ten broken stacks
#
# हिन्दी में: [03_the_clinic_hi](03_the_clinic_hi.ipynb)
#
# **What you'll do:** guess what is wrong with ten small programs, read a checker's report, choose a repair.
#
# **What you'll learn:** to read a report line by line, which labels go with which loss, what to do when no error comes.
#
# **What you need:** lessons 0 to [2](02_add_and_summary.ipynb), the folder `clinic` beside this lesson, and this project,
# installed in its folder with `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** training in two calls 4, a report 8, channels 3, labels 8, data and names 5, silent faults 5, NaN 4,
# exercises 8.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x = x_train.reshape(1415, 64) / 16  # the pixels, all between 0 and 1

# %% [markdown]
# ## Training in two calls (4 minutes)
#
# `compile` names the loss and the **optimizer**, which takes the steps of gradient descent; `"adam"` chooses the length of
# each step itself. `fit` trains: it takes one step after each batch of 32 pictures. Once through all pictures is an **epoch**; `history` holds the loss of each. After freezing a layer (lesson 1), call
# `compile` again, or it may still train.

# %%
model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
losses = model.fit(x, y_train, epochs=3, verbose=0).history["loss"]
print("the loss falls:", losses[0] > losses[1] > losses[2])

# %% [markdown]
# ## Read a report (8 minutes)
#
# **shapecheck** reads a program without running it. In a terminal: `python -m shapecheck clinic/stack_01.py`.

# %%
lesson.read("clinic/stack_01.py")
lesson.predict("which line does not fit, and why?")
lesson.report("clinic/stack_01.py")

# %% [markdown]
# **SC101.** From the top:
#
# - The *table* has a row for each layer, with its shape and its calculation. One row is *broken*.
# - *error* names the fault: its code, the layer, and both numbers.
# - *-->* says where: file, line, column. The marked lines show what led there.
# - *why* is the reason, *sum* the calculation of lesson 2. Less than 1 stop: nothing can come out.
# - *path* follows one size through all layers. Where does it fall fastest? At the poolings.
# - *help* lists repairs. For each, shapecheck calculated all shapes again; **works** means that a shape comes out, and no more.
#
# So the first repair need not be the best. `padding="same"` only on the last convolution moves a window of 3 x 3
# over 2 x 2 pixels. A filter of ones on a picture of ones counts how many numbers are from the picture:

# %%
lesson.predict("of nine numbers, how many are not zeros from the padding?")
# kernel_initializer: with which weights a layer begins
counter = layers.Conv2D(1, 3, padding="same", kernel_initializer="ones")
lesson.compare(counter(np.ones((1, 2, 2, 1))).reshape(4))

# %% [markdown]
# Five of nine are zeros: such a layer sees more border than picture. If pictures cannot be larger, take a pooling
# away:

# %%
mended = keras.Sequential([keras.Input(shape=(36, 36, 1)), layers.Conv2D(16, 3), layers.MaxPooling2D(2), layers.Conv2D(32, 3)])
for layer in [layers.MaxPooling2D(2), layers.Conv2D(32, 3), layers.Conv2D(64, 3)]:
    mended.add(layer)
print([layer.output.shape[1] for layer in mended.layers])

# %% [markdown]
# ## No channels (3 minutes)

# %%
lesson.read("clinic/stack_02.py")
lesson.predict("what does Conv2D miss?")
lesson.report("clinic/stack_02.py")

# %% [markdown]
# **SC201.** Conv2D reads (pictures, rows, columns, channels). `Input((32, 32))` has no channels; a grey picture has 1. Write
# `Input((32, 32, 1))`, and reshape the data too.
#
# ## Labels, output and loss (8 minutes)
#
# The labels must fit the model's output. How, depends on the loss. For n pictures:
#
# | labels | their shape | last layer, its output | loss |
# |---|---|---|---|
# | one whole number: 7 | (n,) | `Dense(10)`, softmax: (n, 10) | `sparse_categorical_crossentropy` |
# | ten columns, a 1 in one | (n, 10) | `Dense(10)`, softmax: (n, 10) | `categorical_crossentropy` |
# | 0 or 1 | (n,) or (n, 1) | `Dense(1)`, sigmoid: (n, 1) | `binary_crossentropy` |
# | any number | (n,) or (n, 1) | `Dense(1)`: (n, 1) | `mse` |
#
# The rule: labels have the shape of the output; with *sparse*, that shape without its last axis. A last axis of 1
# may be left out. All three crossentropies are lesson 0's loss. (**Sigmoid** makes one score
# z into one probability, 1 / (1 + e to the power of -z). **mse** is the mean squared error.)

# %%
for number in ("03", "04", "05"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("which shapes do not fit together?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# **SC301**, three times. In stack 3, Dense works on the last axis only: it answers at each of 6 x 6 places. You want one
# answer a picture: Flatten first. In stack 4 each label is one whole number: choose the sparse loss. In stack 5 ten columns
# meet nine units; the digits are right, so the units are wrong.
#
# ## Data and names (5 minutes)

# %%
for number in ("06", "07", "08"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("what is wrong?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# **SC303**: the pictures are tables, the Input wants rows of 64. Repair the data; another Input only moves the error: the help
# marks it with *x*. **SC402**: a name is misspelt. **SC307**: 1415 pictures, 382 labels. Cutting the pictures to 382
# would run, and pair pictures with the labels of others. Pass `y_train`.
#
# ## Faults that raise nothing (5 minutes)
#
# Both run; shapecheck and `fit` warn.

# %%
for number in ("09", "10"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("it runs. What is wrong?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# **SC305**: this loss wants probabilities, but without softmax the layer gives scores. **SC304**: softmax divides by the total
# of all units. With one unit that is the number itself, so the answer is always 1:

# %%
plain = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10)])
print("a score is negative:", (plain(x) < 0).any())
single = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(1, activation="softmax")])  # shapecheck: ignore[SC304]
single.compile(optimizer="adam", loss="binary_crossentropy")
lesson.predict("what will its loss do in three epochs?")
# y_train % 2: 1 for an odd digit, 0 for an even one
losses = single.fit(x, y_train % 2, epochs=3, verbose=0).history["loss"]
print("answers:", np.unique(single.predict(x, verbose=0)), "the loss changed:", losses[0] != losses[2])

# %% [markdown]
# If a loss does not move, look at the last layer first.
#
# ## Hunting NaN (4 minutes)
#
# **NaN** means *not a number*. 1 / 0 is infinity, the logarithm of 0 is -infinity; 0 / 0, infinity - infinity and
# 0 x infinity are NaN. Every sum or product with NaN is NaN. `fit` warns but trains:

# %%
sick = x.copy()
sick[700, 5] = np.nan
lesson.predict("one of 90,560 numbers is NaN. How many of the model's 650 parameters are NaN after one epoch?")
# isnan: True where a number is NaN; argwhere lists the places that are True, row first, counted from 0
losses = model.fit(sick, y_train, epochs=1, verbose=0).history["loss"]
lesson.compare(sum(int(np.isnan(array).sum()) for array in model.get_weights()))
print("loss:", losses, "first NaN of the data at", np.argwhere(np.isnan(sick))[0])

# %% [markdown]
# That picture's scores, its batch's loss, every gradient and then all 650 parameters are NaN.
#
# The warning names place and cause. No warning? Hunt in this order: 1. the data (missing or infinite values);
# 2. the labels; 3. the loss, if it takes the logarithm of a probability 0; 4. the weights, if a high learning rate made
# them infinite. Then build the model anew: its weights are lost.
#
# ## Exercises (8 minutes)
#
# **1.** Take line 9 out of stack 1, the second pooling. How many rows come out at the end?

# %%
lesson.read("clinic/stack_01.py")

# %% tags=["exercise"]
answer_1 = None

# %%
rows = keras.Sequential([keras.Input(shape=(36, 36, 1)), layers.Conv2D(1, 3), layers.MaxPooling2D(2), layers.Conv2D(1, 3), layers.Conv2D(1, 3)])
rows = keras.Sequential([rows, layers.MaxPooling2D(2), layers.Conv2D(1, 3)])
lesson.check(answer_1, rows.output_shape[1])

# %% [markdown]
# **2.** Build stack 3 so that its labels fit.

# %%
lesson.read("clinic/stack_03.py")

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check_model(answer_2, (None, 10), input_shape=(None, 8, 8, 1))

# %% [markdown]
# **3.** The labels below go to `categorical_crossentropy`. Which shape must the output for these 25 pictures have?

# %% tags=["exercise"]
labels = np.eye(3)[y_train[:25] % 3]  # np.eye(3)[k]: three columns, a 1 in column k; % 3: the rest after dividing by 3
answer_3 = None

# %%
lesson.check(answer_3, labels.shape)

# %% [markdown]
# **4.** "Is there a 7 in the picture?" Labels are 0 or 1, the last layer is `Dense(1)`. Which activation? Write its name.

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check_name(answer_4, "fa15bd82")

# %% [markdown]
# **5.** In which row of `readings` is the first NaN?

# %% tags=["exercise"]
readings = np.random.default_rng(7).random((40, 64))
# rows are counted from 0; isnan and argwhere find the place, as in the last part
readings = np.where(readings > 0.9985, np.nan, readings)
answer_5 = None

# %%
lesson.check(answer_5, np.argwhere(np.isnan(readings))[0, 0])

# %% [markdown]
# ## Before you leave
#
# 1. What does *works* behind a repair mean, and what does it not mean?
# 2. Labels of shape (n,), whole numbers 0 to 4: which last layer, which loss?
# 3. Name three places that a NaN can come from.
#
# Next: [04_looking_inside](04_looking_inside.ipynb)
