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
# 3 x 2 + 4 x (-1) + 2 x 0.5 = 3, and the bias adds 1.

# %%
answer_1 = 3 * 2 + 4 * -1 + 2 * 0.5 + 1

# %% [markdown]
# The window's first row can be 0, 1, 2 or 3: 8 - 5 + 1 = 4.

# %%
answer_2 = (4, 4)

# %% [markdown]
# The right column of the window minus the left one: (8 + 8 + 8) - (0 + 0 + 0).

# %%
answer_3 = (8 + 8 + 8) - (0 + 0 + 0)

# %% [markdown]
# Only the negative number changes.

# %%
answer_4 = [0, 0, 4]

# %% [markdown]
# The gradient is about -16, so the weight grows by 0.05 x 16 = 0.8: half as far as before.

# %%
answer_5 = 1 - 0.05 * -16
