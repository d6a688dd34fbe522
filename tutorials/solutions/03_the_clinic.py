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
# 36 -> 34 -> 17 -> 15 -> 13 -> 6 -> 4: without that pooling the last window fits.

# %%
answer_1 = 4

# %% [markdown]
# Flatten makes one row of 6 x 6 x 16 numbers; then Dense answers once a picture.

# %%
answer_2 = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)

# %% [markdown]
# Without *sparse* the output has the shape of the labels.

# %%
labels = np.eye(3)[y_train[:25] % 3]
answer_3 = (25, 3)

# %% [markdown]
# One unit, two classes: sigmoid. Softmax on one unit would always say 1.

# %%
answer_4 = "sigmoid"

# %% [markdown]
# `np.argwhere` lists where something is true, row first.

# %%
readings = np.random.default_rng(7).random((40, 64))
readings = np.where(readings > 0.9985, np.nan, readings)
answer_5 = np.argwhere(np.isnan(readings))[0, 0]
