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
# # 7. How a convolution gets fast
#
# हिन्दी में: [07_how_a_convolution_gets_fast_hi](07_how_a_convolution_gets_fast_hi.ipynb)
#
# **What you'll do:** race six programs that compute the same convolution, and guess each factor before the clock tells it.
#
# **What you'll learn:** what makes a program fast, how Winograd saves multiplications, what limits your machine.
#
# **What you need:** lessons 0 to [2](02_add_and_summary.ipynb), and this project, installed in its folder with
# `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** the task 4, Python 4, NumPy 5, compiled 7, Winograd 7, the roof 9, exercises 9.

# %%
import numpy as np
from numba import njit

from tinyseq import layers, plotting
from tinyseq.classroom import Lesson, ladder, roofline

lesson = Lesson("en")

# %% [markdown]
# ## The task (4 minutes)
#
# One layer: windows of 3 x 3, 32 filters, 58 x 58 pixels of 32 channels. A MAC is one multiplication with its addition. The numbers are
# `float32`: each takes 4 **bytes** of memory.

# %%
random = np.random.default_rng(1)
x, w = random.random((58, 58, 32), dtype=np.float32), random.random((3, 3, 32, 32), dtype=np.float32)
y = np.zeros((56, 56, 32), dtype=np.float32)
layer = layers.Conv2D(32, 3)
layer(x.reshape(1, 58, 58, 32))
layer.set_weights([w, np.zeros(32)])
expected = layer(x.reshape(1, 58, 58, 32))[0]
lesson.predict("56 x 56 x 32 outputs, each adds up 3 x 3 x 32 products. How many million MACs, roughly?")
macs = y.size * 288
lesson.compare(round(macs / 1000000, 1))

# %% [markdown]
# ## Python (4 minutes)
#
# The definition: for every row, column and filter, add up 288 products. Python is so slow that it does only a corner of 4 x 4.
# The clock counts **GMAC/s**: thousand million MACs in a second.


# %%
def loops(x, w, y):
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            for f in range(y.shape[2]):
                total = np.float32(0)
                for i in range(3):
                    for j in range(3):
                        for c in range(x.shape[2]):
                            total = total + x[row + i, column + j, c] * w[i, j, c, f]
                y[row, column, f] = total


lesson.predict("how many million MACs does Python do in a second?")
paces = {"Python": roofline.pace(16 * 32 * 288, loops, x[:6, :6], w, y[:4, :4])}
lesson.clocked("Python", paces["Python"] * 1000, "million MACs in a second")
print("the same numbers:", np.allclose(y[:4, :4], expected[:4, :4]))


def race(name, program, before):
    y[:] = 0
    paces[name] = roofline.pace(macs, program, x, w, y)
    lesson.clocked(name + " against " + before, paces[name] / paces[before], "times")
    print("the same numbers:", np.allclose(y, expected, atol=0.001))


# %% [markdown]
# Nearly all of that time goes into looking up names and places, not into multiplying.
#
# ## NumPy (5 minutes)
#
# One line of NumPy makes many MACs. `x[i : i + 56, j : j + 56, c : c + 1]` is channel c of the picture, moved by i rows and j columns;
# `w[i, j, c]` are 32 weights, one for each filter. Multiplied, every pixel meets every filter. So 288 times we walk through all of `y`.


# %%
def passes(x, w, y):
    y[:] = 0
    for i in range(3):
        for j in range(3):
            for c in range(32):
                y[:] = y + x[i : i + 56, j : j + 56, c : c + 1] * w[i, j, c]


lesson.predict("how many times as fast as Python?")
race("NumPy", passes, "Python")

# %% [markdown]
# ## Compiled (7 minutes)
#
# A **compiler** turns a function into commands of the processor, once. Numba is one: `njit(loops)` are our six loops,
# unchanged. (The clock leaves out the first call, which compiles.)

# %%
lesson.predict("the six loops, compiled: how many times as fast as NumPy? Less than 1 means slower")
race("compiled", njit(loops), "NumPy")

# %% [markdown]
# Compiled is not yet fast. The innermost loop runs over c; there the weights lie 32 numbers apart in memory, and each
# addition waits for the one before. Let the innermost loop run over f: neighbours meet neighbours, and no sum waits for another. Now a **vector**
# instruction can do 4, 8 or 16 neighbours at once. The whole function is `reordered` in `tinyseq/classroom/ladder.py`; its heart:
#
# ```python
# for c in range(32):
#     pixel = x[row + i, column + j, c]
#     for f in range(32):
#         y[row, column, f] += pixel * w[i, j, c, f]
# ```

# %%
lesson.predict("the same products, another order: how many times as fast as before?")
race("f innermost", ladder.reordered, "compiled")

# %% [markdown]
# But every sum is still stored and loaded again, 288 times. tinyseq's kernel takes a few pixels and filters at a time, whose
# sums stay in **registers**, the few places inside the processor, until they are done. That is our fifth program, the *tile*.
#
# ## Winograd: fewer multiplications (7 minutes)
#
# The last program multiplies less. A row of four numbers d, a window of three weights g: two outputs, 2 x 3 multiplications.
# **Winograd's method** (1980; in networks since Lavin and Gray, 2015) needs fewer:

