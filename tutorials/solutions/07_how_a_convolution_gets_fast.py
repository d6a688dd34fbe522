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
# 20 - 5 + 1 = 16 stops on each axis, 8 filters at each, 5 x 5 x 3 products for each: 153600.

# %%
answer_1 = 16 * 16 * 8 * 5 * 5 * 3

# %% [markdown]
# 28 / 4 = 7, so 7 x 7 tiles of 36 multiplications: a quarter of the definition's.

# %%
answer_2 = (28 * 28 * 9, 7 * 7 * 36)

# %% [markdown]
# The 80 % become 20 %, the other 20 % stay: 100 % becomes 40 %. The rest of a program soon counts most.

# %%
answer_3 = 1 / (0.2 + 0.2)

# %% [markdown]
# Memory brings 10 thousand million bytes, with 2 MACs for each: 20. The peak of 50 is out of reach.

# %%
answer_4 = 20

# %% [markdown]
# Three passes, each with one weight: as in the NumPy program.

# %%
numbers, weights = np.array([4, 0, 2, 7, 1, 1, 3, 5, 9, 6]), [1, -2, 1]
answer_5 = numbers[0:8] * weights[0] + numbers[1:9] * weights[1] + numbers[2:10] * weights[2]
