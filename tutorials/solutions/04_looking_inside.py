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
# From the same inputs to the output of the last layer.

# %%
answer_1 = keras.Model(inputs=initial_model.inputs, outputs=initial_model.layers[-1].output)

# %% [markdown]
# 250 -> 123 -> 121 -> 119, 32 filters, and two pictures in the batch.

# %%
answer_2 = (2, 119, 119, 32)

# %% [markdown]
# The smallest weight of each filter, and of these the smallest.

# %%
answer_3 = before.min(axis=(0, 1, 2)).argmin()

# %% [markdown]
# 8 - 4 + 1 = 5 places for the rows, 5 for the columns.

# %%
answer_4 = 5 * 5

# %% [markdown]
# The largest number of each of the four blocks.

# %%
answer_5 = [[5, 7], [9, 6]]
