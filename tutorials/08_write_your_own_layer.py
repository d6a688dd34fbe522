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
# # 8. Write your own layer
#
# हिन्दी में: [08_write_your_own_layer_hi](08_write_your_own_layer_hi.ipynb)
#
# **What you'll do:** write a layer that Keras does not have, from its shape to its gradients, and find a fault in it.
#
# **What you'll learn:** which four parts a layer has, how gradients go back through it, how to check them.
#
# **What you need:** lessons 0 to [5](05_training.ipynb), the folder `own_layer` beside this lesson, `class` of Python, and this
# project, installed in its folder with `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** four parts 9, in a model 5, gradients 8, a wrong one 5, what it can learn 5, shapecheck 4, exercises 9.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## Four parts (9 minutes)
#
# Our layer is a **gate**. It reads 2n numbers and gives n: the first half times the second half, each product times a
# weight. One half opens or closes the way of the other. (Shazeer 2020, "GLU variants improve transformer", uses it inside
# language models.) Its four parts:
#
# - `compute_output_shape`: which shape comes out, and which input it refuses.
# - `build`: which weights it has, once the shape is known.
# - **Forward**: the output, from the input.
# - **Backward**: the gradients, from the gradient of the output. More on it below.
#
# `ctx` (context) is what tinyseq passes to both: the weights, the input, and the place where the gradient of a weight is added. `x[..., :half]`
# is the first half of the last axis, however many axes are before it.


# %%
class Gate(layers.Layer):
    """(..., 2 x n) -> (..., n): the first half times the second half, times a learnt factor for each of the n."""

    def compute_output_shape(self, input_shape):
        if input_shape[-1] % 2 == 1:
            raise ValueError("Gate needs an even number of features, not " + str(input_shape[-1]))
        return (*input_shape[:-1], input_shape[-1] // 2)

    def build(self, input_shape):
        self.add_weight(name="factor", shape=(input_shape[-1] // 2,), initializer="ones")

    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] * x[..., half:]

    def backward(self, ctx, gradient):
        half = gradient.shape[-1]
        first, second = ctx.inputs[0][..., :half], ctx.inputs[0][..., half:]
        if ctx.gradient("factor") is not None:  # None: the layer is frozen
            ctx.gradient("factor")[:] += (gradient * first * second).reshape(-1, half).sum(axis=0)
        slope = gradient * ctx.weight("factor")
        return np.concatenate([slope * second, slope * first], axis=-1)


lesson.predict("a row of 1, 2, 3, 5; both factors are 1 at first. What comes out?")
lesson.compare(Gate()(np.array([[1.0, 2.0, 3.0, 5.0]]))[0].tolist())

# %% [markdown]
# ## In a model (5 minutes)
#
# To a model it is a layer like any other: summary, `fit`, freezing and saving work.

# %%
model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(32), Gate(), layers.Dense(10)])
lesson.predict("Gate behind Dense(32): which shape comes out, and how many parameters does it have?")
model.summary()
lesson.show(plotting.shape_flow(model, language=lesson.language))

# %% [markdown]
# ## Gradients (8 minutes)
#
# A gradient is a slope: how much does the loss change, if a number grows a little (lesson 0)? `gradient` says that for each output. To get it
# for the inputs, ask how much the *output* changes. One product, y = factor x first x second:

# %%
factor, first, second = 2.0, 3.0, 5.0
lesson.predict("y = 2 x 3 x 5 = 30. First grows by 0.001. By how much does y grow?")
lesson.compare(round(factor * (first + 0.001) * second - factor * first * second, 4))

# %% [markdown]
# By 0.001 x factor x second. So the slope of y with respect to first is factor x second, and to get the loss's slope we multiply by
# `gradient`. Likewise second: factor x first. And factor: first x second, but added up over all rows, because all rows use the same
# factor. Read `backward` again: it is these three lines.
#
# `check_gradients` takes no one's word. It nudges inputs and weights, looks how the output changes (the *differences*), and compares:

# %%
sample = np.random.default_rng(2).normal(size=(5, 4))
lesson.predict("Gate has one input and one weight. How many gradients are compared?")
compared = keras.Sequential([keras.Input(shape=(4,)), Gate()]).check_gradients(sample)
lesson.compare(len(compared))
for one in compared:
    print(one.layer, one.what, "- they agree:", np.allclose(one.backward, one.difference, rtol=0.01))

