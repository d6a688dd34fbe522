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
# The lowest is 0.46, the fourth.

# %%
watched = [1.9, 0.8, 0.5, 0.46, 0.52, 0.61]
answer_1 = 4

# %% [markdown]
# It has learnt its examples by heart.

# %%
answer_2 = "overfitting"

# %% [markdown]
# 348 of 382 are right.

# %%
answer_3 = 348 / 382

# %% [markdown]
# Columns 0 and 2 hold only zeros.

# %%
outputs = np.array([[0, 2, 0, 0, 1], [0, 0, 0, 3, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 4]])
answer_4 = 2

# %% [markdown]
# Minus the logarithm of 0.1.

# %%
answer_5 = -np.log(0.1)
