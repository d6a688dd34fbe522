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
# Only the new layer: 128 weights for each of 7 units, and 7 biases. The base may be as large as it likes.

# %%
answer_1 = 128 * 7 + 7

# %% [markdown]
# The means are 0.8 and 0.725.

# %%
first, second = [0.8, 0.7, 0.9, 0.8], [0.7, 0.75, 0.8, 0.65]
answer_2 = 0.8 - 0.725

# %% [markdown]
# In the second: 0.7 against 0.75. Whoever had run only that one would say the opposite.

# %%
answer_3 = 1

# %% [markdown]
# Without one you do not know which of your changes did it.

# %%
answer_4 = "control"

# %% [markdown]
# The base gives 3 x 3 x 128 = 1152 numbers, so 1152 x 4 + 4 parameters can change.

# %%
base = DigitNet(weights="mnist", include_top=False)
base.trainable = False
answer_5 = keras.Sequential([base, layers.Flatten(), layers.Dense(4, activation="softmax")])
