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
# floor((64 - 5) / 2) + 1 = floor(29.5) + 1.

# %%
answer_1 = 29 + 1

# %% [markdown]
# floor((30 - 4) / 4) + 1 = floor(6.5) + 1.

# %%
answer_2 = 6 + 1

# %% [markdown]
# The convolution before has 6 filters, so 6 channels come in: 3 x 3 x 6 x 12 weights and 12 biases.

# %%
answer_3 = 3 * 3 * 6 * 12 + 12

# %% [markdown]
# ceil(9 / 2) = 5 stops end at (5 - 1) x 2 + 5 = 13, and 13 - 9 = 4.

# %%
answer_4 = (5 - 1) * 2 + 5 - 9

# %% [markdown]
# Rows and columns stay open, so a global pooling must come before the dense layer.

# %%
answer_5 = keras.Sequential(
    [
        keras.Input(shape=(None, None, 3)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(4),
    ]
)