# %% [markdown]
# ## A wrong one (5 minutes)
#
# A fault that is easily made: the two halves change places.


# %%
class Swapped(Gate):
    def backward(self, ctx, gradient):
        right = Gate.backward(self, ctx, gradient)
        half = gradient.shape[-1]
        return np.concatenate([right[..., half:], right[..., :half]], axis=-1)


lesson.predict("all shapes are right, so fit raises nothing. Which gradient does check_gradients name: input or factor?")
try:
    keras.Sequential([keras.Input(shape=(4,)), Swapped()]).check_gradients(sample)
except ValueError as error:
    print(error)

# %% [markdown]
# Layer, place and both numbers. Check every backward that you write.
#
# ## What it can learn (5 minutes)
#
# Two numbers between -1 and 1: have they the same sign? That is, is their product above 0? Dense layers alone only weigh and add.


# %%
def accuracy(middle):
    model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(8), *middle, layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.03), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x[:800], same[:800], epochs=20, verbose=0)
    return model, model.evaluate(x[800:], same[800:], verbose=0)[1]


x = np.random.default_rng(1).uniform(-1, 1, size=(1000, 2))
same = np.where(x[:, 0] * x[:, 1] > 0, 1, 0)
lesson.predict("half of the pairs have the same sign. What accuracy do you expect without Gate, with Swapped, with Gate?")
lesson.measured("without Gate", accuracy([])[1], 0.35, 0.55)
lesson.measured("with Swapped", accuracy([Swapped()])[1], 0.7, 1.0)
model, share = accuracy([Gate()])
lesson.measured("with Gate", share, 0.94, 1.0)

# %% [markdown]
# Swapped learns something: with some seeds it is nearly as good as Gate, with others it stays at 78 %. That is what makes a wrong
# gradient hard to see: nothing fails. Below, a square of all pairs; black is probability 1 for "same sign". On the left the truth:

# %%
grid = np.linspace(-1, 1, 21)
pairs = np.array([[a, b] for b in grid for a in grid])
tables = [np.where(pairs[:, 0] * pairs[:, 1] > 0, 1, 0).reshape(21, 21), model.predict(pairs, verbose=0).reshape(21, 21)]
lesson.show(plotting.pictures(tables, ["truth", "with Gate"], language=lesson.language))

# %% [markdown]
# ## shapecheck knows it (4 minutes)
#
# `own_layer/gate_at_the_end.py` has the same class, and a stack for the digits 0 to 9: Dense(32), Gate, Dense(10), Gate, softmax.

# %%
lesson.predict("what comes out at the end, and does it fit the labels?")
lesson.report("own_layer/gate_at_the_end.py")

# %% [markdown]
# **SC313.** shapecheck read `compute_output_shape` and `build`, without running them: the table has shape and parameters of
# both Gates, proved. (It does not count MACs in your `forward`: "?".) The second Gate makes 5 of 10. Its help names this Gate:
# how it comes to 10 you find out in exercise 4.
#
# ## Exercises (9 minutes)
#
# **1.** Which shape comes out of Gate for an input of (None, 12, 12, 10)?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, Gate().compute_output_shape((None, 12, 12, 10)))

# %% [markdown]
# **2.** How many parameters has a Gate behind `Conv2D(24, 3)`?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, keras.Sequential([keras.Input(shape=(9, 9, 1)), layers.Conv2D(24, 3), Gate()]).layers[-1].count_params())

# %% [markdown]
# **3.** y = 4 x 2 x 3, and the gradient of y is 5. Which gradients have first (2), second (3) and the factor (4)? Write three numbers.

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, (5 * 4 * 3, 5 * 4 * 2, 5 * 2 * 3))

# %% [markdown]
# **4.** How many units must the second Dense of `gate_at_the_end.py` have, so that the labels fit?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, 2 * 10)

# %% [markdown]
# **5.** `Mix` adds: factor x first + second. Write its backward in place of Gate's, then answer `Mix`, without brackets.

# %% tags=["exercise"]
class Mix(Gate):
    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] + x[..., half:]


answer_5 = None

# %%
lesson.check_layer(answer_5, (4,))

# %% [markdown]
# ## Before you leave
#
# 1. Which four parts does a layer have?
# 2. Why is the gradient of the factor added up over all rows?
# 3. A wrong gradient raises nothing. How do you find it?
