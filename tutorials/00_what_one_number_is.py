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
# # 0. What one number is
#
# हिन्दी में: [00_what_one_number_is_hi](00_what_one_number_is_hi.ipynb)
#
# **What you'll do:** compute by hand what a computer computes when it reads a handwritten digit, and compare.
#
# **What you'll learn:** where every number comes from, and how such numbers get better.
#
# **What you need:** the Python that the [teacher's page](TEACHERS.md) lists, and this project, installed in its folder
# with `python -m pip install ".[tutorials]" jupyterlab`; then `jupyter lab tutorials`. No network after that.
#
# **Minutes:** pictures 5, units 8, filters 9, pooling 4, chances 5, learning 5, exercises 9.
#
# **How to work:** a cell asks for your prediction before it computes. Type it, or press Enter to skip. A wrong
# prediction teaches most.

# %%
import numpy as np
import numpy as tf  # Keras's guide (lesson 1) calls TensorFlow tf; here NumPy makes what tf.ones makes there

from tinyseq import datasets, layers, plotting, utils
from tinyseq.classroom import Lesson

lesson = Lesson("en")
utils.set_random_seed(1)

# %% [markdown]
# ## A picture is a table of numbers (5 minutes)
#
# Each number is one **pixel**: here 0 is white and 16 is black. In NumPy such a table is an **array**. Its **shape**
# says how long it is along each **axis**: rows first, then columns.

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
digit = x_train[0]
lesson.predict("the picture below has 8 rows of 8 pixels. What is its shape?")
lesson.compare(digit.shape)
lesson.show(plotting.pictures([digit], ["a handwritten 0"], numbers=True, language=lesson.language))

# %% [markdown]
# A colour picture has three numbers a pixel: red, green and blue. They are its three **channels**, the last axis. A
# grey picture has one channel. Several pictures at once are a **batch**; the batch comes first. So four axes are
# (pictures, rows, columns, channels).

# %%
batch = x_train.reshape(1415, 8, 8, 1)  # reshape: the same numbers, in another shape
photograph = datasets.photographs.astronaut()
print("grey batch:", batch.shape, "colour picture:", photograph.shape)

# %% [markdown]
# ## A unit multiplies, adds, and adds once more (8 minutes)
#
# A **unit** has a **weight** for every number that it reads. It multiplies each number by its weight, adds all the
# products, and adds one more number of its own, its **bias**:
#
# `sum = x[0] * w[0] + x[1] * w[1] + ... + bias`
#
# Units that read the same numbers form a **layer**. `Dense(3)` is a **dense layer** of 3 units: every unit reads every
# number. A new layer cannot know how many weights it needs, so it has none:

# %%
layer = layers.Dense(3)
layer.weights  # Empty

# %% [markdown]
# It makes them at the first **call**, that is, when data go in. `tf.ones((1, 4))` is a batch of one row of four ones.

# %%
lesson.predict("3 units read 4 numbers each. Which shapes will the weights and the biases have?")
# Call layer on a test input
x = tf.ones((1, 4))
y = layer(x)
layer.weights  # Now it has weights, of shape (4, 3) and (3,)
# (3,) is a shape with one axis: Python writes the comma, because (3) would be the number 3
lesson.compare([weight.shape for weight in layer.weights])

# %% [markdown]
# One column of weights for each unit. By hand, the number of each unit:

# %%
weights, bias = layer.get_weights()
# weights[:, unit]: all rows of the column of this unit
by_hand = [(x[0] * weights[:, unit]).sum() + bias[unit] for unit in range(3)]
print("by hand:", np.round(by_hand, 4), "layer:", np.round(y[0], 4))
print("the same numbers:", np.allclose(by_hand, y[0]))

# %% [markdown]
# If you ask for it, a layer then replaces negative numbers by 0. This is **relu**: `relu(z)` is the larger of `z` and 0.

# %%
sums = np.array([-2.0, 0.5, 3.0])
print(np.maximum(sums, 0), layers.ReLU()(sums))

# %% [markdown]
# ## A filter is a unit that walks (9 minutes)
#
# A **filter** reads only a small **window** of the picture, here 3 x 3 pixels with 9 weights. It stops at one place,
# computes one number, moves on by one pixel, and computes the next, always with the same weights. This is a
# **convolution**, and the table of its numbers is a **feature map**. The filter below answers where it is darker on the
# right than on the left: an edge.

# %%
edge = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
print("the first window gives", (digit[0:3, 0:3] * edge).sum())
lesson.predict("8 rows, a window of 3. At how many rows can it stop?")
by_hand = np.zeros((6, 6))
for row in range(6):
    for column in range(6):
        by_hand[row, column] = (digit[row : row + 3, column : column + 3] * edge).sum()
lesson.compare(len(by_hand))
lesson.show(plotting.pictures([digit, edge, by_hand], ["digit", "filter", "feature map"], numbers=True, language=lesson.language))

