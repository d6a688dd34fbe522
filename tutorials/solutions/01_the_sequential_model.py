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
# 6 x 5 + 5 = 35, then 5 x 2 + 2 = 12.

# %%
answer_1 = 35 + 12

# %% [markdown]
# Two a layer: the weights and the biases.

# %%
answer_2 = 4

# %% [markdown]
# The rows stay, the last layer has 2 units.

# %%
answer_3 = (10, 2)

# %% [markdown]
# The model began with an Input, so the number of rows is open.

# %%
answer_4 = (None, 2)

# %% [markdown]
# With u units: 8u + u + 3u + 3 = 63, so 12u = 60.

# %%
answer_5 = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(5), layers.Dense(3)])