# %%
d, g = [1.0, 2.0, 4.0, 3.0], [0.5, -1.0, 2.0]
lesson.predict("Sums of several d, or of several g, need no multiplication. In how many places below is a d multiplied by a g?")
first = (d[0] - d[2]) * g[0]
second = (d[1] + d[2]) * ((g[0] + g[1] + g[2]) / 2)
third = (d[2] - d[1]) * ((g[0] - g[1] + g[2]) / 2)
fourth = (d[1] - d[3]) * g[2]
lesson.compare(len([first, second, third, fourth]))
by_definition = [sum(d[k + i] * g[i] for i in range(3)) for k in range(2)]
print("Winograd:", [first + second + third, second - third - fourth], "definition:", by_definition)

# %% [markdown]
# Multiply out first + second + third: what the definition does not have cancels. What is done to g alone is done once for all pictures. In rows *and* columns: 2 x 2 outputs take 4 x 9 = 36 multiplications by
# definition, and 4 x 4 = 16 here. tinyseq makes 4 x 4 outputs at once: 6 x 6 = 36 instead of 16 x 9 = 144. The price: more additions.

# %%
lesson.predict("which of the six will be fastest, and how many times as fast as Python?")
race("tile", ladder.Tiled(w, ladder.geometry(x, w)), "f innermost")
race("Winograd", ladder.Winograd(w, ladder.geometry(x, w)), "tile")
lesson.show(plotting.race(paces, "the same convolution, six programs", language=lesson.language))

# %% [markdown]
# Why the same numbers? All add up the same products, in another order, or put together in another way. A float32 keeps about seven digits,
# so each order rounds a little differently: `allclose`, not `==`.
#
# ## The roof (9 minutes)
#
# How fast can it get? Two things limit a program: how many MACs the processor can make, its **peak**, and how many bytes memory
# delivers, its **bandwidth** (GB/s: thousand million bytes in a second). Divide a program's MACs by the bytes that it must read or write. Few MACs
# for each byte: it waits for memory. Many: for the processor. This drawing is the **roofline**.

# %%
peak, bandwidth = roofline.peak(), roofline.bandwidth()
lesson.clocked("peak", peak, "GMAC/s")
lesson.clocked("bandwidth", bandwidth, "GB/s")
lesson.predict("x, w and y are read or written once. How many MACs are that for each byte, roughly?")
each = macs / (x.nbytes + w.nbytes + y.nbytes)
lesson.compare(round(each))
picture = np.ones((4000, 4000), dtype=np.float32)
points = {"sum of two pictures": (1 / 12, roofline.pace(picture.size, np.add, picture, picture + 1, picture + 2))}
for name in paces:
    points[name] = (each, paces[name])
lesson.predict("two pictures are added: 12 bytes for one addition. Where will that point be? And can a point lie above the roof?")
lesson.show(plotting.roofline(points, peak, bandwidth, language=lesson.language))

# %% [markdown]
# The sum of two pictures is under the slope: a better processor would not help it, only faster memory, or more work done with each byte.
# Winograd may even lie above the roof: we count the MACs of the definition, and it makes a quarter of their multiplications.
#
# ## Exercises (9 minutes)
#
# **1.** How many MACs has `Conv2D(8, 5)` on 20 x 20 pixels of 3 channels?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, 16 * 16 * 8 * 5 * 5 * 3)

# %% [markdown]
# **2.** 28 x 28 outputs, windows of 3 x 3, one channel, one filter. How many multiplications by definition, and with tiles of 4 x 4
# outputs by Winograd? Write `(definition, Winograd)`.

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, (28 * 28 * 9, 7 * 7 * 36))

# %% [markdown]
# **3.** A program spends 80 % of its time in convolutions. They become 4 times as fast. How many times as fast is the program?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, 1 / (0.2 + 0.8 / 4))

# %% [markdown]
# **4.** Peak 50 GMAC/s, bandwidth 10 GB/s. A program makes 2 MACs for each byte. How many GMAC/s can it reach?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, min(50, 2 * 10))

# %% [markdown]
# **5.** A window of 3 walks over `numbers`. Compute its 8 outputs with NumPy, in three passes.

# %% tags=["exercise"]
numbers, weights = np.array([4, 0, 2, 7, 1, 1, 3, 5, 9, 6]), [1, -2, 1]
answer_5 = None

# %%
lesson.check(answer_5, np.array([sum(numbers[k + i] * weights[i] for i in range(3)) for k in range(8)]))

# %% [markdown]
# ## Before you leave
#
# 1. Why does the order of loops matter, when the products are the same?
# 2. What does Winograd's method save, and what does it cost?
# 3. A program lies on the slope of the roof. Does a processor with twice the peak help?
#
# Next: [08_write_your_own_layer](08_write_your_own_layer.ipynb)