# %% [markdown]
# The window's first row can be 0, 1, 2, 3, 4 or 5; from row 6 on it would hang over the edge. So 8 rows leave
# 8 - 3 + 1 = 6 stops: the picture gets two rows and two columns smaller. In `Conv2D(1, 3)`, 1 is the number of filters
# and 3 is the window:

# %%
convolution = layers.Conv2D(1, 3)
convolution(batch[:1])
convolution.set_weights([edge.reshape(3, 3, 1, 1), np.zeros(1)])
print("the same numbers:", np.allclose(by_hand, convolution(batch[:1])[0, :, :, 0]))

# %% [markdown]
# ## Pooling keeps the largest (4 minutes)
#
# **Max pooling** also has a window, but no weights: it keeps the largest number in it. The windows lie side by side, so
# the next one begins where the last one ended.

# %%
lesson.predict("max pooling with windows of 2 x 2 on the 6 x 6 feature map: which shape comes out?")
pooled = [[by_hand[row : row + 2, column : column + 2].max() for column in (0, 2, 4)] for row in (0, 2, 4)]
lesson.compare(np.shape(pooled))
print("the same numbers:", np.allclose(pooled, layers.MaxPooling2D(2)(by_hand.reshape(1, 6, 6, 1))[0, :, :, 0]))

# %% [markdown]
# ## From numbers to chances (5 minutes)
#
# To choose between several answers, its **classes**, a last layer has one unit for each. **Softmax** makes their sums,
# the *scores*, into **probabilities**: e (about 2.718) to the power of each score, divided by the total. None is negative
# and together they are 1.

# %%
scores = np.array([[2.0, 1.0, -1.0]])
probabilities = np.exp(scores) / np.exp(scores).sum()
print(np.round(probabilities, 3), "total:", round(probabilities.sum(), 3))
print("the same numbers:", np.allclose(probabilities, layers.Softmax()(scores)))

# %% [markdown]
# The right class of a picture is its **label**. The **loss** says how bad an answer was: minus the logarithm (to
# base e) of the probability that the label got. Sure and right costs almost nothing, sure and wrong a lot.

# %%
for probability in (0.99, 0.5, 0.01):
    print("probability of the label:", probability, "loss:", round(-np.log(probability), 2))

# %% [markdown]
# ## Learning: one step downhill (5 minutes)
#
# To **train** is to change the weights until the loss is small. One unit without bias reads 2 and should answer 6.
# Its loss here is the square of its error. Nudge the weight a little, and divide the change of the loss by the nudge:
# that is the slope, called **gradient**. Then step the other way. The **learning rate** says how far.


# %%
def loss(weight):
    return (2 * weight - 6) ** 2


weight = 1.0
gradient = (loss(weight + 0.001) - loss(weight)) / 0.001
lesson.predict("the weight is 1, the loss 16. Must the weight become larger or smaller? Guess the new weight.")
weight = weight - 0.1 * gradient
lesson.compare(round(weight, 2))
print("loss before:", loss(1.0), "after:", round(loss(weight), 2))

# %% [markdown]
# That is **gradient descent**. Training repeats it for all weights, thousands of times.
#
# ## Exercises (9 minutes)
#
# Replace `None` by your answer, run the cell, then run the check under it.
#
# **1.** A unit has the weights 2, -1 and 0.5 and the bias 1. It reads 3, 4 and 2. What is its sum?

# %% tags=["exercise"]
answer_1 = None

# %%
unit = layers.Dense(1)
unit(np.zeros((1, 3)))
unit.set_weights([np.array([[2], [-1], [0.5]]), np.ones(1)])
lesson.check(answer_1, unit(np.array([[3, 4, 2]]))[0, 0])

# %% [markdown]
# **2.** A window of 5 x 5 walks over the digit. What shape has its feature map? Write `(rows, columns)`.

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, layers.Conv2D(1, 5)(batch[:1])[0, :, :, 0].shape)

# %% [markdown]
# **3.** Which number does the edge filter give with its window on rows 2, 3, 4 and columns 4, 5, 6, counted from 0?
# Compute it from the digit.

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, by_hand[2, 4])

# %% [markdown]
# **4.** Apply relu to the three sums -7, 0 and 4. Write a list.

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, layers.ReLU()(np.array([-7.0, 0.0, 4.0])).tolist())

# %% [markdown]
# **5.** Take the step from weight 1 again with a learning rate of 0.05. Which weight do you get, to two digits
# after the point?

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, round(1.0 - 0.05 * gradient, 2))

# %% [markdown]
# ## Before you leave
#
# 1. What does a unit do with the numbers that it reads?
# 2. Why does a window of 3 stop at 6 places on 8 rows?
# 3. Which way does gradient descent move a weight, and how far?
#
# Next: [01_the_sequential_model](01_the_sequential_model.ipynb)
